import { setTimeout as pause } from 'node:timers/promises';
import type { Business, Evidence } from './business.ts';
import { readJournal, told, wishes, type Account } from './journal.ts';
import type { Native } from './native.ts';
import { statusWord } from '#adapters/bus/status-word.ts';

export interface Report {
  asked: number;
  accepted: number;
  /** Share of the orders that were accepted at the first call, of those that the business did not refuse. */
  atOnce: number;
  /** Milliseconds of the first calls that were accepted. */
  p50: number;
  p99: number;
  /** Orders by their last state. */
  states: Record<string, number>;
  /** Why calls had to be made again, and what was refused. */
  troubles: Record<string, number>;
  settledSeconds: number;
  /** What does not hold, by the invariant. Empty when all is well. */
  violations: Record<string, string[]>;
}

/** What has not come to rest after that long hangs. */
const restWithinMs = 60_000;

/** Waits until everything rests, then looks at everything. */
export async function check<Seen extends Evidence>(
  place: Native,
  business: Business<Seen>,
  journal: string,
): Promise<{ report: Report; snapshot: Seen }> {
  const accounts = readJournal(journal);
  const began = performance.now();
  let restless = await unsettled(place, business, accounts);
  while (restless.length && performance.now() - began < restWithinMs) {
    await pause(500);
    restless = await unsettled(place, business, accounts);
  }
  const settledSeconds = (performance.now() - began) / 1_000;
  const snapshot = await business.look(place, accounts);
  return {
    snapshot,
    report: { ...tally(snapshot), settledSeconds, violations: violationsIn(business, snapshot, restless) },
  };
}

function violationsIn<Seen extends Evidence>(
  { invariants }: Business<Seen>,
  snapshot: Seen,
  restless: readonly string[],
): Record<string, string[]> {
  const found = {
    ...Object.fromEntries(Object.entries(invariants).map(([name, look]) => [name, look(snapshot)])),
    '6 all come to rest': [...restless],
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, all]) =>
      all.length ? [[name, all.length > 10 ? [...all.slice(0, 10), `… ${all.length} in all`] : all]] : [],
    ),
  );
}

type Resting = Pick<Business<Evidence>, 'core' | 'unsettled'>;

/** All that still has to happen, in words. */
async function unsettled(place: Native, business: Resting, journal: readonly Account[]): Promise<string[]> {
  const found = async (service: string, sql: string, ...values: unknown[]): Promise<string[]> =>
    (await place.rows<{ what: string }>(service, sql, ...values)).map(({ what }) => `${service}: ${what}`);
  const { service, table, resting } = business.core;
  const [moving, shown, ...platform] = await Promise.all([
    found(
      service,
      `select id || ' is ' || status what from ${table} where id = any($1::uuid[]) and status <> all($2)`,
      told(journal),
      resting,
    ),
    behind(place, business, told(journal)),
    ...place.services.flatMap((each) => [
      found(
        each,
        "select count(*) || ' messages to be sent' what from outbox where published_at is null having count(*) > 0",
      ),
      found(each, "select message_id || ' to be tried again: ' || last_error what from retry"),
      found(
        each,
        `select name || ' of ' || aggregate_id || ' is overdue' what from timer where due_at < now() - interval '2 seconds'`,
      ),
    ]),
  ]);
  const quicklySeen = [...moving, ...shown, ...platform.flat()];
  return quicklySeen.length ? quicklySeen : business.unsettled(place, journal);
}

/** Orders whose read model has not heard the last word yet. */
async function behind(place: Native, { core }: Resting, ids: readonly string[]): Promise<string[]> {
  const statusOf = async (service: string, sql: string): Promise<Map<string, string>> =>
    new Map(
      (await place.rows<{ id: string; status: string }>(service, sql, ids)).map(({ id, status }) => [
        id,
        statusWord(status),
      ]),
    );
  const said = await statusOf(core.service, `select id::text, status from ${core.table} where id = any($1::uuid[])`);
  const views = await statusOf(
    'views',
    `select id::text, coalesce(state #>> '{head,status}', '') status from order_view where id = any($1::uuid[])`,
  );
  return [...said].flatMap(([id, status]) =>
    views.get(id) === status ? [] : [`views: ${id} is shown as ${views.get(id)}, not ${status}`],
  );
}

function tally({ journal, orders }: Evidence): Omit<Report, 'settledSeconds' | 'violations'> {
  const wished = wishes(journal);
  const accepted = told(journal);
  const first = wished
    .flatMap(({ outcomes: [outcome] }) => (outcome?.outcome.is === 'accepted' ? [outcome.ms] : []))
    .sort((a, b) => a - b);
  const at = (share: number): number => first[Math.min(first.length - 1, Math.floor(share * first.length))] ?? 0;
  return {
    asked: wished.length,
    accepted: accepted.length,
    atOnce:
      first.length / Math.max(1, wished.filter(({ outcomes: [outcome] }) => outcome?.outcome.is !== 'refused').length),
    ...{ p50: at(0.5), p99: at(0.99) },
    states: counted(accepted.map((id) => orders.get(id)?.status ?? 'lost')),
    troubles: counted(journal.flatMap(whatWentWrong)),
  };
}

const whatWentWrong = ({ intent, outcomes }: Account): string[] =>
  outcomes.flatMap(({ outcome }) =>
    outcome.is === 'accepted' ? [] : [`${intent.what} ${outcome.is}: ${outcome.why}`],
  );

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a));
}

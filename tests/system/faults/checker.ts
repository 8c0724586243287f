import { setTimeout as pause } from 'node:timers/promises';
import { invariants, told } from './invariants.ts';
import { readJournal, type Account } from './journal.ts';
import type { Native } from './native.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';

export interface Report {
  asked: number;
  accepted: number;
  /** Share of the reservations that were accepted at the first call. */
  atOnce: number;
  /** Milliseconds of the first calls that were accepted. */
  p50: number;
  p99: number;
  /** Reservations by their last state. */
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
export async function check(place: Native, journal: string): Promise<{ report: Report; snapshot: Snapshot }> {
  const ids = told({ journal: readJournal(journal) });
  const began = performance.now();
  let restless = await unsettled(place, ids);
  while (restless.length && performance.now() - began < restWithinMs) {
    await pause(500);
    restless = await unsettled(place, ids);
  }
  const settledSeconds = (performance.now() - began) / 1_000;
  const snapshot = await takeSnapshot(place, journal);
  return { snapshot, report: { ...tally(snapshot), settledSeconds, violations: violationsIn(snapshot, restless) } };
}

export function violationsIn(snapshot: Snapshot, restless: readonly string[] = []): Record<string, string[]> {
  const found = { ...Object.fromEntries(Object.entries(invariants).map(([name, look]) => [name, look(snapshot)])), '6 all come to rest': [...restless] };
  return Object.fromEntries(Object.entries(found).flatMap(([name, all]) => (all.length ? [[name, all.length > 10 ? [...all.slice(0, 10), `… ${all.length} in all`] : all]] : [])));
}

const resting = `('paid', 'completed', 'rejected', 'payment-failed', 'cancelled')`;

/** All that still has to happen, in words. */
async function unsettled(place: Native, ids: readonly string[]): Promise<string[]> {
  const found = async (service: string, sql: string, ...values: unknown[]): Promise<string[]> =>
    (await place.rows<{ what: string }>(service, sql, ...values)).map(({ what }) => `${service}: ${what}`);
  const [core, money, shown, ...platform] = await Promise.all([
    found('lodging', `select id || ' is ' || status what from reservation where id = any($1::uuid[]) and status not in ${resting}`, ids),
    found('payment', `select id || ' is ' || status what from payment where status in ('pending', 'refunding')`),
    behind(place, ids),
    ...place.services.flatMap((service) => [
      found(service, 'select count(*) || \' messages to be sent\' what from outbox where published_at is null having count(*) > 0'),
      found(service, 'select message_id || \' to be tried again: \' || last_error what from retry'),
      found(service, `select name || ' of ' || aggregate_id || ' is overdue' what from timer where due_at < now() - interval '2 seconds'`),
    ]),
  ]);
  return [...core, ...money, ...shown, ...platform.flat()];
}

/** Orders whose read model has not heard the last word yet. */
async function behind(place: Native, ids: readonly string[]): Promise<string[]> {
  const statusOf = async (service: string, sql: string): Promise<Map<string, string>> =>
    new Map((await place.rows<{ id: string; status: string }>(service, sql, ids)).map(({ id, status }) => [id, status.toUpperCase().replaceAll('-', '_')]));
  const core = await statusOf('lodging', 'select id::text, status from reservation where id = any($1::uuid[])');
  const views = await statusOf('views', `select id::text, coalesce(state #>> '{head,status}', '') status from order_view where id = any($1::uuid[])`);
  return [...core].flatMap(([id, status]) => (views.get(id) === status ? [] : [`views: ${id} is shown as ${views.get(id)}, not ${status}`]));
}

function tally({ journal, reservations }: Snapshot): Omit<Report, 'settledSeconds' | 'violations'> {
  const reserved = journal.filter(({ intent }) => intent.what === 'reserve');
  const accepted = told({ journal });
  const first = reserved.flatMap(({ outcomes: [outcome] }) => (outcome?.outcome.is === 'accepted' ? [outcome.ms] : [])).sort((a, b) => a - b);
  const at = (share: number): number => first[Math.min(first.length - 1, Math.floor(share * first.length))] ?? 0;
  return {
    asked: reserved.length,
    accepted: accepted.length,
    atOnce: first.length / Math.max(1, reserved.length),
    ...{ p50: at(0.5), p99: at(0.99) },
    states: counted(accepted.map((id) => reservations.get(id)?.state.status ?? 'lost')),
    troubles: counted(journal.flatMap(whatWentWrong)),
  };
}

const whatWentWrong = ({ intent, outcomes }: Account): string[] =>
  outcomes.flatMap(({ outcome }) => (outcome.is === 'accepted' ? [] : [`${intent.what} ${outcome.is}: ${outcome.why}`]));

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a));
}

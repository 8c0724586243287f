import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Bus } from '#adapters/bus/bus.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import type { Clock } from '#adapters/clock/clock.ts';
import { outOfScope } from '#adapters/scope/scope.ts';
import { tryLock, withTimeout, isConnectionTrouble, isLocked, unlock } from './database.ts';
import { loop } from './loop.ts';
import { columns, stored, type OutboxRow } from './outbox.ts';
import type { ProcessLock, Session } from './process-lock.ts';
import { retellNext, retellRestMs } from './retell.ts';
import type { PreparedPool } from './sessions.ts';

/** Messages that are sent together at most. */
const batchSize = 500;
/** The truth is a poll, for what nobody has sent who wrote it. */
const pollMs = 1_000;
/** So long is a message left to who wrote it, longer than a broker may take to confirm; then the relay sends it. */
const ownSeconds = 5;
/** A message that was not taken (no queue for it, no confirm) rests this long, so that it does not stand before the others. */
const restSeconds = 2;
/** Messages of our own that are on their way to the bus, and that wait for it, at most. More are left to the relay. */
const mostUnderWay = 1_000;
const mostWaiting = 5_000;
/** Marks gather this long: a statement for each message would cost more than the message. */
const marksMs = 100;

export interface Relay {
  /** Sends what this process has just committed. */
  send(envelopes: readonly Envelope[]): void;
  /** Resolves when what is under way is marked. */
  stop(): Promise<void>;
}

interface RelayOptions {
  pool: PreparedPool;
  clock: Pick<Clock, 'now'>;
  processLock: ProcessLock;
  bus: Pick<Bus, 'publish' | 'status'>;
  service: string;
  log: Logger;
}

/**
 * Sends the messages of the outbox. Who has committed one sends it at once, out of memory; what was not sent so (its process died, the
 * broker was away) one process of the service sends out of the table. A row is marked only after the bus has the message, so a crash
 * in between sends it twice, which the inboxes know.
 */
export function startRelay(options: RelayOptions): Relay {
  const own = sendOwn(options);
  const relay = loop({ name: 'relay', log: options.log, round: sweep(options), coalesceMs: 2 });
  return {
    send: own.send,
    async stop() {
      await Promise.all([relay.stop(), own.stop()]);
    },
  };
}

/** Our own messages, in the order of their commits. They wait in memory for as long as the bus is busy with those before them. */
function sendOwn({ pool, clock, bus, log }: RelayOptions): Relay {
  let waiting: Envelope[] = [];
  let underWay = 0;
  let stopped = false;
  const sending = new Set<Promise<void>>();
  let toMark: Outcome = { taken: [], left: [] };
  let marking: Promise<void> | undefined;

  function sendNext(): void {
    while (waiting.length && underWay < mostUnderWay && !stopped) {
      const overdue = clock.now() - ownSeconds * 1_000;
      const batch = waiting.splice(0, batchSize).filter(({ time }) => time > overdue);
      if (!batch.length) continue;
      underWay += batch.length;
      const sent = send(batch).finally(() => {
        underWay -= batch.length;
        sending.delete(sent);
        sendNext();
      });
      sending.add(sent);
    }
  }

  async function send(batch: readonly Envelope[]): Promise<void> {
    try {
      const { taken, left } = await publish(bus, batch, log);
      toMark.taken.push(...taken);
      toMark.left.push(...left);
      marking ??= mark();
    } catch (error) {
      log.warn({ err: error, messages: batch.length }, 'relay: messages could not be sent; they are sent again');
    }
  }

  async function mark(): Promise<void> {
    do {
      await pause(marksMs, undefined, { ref: false });
      const outcome = toMark;
      toMark = { taken: [], left: [] };
      await keep(pool, outcome).catch((error: unknown) =>
        log.warn({ err: error }, 'relay: what was sent could not be marked; it is sent again'),
      );
    } while (toMark.taken.length || toMark.left.length);
    marking = undefined;
  }

  return {
    send(envelopes) {
      if (!bus.status().ready) waiting = [];
      else if (!stopped && waiting.length + envelopes.length <= mostWaiting) {
        waiting.push(...envelopes);
        outOfScope(sendNext);
      }
    },
    async stop() {
      stopped = true;
      await Promise.all(sending);
      await marking;
    },
  };
}

/**
 * Sends out of the table what its writers have not sent. One process of a service does so at a time: its session holds a lock, and
 * another takes over when it ends, or has no bus to send by. Who takes over sends all that there is.
 */
function sweep({ processLock, bus, service, log }: RelayOptions): () => Promise<number> {
  const lock = `${service}/relay`;
  let leading: Session | undefined;
  let everything = true;

  async function leads(session: Session): Promise<boolean> {
    if (leading === session) return true;
    if (!(await tryLock(session.client, lock))) return false;
    leading = session;
    everything = true;
    return true;
  }

  async function resign(): Promise<void> {
    const session = leading;
    leading = undefined;
    if (session) await unlock(session.client, lock).catch(() => processLock.lost(session)); // with the session goes the lock
  }

  async function send({ client }: Session): Promise<number> {
    const waiting = withTimeout({
      name: 'outbox-waiting',
      text: `select ${columns} from outbox where published_at is null
        and (coalesce(not_before, created_at + interval '${ownSeconds} seconds') <= now() or $1 and not_before is null) order by id limit ${batchSize}`,
      values: [everything],
    });
    const { rows } = await client.query<OutboxRow>(waiting);
    if (rows.length)
      await keep(
        client,
        await publish(
          bus,
          rows.map((row) => stored(row, service)),
          log,
        ),
      );
    const more = rows.length === batchSize;
    everything &&= more;
    if (more) return 0;
    return (await retellNext(client, bus, service)) ? retellRestMs : pollMs;
  }

  return async () => {
    if (!bus.status().ready) {
      await resign();
      return pollMs;
    }
    const session = await processLock.session();
    try {
      return (await leads(session)) ? await send(session) : pollMs;
    } catch (error) {
      if (isConnectionTrouble(error)) processLock.lost(session); // another may lead
      throw error;
    }
  };
}

/** Ids of messages that the bus has taken, and of those that it has not. */
interface Outcome {
  taken: string[];
  left: string[];
}

async function publish(bus: Pick<Bus, 'publish'>, batch: readonly Envelope[], log: Logger): Promise<Outcome> {
  const safe = await bus.publish(batch);
  const left = batch.filter(({ id }) => !safe.has(id));
  if (left.length)
    log.warn(
      { messages: left.length, first: left[0]?.type },
      'relay: messages were not taken; they stay and are sent again',
    );
  return { taken: [...safe], left: left.map(({ id }) => id) };
}

/** A mark that a crash of the database takes back is a message that is sent twice: nobody need wait until it is on the disk. */
const notOnDisk = `(select set_config('synchronous_commit', 'off', true)) soon`;

async function keep(client: Pick<PreparedPool, 'query'>, { taken, left }: Outcome): Promise<void> {
  if (taken.length) await mark(client, 'outbox-published', 'published_at = now()', taken);
  if (left.length) await mark(client, 'outbox-left', `not_before = now() + interval '${restSeconds} seconds'`, left);
}

/** A row that another session has locked stays unmarked, so that its message is sent again; the others are marked. */
async function mark(
  client: Pick<PreparedPool, 'query'>,
  name: string,
  set: string,
  ids: readonly string[],
): Promise<void> {
  const text = `update outbox set ${set} from ${notOnDisk} where id`;
  try {
    await client.query(withTimeout({ name, text: `${text} = any($1::uuid[])`, values: [ids] }));
  } catch (error) {
    if (!isLocked(error)) throw error;
    const free = 'select id from outbox where id = any($1::uuid[]) for no key update skip locked';
    await client.query(withTimeout({ name: `${name}-free`, text: `${text} in (${free})`, values: [ids] }));
  }
}

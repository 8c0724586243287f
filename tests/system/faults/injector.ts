import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../../../deploy/native/parts.ts';
import { eventually } from '../kit/eventually.ts';
import type { Native } from './native.ts';
import { callsFrom } from './sockets.ts';

export interface Fault {
  at: number;
  /** Until it was back and answered. */
  seconds: number;
  what: 'kill' | 'freeze';
  part: string;
  /** Whether a transaction was under way there, as PostgreSQL saw it. */
  inTransaction: boolean;
}

export interface Injector {
  readonly faults: readonly Fault[];
  /** Parts that ended though nobody had killed them, or could not be started again at once. */
  readonly surprises: readonly string[];
  /** kill -9, and a start after `awayMs`. */
  strike(part: string, awayMs?: number): Promise<void>;
  /** SIGSTOP, and SIGCONT after `ms`. */
  freeze(part: string, ms: number): Promise<void>;
  /** The same in the midst of handling a message: the transaction has begun, and may end in the database, but its process hears nothing of it. */
  freezeAtWork(part: string, ms: number): Promise<void>;
  /** Strikes one part after another until the time is over, or so many were struck; `lanes` of them at once, none twice at a time. */
  storm(
    options: ({ seconds: number } | { strikes: number }) & { parts: readonly string[]; lanes: number; pauseMs: number },
  ): Promise<void>;
}

/** Does to a running stack what machines, kernels and operators do. What it takes down it brings back. */
export function injector(place: Native): Injector {
  const { stack } = place;
  const faults: Fault[] = [];
  const surprises: string[] = [];
  const away = new Set<string>();

  async function strike(name: string, awayMs = 0): Promise<void> {
    const part = stack.part(name);
    away.add(name);
    if (!part.running()) surprises.push(`${name} was not running`);
    const inTransaction = await momentOfWork(place, name);
    const at = Date.now();
    await stack.kill(name);
    await pause(awayMs);
    await bringBack(part);
    faults.push({ at, seconds: (Date.now() - at) / 1_000, what: 'kill', part: name, inTransaction });
    away.delete(name);
  }

  /** What it needs may be away as well: as whoever watches over processes does, it tries again. */
  async function bringBack(part: Part): Promise<void> {
    for (const deadline = Date.now() + 60_000; ; await pause(500)) {
      try {
        return await stack.start(part.name);
      } catch (error) {
        const why = (error as Error).message.split('\n').slice(0, 3).join(' | ');
        if (!away.has('postgres') && !away.has('rabbitmq')) surprises.push(`${part.name} did not start: ${why}`);
        if (Date.now() > deadline) throw error;
      }
    }
  }

  async function freeze(name: string, ms: number, inTransaction = false): Promise<void> {
    const pid = pidOf(place, name);
    process.kill(pid, 'SIGSTOP');
    faults.push({ at: Date.now(), seconds: ms / 1_000, what: 'freeze', part: name, inTransaction });
    await pause(ms);
    process.kill(pid, 'SIGCONT');
  }

  return {
    faults,
    surprises,
    strike,
    freeze,

    async freezeAtWork(name, ms) {
      const goOn = await holdAtWork(place, name);
      const frozen = freeze(name, ms, true);
      await goOn();
      await frozen;
    },

    async storm({ parts, lanes, pauseMs, ...until }) {
      const began = Date.now();
      let struck = 0;
      const isOver = (): boolean =>
        'seconds' in until ? Date.now() >= began + 1_000 * until.seconds : struck >= until.strikes;
      const queue: string[] = [];
      /** Every part comes about as often as the others, in an order of chance. */
      const next = (): string | undefined => {
        if (!queue.length) queue.push(...parts.toSorted(() => Math.random() - 0.5));
        const at = queue.findIndex((name) => !away.has(name));
        return at < 0 ? undefined : queue.splice(at, 1)[0];
      };
      await Promise.all(
        Array.from({ length: lanes }, async (_, lane) => {
          await pause((lane * pauseMs) / lanes);
          while (!isOver()) {
            const name = next();
            if (name) struck++;
            if (name) await strike(name, 300 * Math.random());
            await pause(pauseMs);
          }
        }),
      );
      for (const part of stack.parts) if (!part.running()) surprises.push(`${part.name} ended by itself`);
    },
  };
}

function pidOf({ stack }: Native, name: string): number {
  const running = stack.part(name).running();
  if (!running) throw new Error(`${name} is not running`);
  return running.pid;
}

/** Keeps the inbox to itself until this very process waits for it; resolves with how to let go. */
async function holdAtWork(place: Native, name: string): Promise<() => Promise<void>> {
  const pid = pidOf(place, name);
  const service = name.replace(/-\d+$/, '');
  const holder = await place.connection(service);
  await holder.query('begin');
  await holder.query('lock table inbox in exclusive mode');
  await eventually(
    async () =>
      (
        await holder.query<{ port: number }>(
          `select client_port port from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'`,
          [service],
        )
      ).rows,
    (waiting) => waiting.some(({ port }) => callsFrom(pid, port)),
  );
  return async () => {
    await holder.query('commit');
    await holder.end();
  };
}

/** The replica whose session holds the relay's lock, by the port that it calls from. */
export async function leaderOf(place: Native, service: string): Promise<string> {
  const [row] = await place.rows<{ port: number }>(
    service,
    `select client_port port from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and objid = (hashtext($1)::bigint & 4294967295)::oid and granted`,
    `${service}/relay`,
  );
  const found = row && place.replicasOf(service).find((name) => callsFrom(pidOf(place, name), row.port));
  if (!found) throw new Error(`nobody leads the relay of ${service}`);
  return found;
}

/** Waits a little for a transaction of that part's (PostgreSQL's: anybody's), for a crash in its middle is the hardest. */
async function momentOfWork(place: Native, name: string): Promise<boolean> {
  const service = name.replace(/-\d+$/, '');
  try {
    const watching = await place.connection('postgres');
    try {
      for (const deadline = Date.now() + 400; Date.now() < deadline;)
        if ((await watching.query(transactions, [service === 'postgres' ? '%' : service])).rowCount) return true;
      return false;
    } finally {
      await watching.end();
    }
  } catch {
    return false; // PostgreSQL is away itself
  }
}

const transactions = `select from pg_stat_activity
  where usename like $1 and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start is not null and state <> 'idle'`;

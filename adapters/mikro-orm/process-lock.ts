import { randomInt } from 'node:crypto';
import type { PoolClient } from 'pg';
import { withTimeout } from './database.ts';
import type { PreparedPool } from './sessions.ts';

/** A connection that is lent for as long as its process lives, and the number that tells others in the database so. */
export interface Session {
  client: PoolClient;
  number: number;
}

/** How a process is known to live: its session holds locks, and PostgreSQL lets go of them when the process is gone, however it went. */
export interface ProcessLock {
  /** Name of the locks of the service's processes: with it and a number, `pg_…advisory…(hashtext(lock), number)` is one's own. */
  lock: string;
  /** The session, a new one where the last was lost. Rejects while the database is away. */
  session(): Promise<Session>;
  /** The number under which others see it live now. */
  number(): number | undefined;
  /** Gives the session up: it does not answer. */
  lost(session: Session): void;
  /** Once nobody asks for the session any more. */
  leave(): void;
}

export function processLockIn(pool: PreparedPool, service: string): ProcessLock {
  const lock = `${service}/process`;
  let current: Session | undefined;
  let opening: Promise<Session> | undefined;

  async function open(): Promise<Session> {
    const session = { client: await pool.connect(), number: randomInt(1, 2 ** 31) };
    try {
      await session.client.query(
        withTimeout({ text: 'select pg_advisory_lock(hashtext($1), $2)', values: [lock, session.number] }),
      );
    } catch (error) {
      session.client.release(true);
      throw error;
    }
    const end = (): void => lost(session);
    session.client.once('error', end).once('end', end);
    current = session;
    return session;
  }

  /** Gives the connection back for good, once: a pool waits for every one that it has lent. */
  function lost(session: Session): void {
    if (current !== session) return;
    current = undefined;
    session.client.release(true);
  }

  return {
    lock,
    session: async () => current ?? (opening ??= open().finally(() => (opening = undefined))),
    number: () => current?.number,
    lost,
    leave() {
      if (current) lost(current);
    },
  };
}

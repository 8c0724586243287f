import { setTimeout as pause } from 'node:timers/promises';
import { withTimeout, isDiskFull, type Database } from './database.ts';

/** A database that is silent for so long counts as away: probes of an orchestrator do not wait much longer. */
const silenceMs = 3_000;
/** Whoever asks again within this time hears the same. */
const freshMs = 500;

/** A table that is emptied gets a new file, so the row needs space that was free before. */
const writeSomething = `truncate disk_probe; insert into disk_probe select string_agg(gen_random_uuid()::text, '') from generate_series(1, 2000)`;

/** What the database lacks to accept orders, in words; undefined when it lacks nothing. Cheap to ask often. */
export function databaseHealth({
  pool,
  prepared,
  disk,
}: Pick<Database, 'pool' | 'prepared' | 'disk'>): () => Promise<string | undefined> {
  let last: { at: number; answer: Promise<string | undefined> } | undefined;

  async function look(): Promise<string | undefined> {
    try {
      const asked = disk.full
        ? pool.query(withTimeout({ text: writeSomething }))
        : prepared.query(withTimeout({ name: 'health', text: 'select', values: [] }));
      await Promise.race([asked, silence()]);
      disk.full = false;
      return undefined;
    } catch (error) {
      disk.full ||= isDiskFull(error);
      return disk.full ? 'space on the disk of its database' : 'its database';
    }
  }

  return () => {
    if (!last || Date.now() - last.at > freshMs) last = { at: Date.now(), answer: look() };
    return last.answer;
  };
}

async function silence(): Promise<never> {
  await pause(silenceMs, undefined, { ref: false });
  throw new Error('the database does not answer');
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { startEmbedded } from './embedded.ts';
import { about, middle, roundsPerFigure, type Row } from './figure.ts';
import { rounds } from './rounds.ts';

/** How long `npm start` takes until it greets, twice in the same folder: with nothing there, and with what the first left. */
export async function measureStart(): Promise<Row[]> {
  const measured = await rounds(roundsPerFigure, async () => ({
    postgres: await twice(async (dir) => {
      const began = performance.now();
      const postgres = await startPostgres({ dir, log: pino({ level: 'silent' }) });
      return { seconds: (performance.now() - began) / 1_000, stop: postgres.stop };
    }),
    jari: await twice((dir) => startEmbedded(dir, ['npm', 'start'])),
  }));
  const row = (what: string, nth: 0 | 1, most: number): Row => ({
    what: `npm start, ${what}`,
    on: 'embedded',
    value: middle(measured, ({ jari }) => jari[nth]),
    unit: 's',
    ceiling: { value: middle(measured, ({ postgres }) => postgres[nth]), what: 'PostgreSQL alone' },
    goal: { most, of: 'value' },
    meaning: 'from the command until the greeting, which comes when the first call will find everything in place',
    ...about(measured),
  });
  return [row('fresh', 0, 10), row('on existing data', 1, 4)];
}

async function twice(
  start: (dir: string) => Promise<{ seconds: number; stop(): Promise<void> }>,
): Promise<[number, number]> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-bench-'));
  try {
    const fresh = await start(dir);
    await fresh.stop();
    const again = await start(dir);
    await again.stop();
    return [fresh.seconds, again.seconds];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

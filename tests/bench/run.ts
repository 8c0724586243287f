// `npm run bench -- [name…] [--seconds N] [--on embedded|stack] [--out DIR]`: figures with their ceilings. Exits 0 whatever they are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tool } from '../../deploy/native/install.ts';
import { acceptByGrpc, acceptByRest } from './accept.ts';
import { embedded } from './embedded.ts';
import { isMet, ratioOf, type Bench, type Figure, type Row } from './figure.ts';
import { measureGrowth } from './growth.ts';
import { loadProcess } from './load.ts';
import { memory } from './memory.ts';
import { messages } from './messages.ts';
import { pgbench } from './pgbench.ts';
import { plot } from './plot.ts';
import { machine, markdown } from './report.ts';
import { reservations } from './reservations.ts';
import { makeRooms, tokenOf } from './rooms.ts';
import { nativeStack } from './stack.ts';
import { measureStart } from './start.ts';
import type { System, SystemName } from './system.ts';

/** In this order: memory before anything else has been done, and the largest backlog last. */
const figures: readonly Figure[] = [memory, reservations, acceptByGrpc, acceptByRest, messages];
const systems: Readonly<Record<SystemName, () => Promise<System>>> = { embedded, stack: nativeStack };
/** Takes many minutes, so only when it is named. */
const onDemand = ['growth'];
const names = ['start', ...figures.map(({ name }) => name), ...onDemand];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '2' },
    on: { type: 'string' },
    out: { type: 'string', default: '.jari/bench' },
    stored: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
});
const unknown = [
  ...positionals.filter((name) => !names.includes(name)),
  ...(values.on && !Object.hasOwn(systems, values.on) ? [values.on] : []),
];
if (values.help || unknown.length || !(Number(values.seconds) > 0)) {
  console.error(`${unknown.map((name) => `there is no ${name}\n`).join('')}npm run bench -- [${names.join('|')} …]   all but ${onDemand.join()}, when none is named

  --seconds N              of each measurement (${values.seconds}); the longer, the steadier
  --on embedded|stack      on one system only
  --out DIR                for figures.md, figures.json and figures.svg (${values.out})
  --stored N               reservations that growth compares with 1,000 (${values.stored})`);
  process.exit(values.help ? 0 : 2);
}

const seconds = Number(values.seconds);
const wanted = positionals.length ? positionals : names.filter((name) => !onDemand.includes(name));
const say = (line: string): void => console.error(line);
const rows: Row[] = [];
const lacking: string[] = [];
/** What runs, so that nothing of it is left behind. */
let running: Promise<System> | undefined;
const leave = (code: number): void =>
  void Promise.resolve(running?.then((system) => system.stop())).finally(() => process.exit(code));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leave(130));
process.once('uncaughtException', (error) => {
  console.error(error);
  leave(1);
});

const pg = tool('pgbench');
if ('missing' in pg) lacking.push(`No ceilings of PostgreSQL: ${pg.missing}.`);
if (wanted.includes('start') && values.on !== 'stack') await measured('start', measureStart);
for (const name of Object.keys(systems) as SystemName[]) {
  const here = figures.filter((figure) => wanted.includes(figure.name) && figure.on.includes(name));
  if (!here.length || (values.on && values.on !== name)) continue;
  const missing =
    name === 'stack'
      ? (['rabbitmq', 'envoy'] as const).map(tool).flatMap((found) => ('missing' in found ? [found.missing] : []))
      : [];
  if (missing.length) lacking.push(`Nothing of the native stack: ${missing.join('; ')}.`);
  else await onSystem(name, here);
}
if (wanted.includes('growth'))
  await measured('growth', () => measureGrowth({ stored: Number(values.stored), seconds, say }));

const table = markdown(rows, lacking);
console.log(table);
mkdirSync(values.out, { recursive: true });
const json = {
  at: new Date().toISOString(),
  machine: machine(),
  seconds,
  lacking,
  figures: rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) })),
};
writeFileSync(join(values.out, 'figures.md'), table);
writeFileSync(join(values.out, 'figures.json'), JSON.stringify(json, null, 2));
writeFileSync(join(values.out, 'figures.svg'), plot(rows));
say(`written to ${values.out}: figures.md, figures.json, figures.svg`);
process.exit(0);

async function onSystem(name: SystemName, here: readonly Figure[]): Promise<void> {
  say(`starting: ${name}`);
  running = systems[name]();
  const system = await running;
  try {
    const rooms = await makeRooms(system);
    const tokens = [await tokenOf('guest')];
    const load = loadProcess({ lodging: system.lodging, rest: system.rest, views: system.databaseOf('views'), tokens });
    try {
      // What pgbench repeats is the newest reservation.
      await load.run({ call: 'accept-grpc', of: rooms.asking, loop: 'closed', inFlight: 1, seconds: 0.1 });
      const bench: Bench = { system, rooms, load, ceiling: await pgbench(system), seconds, say };
      for (const { name: figure, measure } of here) await measured(`${figure} on ${name}`, () => measure(bench));
    } finally {
      load.stop();
    }
  } finally {
    await system.stop();
    running = undefined;
  }
}

/** A figure that cannot be measured is told, and the others go on. */
async function measured(what: string, measure: () => Promise<Row[]>): Promise<void> {
  const began = performance.now();
  try {
    rows.push(...(await measure()));
    say(`${what}: ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  } catch (error) {
    lacking.push(`${what} could not be measured: ${(error as Error).message}.`);
    say(`${what}: ${(error as Error).stack}`);
  }
}

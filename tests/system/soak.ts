// `npm run soak -- [--only NAME] [--minutes N] [--rate N]`: long runs of faults on the real stack, then at length what the tests show in
// short of too many and too wrong requests; ends with 1 when a promise was broken, or when too little happened to prove anything.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Evidence } from './faults/business.ts';
import { lodging } from './soak/lodging.ts';
import { preorder } from './soak/preorder.ts';
import { play, type Campaign } from './soak/rounds.ts';

const { values: wanted } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, perSecond] = [Number(wanted.minutes), Number(wanted.rate)];

interface Part {
  names: readonly string[];
  /** Of those that are wanted, how many held. */
  run(names: readonly string[]): Promise<{ held: number; broken: number }>;
}

function campaign<Seen extends Evidence>(business: string, all: Campaign<Seen>): Part {
  const named = all.rounds.map((round) => ({ name: `${business}: ${round.name}`, round }));
  return {
    names: named.map(({ name }) => name),
    run: (names) =>
      play({ ...all, rounds: named.flatMap(({ name, round }) => (names.includes(name) ? [round] : [])) }, minutes),
  };
}

function suite(name: string, path: string): Part {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--runInBand',
  ];
  return {
    names: [name],
    async run() {
      const { status } = spawnSync(process.execPath, [...jest, path], {
        env: { ...process.env, SOAK: '1' },
        stdio: 'inherit',
      });
      return status === 0 ? { held: 1, broken: 0 } : { held: 0, broken: 1 };
    },
  };
}

const parts = [
  campaign('lodging', lodging(perSecond)),
  campaign('preorder', preorder(perSecond)),
  suite('rental', 'tests/system/stack-rental'),
  suite('overload', 'tests/system/stack-overload'),
  suite('bad input', 'tests/contracts/bad-input'),
];
const isWanted = (name: string): boolean => name.includes(wanted.only);
const every = parts.flatMap(({ names }) => names);

if (wanted.help || !every.some(isWanted)) {
  console.log(`Runs the real stack at length while everything fails, and checks what must hold after it.

  --only NAME    those of which the name has this in it; without, all of them, a business's rounds in turn until its time is over
  --minutes N    for each business; a round that was begun is played to its end (${wanted.minutes})
  --rate N       orders a second (${wanted.rate})

${every.join('\n')}`);
  process.exitCode = wanted.help ? 0 : 1;
} else {
  const total = { held: 0, broken: 0 };
  for (const { names, run } of parts) {
    if (!names.some(isWanted)) continue;
    const { held, broken } = await run(names.filter(isWanted));
    total.held += held;
    total.broken += broken;
  }
  console.log(`\n${total.held} held, ${total.broken} did not`);
  process.exitCode = total.broken ? 1 : 0;
}

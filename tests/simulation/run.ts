// `npm run simulate -- [--seeds N] [--first SEED] [--replay CHOICES]`
import { parseArgs } from 'node:util';
import { fromList } from './choices.ts';
import { lodgingHistory } from './lodging-history.ts';
import { simulate, told } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50000' },
    first: { type: 'string', default: '1' },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Runs histories of lodging, property, payment and views in which everything goes wrong, and checks what must hold after each.

  --seeds N         how many histories (${values.seeds})
  --first SEED      the first one's seed (${values.first}); the others follow it
  --replay CHOICES  tells one history again, as a failure printed it`);
} else if (values.replay) {
  const { broken, trace } = await lodgingHistory(fromList(values.replay.split(',').map(Number)), {}, true);
  console.log([...trace, '', ...(broken.length ? broken : ['every promise held'])].join('\n'));
  process.exitCode = broken.length ? 1 : 0;
} else {
  const seeds = Number(values.seeds);
  const began = performance.now();
  const rate = (done: number): string => `${Math.round((done / (performance.now() - began)) * 60_000).toLocaleString('en')} a minute`;
  let shown = 0;
  const failure = await simulate(seeds, Number(values.first), (done) => {
    if (done - shown < seeds / 50) return;
    shown = done;
    console.log(`${done.toLocaleString('en')} of ${seeds.toLocaleString('en')} histories, ${rate(done)}`);
  });
  console.log(failure ? told(failure) : `${seeds.toLocaleString('en')} histories, every promise held, ${rate(seeds)}`);
  process.exitCode = failure ? 1 : 0;
}

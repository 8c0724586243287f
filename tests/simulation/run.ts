// `npm run simulate -- [--business NAME] [--seeds N] [--first SEED] [--replay CHOICES]`
import { parseArgs } from 'node:util';
import { businesses, businessNamed } from './businesses.ts';
import { fromList } from './choices.ts';
import { history, type Business } from './history.ts';
import { simulate, told } from './simulate.ts';
import { Workers } from './workers.ts';

const { values } = parseArgs({
  options: {
    business: { type: 'string' },
    seeds: { type: 'string', default: '50000' },
    first: { type: 'string', default: '1' },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Runs histories of the businesses in which everything goes wrong, and checks what must hold after each.

  --business NAME   ${businesses.map(({ name }) => name).join(', ')}; without, all of them, one after the other
  --seeds N         how many histories of each (${values.seeds})
  --first SEED      the first one's seed (${values.first}); the others follow it
  --replay CHOICES  tells one history again, as a failure printed it`);
} else if (values.replay) {
  const { broken, trace } = await history(
    businessNamed(values.business ?? 'lodging'),
    fromList(values.replay.split(',').map(Number)),
    {},
    true,
  );
  console.log([...trace, '', ...(broken.length ? broken : ['every promise held'])].join('\n'));
  process.exitCode = broken.length ? 1 : 0;
} else {
  await using workers = new Workers();
  for (const business of values.business ? [businessNamed(values.business)] : businesses)
    await play(workers, business, Number(values.seeds));
}

async function play(workers: Workers, business: Business, seeds: number): Promise<void> {
  const began = performance.now();
  const rate = (done: number): string =>
    `${Math.round((done / (performance.now() - began)) * 60_000).toLocaleString('en')} a minute`;
  const all = seeds.toLocaleString('en');
  let shown = 0;
  const failure = await simulate(workers, business, seeds, Number(values.first), (done) => {
    if (done - shown < seeds / 50) return;
    shown = done;
    console.log(`${business.name}: ${done.toLocaleString('en')} of ${all} histories, ${rate(done)}`);
  });
  console.log(failure ? told(failure) : `${business.name}: ${all} histories, every promise held, ${rate(seeds)}`);
  if (failure) process.exitCode = 1;
}

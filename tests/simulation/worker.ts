// Plays shares of the seeds, one after the other, in a thread of its own.
import { parentPort } from 'node:worker_threads';
import { bugNamed, businessNamed } from './businesses.ts';
import { fromSeed } from './choices.ts';
import { history } from './history.ts';
import type { FromWorker, Share } from './workers.ts';

Error.stackTraceLimit = 0; // processes die by the thousand here, and nobody reads their stacks

const tell = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', async ({ business, bug, first, step, count, stop }: Share) => {
  const played = businessNamed(business);
  const planted = bug === undefined ? {} : bugNamed(played, bug);
  for (let index = 0; index < count && !Atomics.load(stop, 0); index++) {
    const seed = first + index * step;
    const choices = fromSeed(seed);
    const { broken } = await history(played, choices, planted).catch((error: unknown) => ({
      broken: [`threw: ${String(error)}`],
    }));
    if (broken.length) {
      Atomics.store(stop, 0, 1);
      tell({ found: { seed, broken, made: choices.made } });
    }
    if (index % 200 === 199) tell({ done: 200 });
  }
  tell('over');
});

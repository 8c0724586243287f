// A share of the seeds, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { businessNamed } from './businesses.ts';
import { fromSeed } from './choices.ts';
import { history } from './history.ts';

const { business, first, step, count } = workerData as { business: string; first: number; step: number; count: number };
const played = businessNamed(business);
Error.stackTraceLimit = 0; // processes die by the thousand here, and nobody reads their stacks

for (let index = 0; index < count; index++) {
  const seed = first + index * step;
  const choices = fromSeed(seed);
  const { broken } = await history(played, choices).catch((error: unknown) => ({ broken: [`threw: ${String(error)}`] }));
  if (broken.length) {
    parentPort?.postMessage({ seed, broken, made: choices.made });
    break;
  }
  if (index % 200 === 199) parentPort?.postMessage({ done: 200 });
}

import { fromList, shrink } from './choices.ts';
import { history, type Business, type Planted } from './history.ts';
import type { Workers } from './workers.ts';

/** A history that broke a promise, made as short as it could be. */
export interface Failure {
  business: string;
  seed: number;
  broken: readonly string[];
  /** Replays it: `npm run simulate -- --business lodging --replay 0,3,1`. */
  choices: readonly number[];
  trace: readonly string[];
}

/** Runs that many histories of a business over all processors; ends at the first that breaks a promise. */
export async function simulate(
  workers: Workers,
  business: Business,
  seeds: number,
  first = 1,
  progress?: (done: number) => void,
): Promise<Failure | undefined> {
  const found = await workers.search({ business: business.name, seeds, first }, progress);
  return found && explain(business, found.seed, found.made);
}

/** Shrinks a failing list of choices, and tells its story. */
export async function explain(
  business: Business,
  seed: number,
  made: readonly number[],
  planted: Planted = {},
): Promise<Failure> {
  const replay = (list: readonly number[], tracing = false) =>
    history(business, fromList(list), planted, tracing).catch((error: unknown) => ({
      broken: [`threw: ${String(error)}`],
      trace: [],
    }));
  const promise = kindOf((await replay(made)).broken);
  const choices = await shrink(made, async (list) => kindOf((await replay(list)).broken) === promise);
  return { business: business.name, seed, choices, ...(await replay(choices, true)) };
}

/** Shrinking must not slide from one broken promise to another. */
const kindOf = (broken: readonly string[]): string | undefined => broken[0]?.split(':')[0];

export const told = ({ business, seed, broken, choices, trace }: Failure): string =>
  [
    `Seed ${seed} of ${business} breaks a promise:`,
    ...broken.map((each) => `  ${each}`),
    '',
    'The shortest history found that breaks it:',
    ...trace.map((line) => `  ${line}`),
    '',
    `Replay: npm run simulate -- --business ${business} --replay ${choices.join(',') || '0'}`,
  ].join('\n');

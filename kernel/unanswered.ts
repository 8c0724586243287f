import { seconds } from './time.ts';

/** What the error of a call to an outside party may say beyond that there is no answer. */
export interface Unanswered {
  /** The party was not called, for certain. */
  notCalled?: boolean;
  /** When to call again, in milliseconds from now, where the party or the limit on calls to it names a time. */
  comeBackMs?: number;
}

/** Twice as long each time, up to 15 s, less up to half of it by chance: those who fail together do not come back together. */
export const backOff = (failures: number, chance: number): number =>
  Math.min(seconds(15), 500 * 2 ** Math.min(failures, 10)) * (1 - chance / 2);

/** How long to wait for the next try, in milliseconds. */
export const pauseAfter = (error: unknown, failures: number, random: () => number): number =>
  (error as Unanswered).comeBackMs ?? backOff(failures, random());

import { addDays, nightsBetween } from './dates.ts';

/** Whether every night from `from` up to but not including `to` is free. */
export const isFree = (from: string, to: string, taken: ReadonlySet<string>): boolean =>
  Array.from({ length: nightsBetween(from, to) }, (_, night) => addDays(from, night)).every(
    (night) => !taken.has(night),
  );

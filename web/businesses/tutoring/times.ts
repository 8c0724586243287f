/** A day of the reader's clock, and the start times on it. */
export interface Day {
  /** `2026-12-18` */
  date: string;
  times: readonly string[];
}

/** Start times by the day on which they are in this zone, earliest first. */
export function byDay(times: readonly string[], zone: string): readonly Day[] {
  const dates = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone });
  const days = new Map<string, string[]>();
  for (const time of times.toSorted((one, other) => Date.parse(one) - Date.parse(other))) {
    const date = dates.format(Date.parse(time));
    days.set(date, [...(days.get(date) ?? []), time]);
  }
  return [...days].map(([date, on]) => ({ date, times: on }));
}

/** The free times that are nearest to one that is gone, earliest first. */
export const nearestTo = (gone: string, free: readonly string[], most = 3): readonly string[] =>
  free
    .filter((time) => time !== gone)
    .toSorted((one, other) => distance(one, gone) - distance(other, gone))
    .slice(0, most)
    .toSorted((one, other) => Date.parse(one) - Date.parse(other));

const distance = (one: string, other: string): number => Math.abs(Date.parse(one) - Date.parse(other));

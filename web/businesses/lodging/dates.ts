/** Days as the API writes them: `2026-12-18`. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const nightsBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** Today where the room is. */
export const todayIn = (zone: string, now = Date.now()): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(now);

/** Up to `most` stays of as many nights, all free, that begin nearest to `from`; none before `first`. */
export function freeNear(
  { from, nights, first, last }: { from: string; nights: number; first: string; last: string },
  isTaken: (night: string) => boolean,
  most = 3,
): { from: string; to: string }[] {
  const isFree = (start: string): boolean =>
    start >= first &&
    addDays(start, nights) <= last &&
    Array.from({ length: nights }, (_, night) => addDays(start, night)).every((night) => !isTaken(night));
  const starts = Array.from({ length: 121 }, (_, step) => (step % 2 ? -1 : 1) * Math.ceil(step / 2));
  return starts
    .map((offset) => addDays(from, offset))
    .filter((start) => start !== from && isFree(start))
    .slice(0, most)
    .map((start) => ({ from: start, to: addDays(start, nights) }));
}

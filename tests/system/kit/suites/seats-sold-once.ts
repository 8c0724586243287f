import { expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { insist } from '../insist.ts';
import { ok, person, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { seating, time } from '../seating.ts';

/** Within this all that was accepted comes to rest, whatever was killed. */
const settle = 60_000;

interface Registration {
  id: string;
  seat: string;
  from: string;
  to: string;
}

/** Many want the same. `meanwhile`: what goes wrong while they do; then a call may fail, and its caller asks again with its key. */
export const seatsSoldOnce = (
  place: Place,
  { wishes, meanwhile }: { wishes: number; meanwhile?: () => Promise<void> },
): void => {
  const people = (): ReturnType<typeof seating> => seating(place);
  const crowd = (count: number): Person[] => Array.from({ length: count }, (_, nth) => person(place, `crowd-${nth}`));

  test('500 customers want one seat at one time, at once: one is registered, 499 are refused, one charge is on the books (C6)', async () => {
    const { newCafe, selectAt, statuses, wholeLedger } = people();
    const { cafe, seats } = await newCafe(1);
    const made = await Promise.all(
      crowd(500).map((one) => ok(insist((key) => selectAt(seats[0]!, cafe, time(10, 12, 14), one, key)))),
    );
    const ids = made.map(({ id }) => id);
    expect(new Set(ids).size).toBe(500);
    const ended = await eventually(
      () => statuses(ids),
      (found) => [...found.values()].every((status) => ['registered', 'refused'].includes(status)),
      settle,
    );
    const counts = Object.groupBy([...ended.values()], (status) => status);
    expect([counts['registered']?.length, counts['refused']?.length]).toEqual([1, 499]);
    const charged = (await wholeLedger()).filter(({ orderId }) => ids.includes(orderId));
    expect(charged).toMatchObject([
      { type: 'CHARGE', orderId: [...ended].find(([, status]) => status === 'registered')?.[0] },
    ]);
  }, 180_000);

  test(`${wishes.toLocaleString('en')} random overlapping wishes for 48 seats: no two share a half-hour, and who is refused pays nothing (C6)`, async () => {
    const { newCafe, selectAt, statuses, wholeLedger } = people();
    const { cafe, seats } = await newCafe(48);
    const customers = crowd(1_000);
    const wanted = Array.from({ length: wishes }, (_, nth) => {
      const from = 8 + ((nth * 7_919) % 26) / 2;
      const when = time(11, from, from + (1 + ((nth * 104_729) % 4)) / 2);
      return { seat: seats[(nth * 31) % 48]!, when, by: customers[nth % 1_000]! };
    });
    const trouble = meanwhile?.();
    const made = await inLanes(60, wanted, ({ seat, when, by }) =>
      ok(insist((key) => selectAt(seat, cafe, when, by, key))),
    );
    await trouble;
    const ids = made.map(({ id }) => id);
    expect(new Set(ids).size).toBe(wishes);
    const ended = await eventually(
      () => statuses(ids),
      (found) => [...found.values()].every((status) => ['registered', 'refused'].includes(status)),
      settle,
    );
    const registered = [...ended].flatMap(([id, status]) => (status === 'registered' ? [id] : []));
    expect(registered.length).toBeGreaterThan(Math.min(wishes / 4, 48 * 6));
    expect(registered.length).toBeLessThan(wishes);

    const kept = await place.rows<Registration>(
      'studycafe',
      `select id::text, state #>> '{wish,seatId}' seat, state #>> '{wish,period,start}' "from", state #>> '{wish,period,end}' "to"
        from registration where status = 'registered' and state #>> '{wish,cafeId}' = $1`,
      cafe.id,
    );
    expect(kept.map(({ id }) => id).sort()).toEqual(registered.sort());
    const halfHours = kept.flatMap(({ seat, from, to }) =>
      Array.from(
        { length: (Number(to) - Number(from)) / 1_800_000 },
        (_, nth) => `${seat}/${Number(from) + nth * 1_800_000}`,
      ),
    );
    expect(new Set(halfHours).size).toBe(halfHours.length);
    const followed = kept.filter(({ seat, to }) => kept.some((next) => next.seat === seat && next.from === to));
    expect(followed.length).toBeGreaterThan(5);

    const charged = (await wholeLedger()).filter(({ orderId }) => ids.includes(orderId));
    expect(charged.map(({ orderId }) => orderId).sort()).toEqual(registered.sort());
  }, 300_000);
};

/** As many at once as there are lanes. */
async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = [...items];
  const results: Result[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) results.push(await work(item));
    }),
  );
  return results;
}

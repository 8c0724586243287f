import { describe, expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { isUnavailable, ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { preordering, type Preorder } from '../preorder.ts';

/** What is accepted while others are down, what is refused, and that nothing is left over (P2, P9, P10). */
export const preordersInTrouble = (place: Place): void => {
  const people = (): ReturnType<typeof preordering> => preordering(place);
  const settle = 60_000;

  test('three hundred phones, two thousand customers at once: three hundred get one, all others hear so, and none is left (P2)', async () => {
    const { newPhone, newTown, ask, product } = people();
    const phone = await newPhone(300);
    const { location } = await newTown({ kilometres: 1 });
    const answers = await inLanes(64, Array.from({ length: 2_000 }), () => ask(phone, { location }));
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted).toHaveLength(300);
    for (const refused of answers.filter(({ status }) => status !== 200))
      expect(refusalOf(refused)).toMatchObject({ status: 400, reason: 'OUT_OF_STOCK' });
    expect(await product(phone.id)).toMatchObject({ onHand: 300, held: 300, available: 0 });
  }, 180_000);

  test('cancelled in any order, racing with acceptance, stock and dealerships are whole again (P7)', async () => {
    const { newPhone, newTown, request, reaches, cancel, answer, product } = people();
    const phone = await newPhone(40);
    const { location } = await newTown(
      { kilometres: 1, capacity: 10 },
      { kilometres: 2, capacity: 10 },
      { kilometres: 3, capacity: 10 },
    );
    const made = await inLanes(16, Array.from({ length: 40 }), () =>
      request(phone, { location, fulfilment: 'DELIVERY' }),
    );
    await inLanes(16, shuffled(made), ({ id }) =>
      Promise.all([
        eventually(
          () => cancel(id),
          ({ status }) => status === 200,
        ),
        answer('accept', id),
      ]),
    );
    for (const { id } of made) await reaches(id, 'CANCELLED', settle);
    expect(await product(phone.id)).toMatchObject({ onHand: 40, held: 0, available: 40 });
    const ids = made.map(({ id }) => id);
    expect(await place.rows('assignment', 'select holder from claim where holder::text = any($1)', ids)).toEqual([]);
    const left = await place.rows(
      'assignment',
      `select id from assignment where id::text = any($1) and status not in ('cancelled', 'tombstone')`,
      ids,
    );
    expect(left).toEqual([]);
  }, 120_000);

  describe('with assignment down', () => {
    test('pre-orders are accepted all the same, and all assigned once it is back (P9)', async () => {
      const { newPhone, newTown, request, reaches } = people();
      const phone = await newPhone(100);
      const { location } = await newTown({ kilometres: 1 });
      await place.kill('assignment');
      const made = await inLanes(16, Array.from({ length: 100 }), () => request(phone, { location }));
      expect(new Set(made.map(({ status }) => status))).toEqual(new Set(['REQUESTED']));
      await place.start('assignment');
      for (const { id } of made) await reaches(id, 'ASSIGNED', settle);
    }, 180_000);
  });

  describe('with inventory down', () => {
    test('a pre-order is refused clearly and at once, nothing is kept, and all is well once it is back (P10)', async () => {
      const { newPhone, newTown, ask, request, product, customer, admin } = people();
      const phone = await newPhone(10);
      const { location } = await newTown({ kilometres: 1 });
      const before = await ok(customer.get<{ preorders: Preorder[] }>('/v1/preorders?page_size=200'));
      await place.kill('inventory');
      const refused = await inLanes(4, Array.from({ length: 40 }), async () => {
        const began = performance.now();
        return { answer: await ask(phone, { location }), ms: performance.now() - began };
      });
      for (const { answer } of refused) expect(isUnavailable(answer)).toBe(true);
      // Once the breaker is open, which takes a few: in the middle, the wait is over before anybody notices.
      const { breakers } = await ok(admin.get<{ breakers: object[] }>('/v1/ops/preorder/status'));
      expect(breakers).toContainEqual({ callee: 'inventory', state: 'OPEN' });
      const waits = refused
        .slice(-20)
        .map(({ ms }) => ms)
        .sort((a, b) => a - b);
      expect(waits[10]).toBeLessThan(100);
      expect(await ok(customer.get('/v1/preorders?page_size=200'))).toEqual(before);
      await place.start('inventory');
      await eventually(
        () => ask(phone, { location }),
        ({ status }) => status === 200,
        settle,
      );
      await request(phone, { location });
      await becomes(() => product(phone.id), { held: 2, available: 8 }, settle);
    }, 180_000);
  });
};

/** As many at once as there are lanes. */
async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = [...items.entries()];
  const results: Result[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await work(next[1]));
    }),
  );
  return results;
}

/** In an order that looks like none and is always the same. */
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item, nth) => ({ item, rank: (nth * 7_919 + 104_729) % 1_009 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);

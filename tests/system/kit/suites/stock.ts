import { expect, test } from '@jest/globals';
import { becomes } from '../eventually.ts';
import { ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { rental, type Product, type Rental } from '../rental.ts';

const byAge = (made: readonly Rental[]): Rental[] => [...made].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The rentals of a product, as many as there are in each status. */
async function counts(place: Place, productId: string): Promise<Record<string, number>> {
  const sql = `select status, count(*)::int from rental where state #>> '{contract,productId}' = $1 group by status`;
  const rows = await place.rows<{ status: string; count: number }>('rental', sql, productId);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** What a shelf promises, and the line before it. */
export const rentalStock = (place: Place): void => {
  const people = (): ReturnType<typeof rental> => rental(place);

  test('stock 10, 40 rentals at once: 10 confirmed, 30 in line; the oldest are served on restock, the next when one cancels', async () => {
    const { newDispenser, rent, product, restock, cancel, reaches, rentalOf } = people();
    const { id } = await newDispenser(10);
    const made = byAge(await Promise.all(Array.from({ length: 40 }, () => rent({ id }))));
    await becomes(() => counts(place, id), { 'stock-confirmed': 10, backordered: 30 });
    expect(await product(id)).toMatchObject({ onHand: 10, held: 10, available: 0 });
    const waiting = async (): Promise<Rental[]> =>
      byAge(
        (await Promise.all(made.map((each) => rentalOf(each.id)))).filter(({ status }) => status === 'BACKORDERED'),
      );

    const line = await waiting();
    expect(await ok(restock(id, 5))).toMatchObject({ onHand: 15, held: 15, available: 0 });
    for (const served of line.slice(0, 5)) await reaches(served.id, 'STOCK_CONFIRMED');
    expect((await waiting()).map((each) => each.id)).toEqual(line.slice(5).map((each) => each.id));

    await ok(cancel(line[0]!.id));
    await reaches(line[0]!.id, 'CANCELLED');
    await reaches(line[5]!.id, 'STOCK_CONFIRMED');
    expect(await waiting()).toHaveLength(24);
    await becomes(() => product(id), { onHand: 15, held: 15, available: 0 });
  }, 120_000);

  test('an administrator cannot count below what orders hold', async () => {
    const { newDispenser, rent, reaches, admin, product } = people();
    const { id } = await newDispenser(3);
    await reaches((await rent({ id })).id, 'STOCK_CONFIRMED');
    const adjust = (onHand: number) =>
      admin.post<Product>(`/v1/products/${id}:adjust`, { on_hand: onHand, text: 'two broke' });
    expect(refusalOf(await adjust(0))).toMatchObject({ code: 9, reason: 'BELOW_HELD' });
    expect(await ok(adjust(1))).toMatchObject({ onHand: 1, held: 1, available: 0 });
    expect(await product(id)).toMatchObject({ onHand: 1, held: 1, available: 0 });
  });
};

/** Inventory may be away (R8). */
export const rentalWithoutInventory = (place: Place): void => {
  test('inventory down: 100 rentals are accepted all the same, and all find their place when it is back (R8)', async () => {
    const { newDispenser, rent, product } = rental(place);
    const { id } = await newDispenser(60);
    await place.kill('inventory');
    await Promise.all(Array.from({ length: 100 }, () => rent({ id })));
    expect(await counts(place, id)).toEqual({ received: 100 });
    await place.start('inventory');
    await becomes(() => counts(place, id), { 'stock-confirmed': 60, backordered: 40 }, 60_000);
    expect(await product(id)).toMatchObject({ onHand: 60, held: 60, available: 0 });
  }, 180_000);
};

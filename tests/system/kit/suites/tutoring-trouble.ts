import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { ok } from '../people.ts';
import type { Place } from '../place.ts';
import { tutoring } from '../tutoring.ts';

const net = 45_005;
const settling = 60_000;

/** Tutoring while others are down, and when the bank loses its answers (T11, T12). */
export function tutoringInTrouble(
  place: Place,
  { purchases, sales, payouts }: { purchases: number; sales: number; payouts: number },
): void {
  const minutes = (count: number): number[] => Array.from({ length: count }, (_, index) => 600 + 75 * index); // apart, for one buyer and one seller

  test(`payment is down: ${purchases} purchases are accepted all the same, and complete once it is back (T11)`, async () => {
    const { onSale, buyer, buy, reaches, paid, seller } = tutoring(place);
    const sold = await onSale(minutes(purchases));
    await place.kill('payment');
    const bought = await Promise.all(
      sold.startTimes.map(async (startTime) => (await ok(buy(sold, buyer, startTime))).id),
    );
    await reaches(bought[0]!, 'PAYMENT_PENDING');
    await place.start('payment');
    const ready = () => ok(seller.get<{ purchases: unknown[] }>('/v1/tutoring/purchases?status=READY&page_size=200'));
    await eventually(ready, ({ purchases: found }) => found.length === purchases, settling);
    for (const id of bought) expect(await paid(id)).toBe(50_005);
  }, 120_000);

  test(`approval is down: ${sales} sale requests are accepted all the same, and can be decided once it is back (T12)`, async () => {
    const { request, approvalOf, decide, lesson } = tutoring(place);
    await place.kill('approval');
    const asked = await Promise.all(Array.from({ length: sales }, async () => (await ok(request())).id));
    await place.start('approval');
    for (const id of asked) expect(await approvalOf(id)).toMatchObject({ status: 'PENDING' });
    await ok(decide((await approvalOf(asked[0]!)).id, 'approve'));
    await becomes(() => lesson(asked[0]!), { status: 'ON_SALE' });
  }, 120_000);

  test('the bank loses its answers and payout is killed while it sends: each payout is sent exactly once (T3)', async () => {
    const { bank } = tutoring(place);
    const lectures = await Promise.all(
      Array.from({ length: payouts }, async () => {
        const people = tutoring(place);
        await people.registerAccount();
        return { ...people, ...(await people.bought(await people.onSale([5]))) };
      }),
    );
    await bank('LOSES_ANSWERS');
    await Promise.all(
      lectures.map(async ({ taught, holdPasses, id }) => {
        await taught(id);
        await holdPasses(id);
      }),
    );
    await eventually(
      () => lectures[0]!.transfers(lectures[0]!.id),
      (sent) => sent.length > 0,
      settling,
    );
    await place.kill('payout');
    await place.start('payout');
    await bank('NORMAL');
    for (const { id, paidOut, transfers, statement } of lectures) {
      await paidOut(id, 'COMPLETED', settling);
      expect(await transfers(id)).toEqual([net]);
      expect((await statement()).balance.units).toBe('0');
    }
  }, 120_000);
}

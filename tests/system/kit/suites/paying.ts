import { expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import type { LedgerEntry } from '../lodging.ts';
import { refusalOf, type Answer } from '../people.ts';
import type { Place } from '../place.ts';
import { atRest, rental, type Rental } from '../rental.ts';

const typesOf = (entries: readonly LedgerEntry[] = []): string => entries.map(({ type }) => type).join(' ');
const netsZero = /^(CHARGE REFUND)?$/;

/** What tests of a payment that is waited for have in common. */
export function payingAt(place: Place) {
  return {
    /** As the provider is told to be, and NORMAL after it. */
    async during<Result>(
      mode: 'DOWN' | 'SLOW' | 'LOSES_ANSWERS',
      delayMs: number,
      work: () => Promise<Result>,
    ): Promise<Result> {
      await rental(place).provider(mode, delayMs);
      try {
        return await work();
      } finally {
        await rental(place).provider('NORMAL');
      }
    },

    /** Every rental of the dispenser is paid once, and every intent that became none nets zero. Answers with how many there are of each. */
    async agree(productId: string, accepted: readonly string[]): Promise<{ rentals: number; undone: number }> {
      await atRest(place, 90_000);
      const sql = `select id::text, accepted from rental where state #>> '{contract,productId}' = $1`;
      const stored = await place.rows<{ id: string; accepted: boolean }>('rental', sql, productId);
      const known = new Set(stored.filter((each) => each.accepted).map(({ id }) => id));
      expect(accepted.filter((id) => !known.has(id))).toEqual([]);
      const { ledger } = rental(place);
      await eventually(
        async () => Map.groupBy(await ledger(''), ({ orderId }) => orderId),
        (booked) => {
          for (const each of stored)
            expect({ ...each, entries: typesOf(booked.get(each.id)) }).toEqual({
              ...each,
              entries: expect.stringMatching(each.accepted ? /^CHARGE$/ : netsZero),
            });
        },
        30_000,
      );
      return { rentals: known.size, undone: stored.length - known.size };
    },

    /** The way to payment may be left alone for a moment yet. */
    opens: (productId: string): Promise<Answer<Rental>> =>
      eventually(
        () => rental(place).ask({ id: productId }),
        ({ status }) => status === 200,
        10_000,
      ),
  };
}

export const acceptedIn = (answers: readonly (Answer<Rental> | undefined)[]): string[] =>
  answers.flatMap((answer) => (answer?.status === 200 ? [answer.body.id] : []));

/** What is not paid is no rental, and what is no rental is not paid: whatever becomes of the call to payment (R7, R9). */
export const rentalPayments = (place: Place): void => {
  const people = (): ReturnType<typeof rental> => rental(place);
  const { during, agree, opens } = payingAt(place);

  test('DOWN: "pay in a moment", with how long that is; nothing is accepted, nothing charged; then it opens by itself (R7, R9)', async () => {
    const { newDispenser, ask } = people();
    const { id } = await newDispenser(100);
    const answers = await during('DOWN', 0, async () => {
      const all: Answer<Rental>[] = [];
      for (let round = 0; round < 12; round++) all.push(await ask({ id }));
      return all;
    });
    for (const answer of answers) {
      expect(refusalOf(answer)).toMatchObject({ status: 503, code: 14, reason: 'UNAVAILABLE' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const { body } = await opens(id);
    await agree(id, [body.id]);
  }, 120_000);

  test('LOSES_ANSWERS: it has charged and says nothing; we ask, and the customer has a rental that is charged once', async () => {
    const { newDispenser, ask } = people();
    const { id } = await newDispenser(100);
    const answers = await during('LOSES_ANSWERS', 0, async () => [
      await ask({ id }),
      await ask({ id }),
      ...(await Promise.all([ask({ id }), ask({ id }), ask({ id })])),
    ]);
    expect(acceptedIn(answers).length).toBeGreaterThan(0);
    await agree(id, acceptedIn(answers));
  }, 120_000);

  test('SLOW beyond the time-out: refused, and what was charged meanwhile goes back', async () => {
    const { newDispenser, ask } = people();
    const { id } = await newDispenser(100);
    const answers = await during('SLOW', 8_000, () => Promise.all(Array.from({ length: 5 }, () => ask({ id }))));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(5).fill(503));
    await agree(id, []);
    await opens(id);
  }, 120_000);
};

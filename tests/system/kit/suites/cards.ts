import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { ok, person, refusalOf, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { seating, time, type Selection } from '../seating.ts';

interface PaymentCard {
  id: string;
  last4: string;
}

/** What an order is charged to, as customers choose it. */
export const chosenCards = (place: Place): void => {
  const noon = time(3, 12, 14);
  const somebody = (): Person => person(place, `payer-${v7()}`);
  const add = (by: Person, token: string) => ok(by.post<PaymentCard>('/v1/payment-methods', { token }));
  const charged = async (by: Person, id: string) =>
    (await ok(by.get<{ card?: { last4: string } }>(`/v1/payments/${id}`))).card?.last4;

  test('are charged, and not the default one; without a card nothing is held (B5)', async () => {
    const { newCafe, reaches, states } = seating(place);
    const { cafe, seats } = await newCafe(2);
    const [mina, other] = [somebody(), somebody()];
    const visa = await add(mina, 'tok_visa');
    const chosen = await add(mina, 'tok_mastercard');
    const select = (by: Person, payment_method_id?: string) =>
      by.post<Selection>('/v1/seat-selections', {
        cafe_id: cafe.id,
        seat_id: seats[0]!.id,
        ...noon,
        payment_method_id,
      });

    expect(refusalOf(await select(other, visa.id))).toMatchObject({ status: 400, reason: 'UNKNOWN_PAYMENT_METHOD' });
    const theirs = await add(other, 'tok_visa');
    await ok(other.delete(`/v1/payment-methods/${theirs.id}`));
    expect(refusalOf(await select(other))).toMatchObject({ status: 400, reason: 'NO_PAYMENT_METHOD' });
    expect(await states(cafe, noon)).toEqual(['FREE', 'FREE']);
    expect(await ok(other.get('/v1/seat-selections'))).toMatchObject({ seatSelections: [] });

    const { id } = await ok(select(mina, chosen.id));
    await reaches(id, 'REGISTERED');
    expect(await charged(mina, id)).toBe('4444');
  });
};

import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { eventually } from '../eventually.ts';
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

  test('another one is charged after a decline, once, and the order goes on; without one it waits (B5)', async () => {
    const { newCafe, reaches, states } = seating(place);
    const { cafe, seats } = await newCafe(1);
    const [mina, other] = [somebody(), somebody()];
    const bad = await add(mina, 'tok_declined');
    const good = await add(mina, 'tok_mastercard');
    const theirs = await add(other, 'tok_visa');
    const { id } = await ok(
      mina.post<Selection>('/v1/seat-selections', {
        ...{ cafe_id: cafe.id, seat_id: seats[0]!.id, payment_method_id: bad.id },
        ...noon,
      }),
    );
    const retry = (by: Person, payment_method_id?: string) =>
      by.post<{ status: string }>(`/v1/payments/${id}:retry`, { payment_method_id });
    const payment = () => ok(mina.get<{ status: string; retryable: boolean }>(`/v1/payments/${id}`));
    await eventually(payment, ({ status, retryable }) => status === 'DECLINED' && retryable);
    expect(await reaches(id, 'PAYMENT_PENDING')).toMatchObject({ status: 'PAYMENT_PENDING' });
    await eventually(
      () => ok(mina.get<{ next?: object; reason: string }>(`/v1/orders/${id}`)),
      (seen) => seen.reason === 'CARD_DECLINED',
    );
    expect(await ok(mina.get(`/v1/orders/${id}`))).toMatchObject({
      ...{ status: 'PAYMENT_PENDING', next: { who: 'CUSTOMER', what: 'PAYMENT' } },
      deadline: { what: 'HELD_UNTIL' },
    });
    expect(await states(cafe, noon)).toEqual(['HELD']);

    expect(refusalOf(await retry(other, theirs.id))).toMatchObject({ status: 404 });
    expect(refusalOf(await retry(mina, theirs.id))).toMatchObject({ status: 400, reason: 'UNKNOWN_PAYMENT_METHOD' });
    expect(refusalOf(await retry(mina))).toMatchObject({ status: 400, reason: 'NOT_PENDING' });
    expect((await ok(retry(mina, bad.id))).status).toBe('PENDING');
    await eventually(payment, ({ status }) => status === 'DECLINED');
    const [first, second] = await Promise.all([retry(mina, good.id), retry(mina, good.id)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    await reaches(id, 'REGISTERED');
    expect(await charged(mina, id)).toBe('4444');
    expect((await seating(place).ledger(id)).map(({ type }) => type)).toEqual(['CHARGE']);
    expect(refusalOf(await retry(mina, bad.id))).toMatchObject({ status: 400, reason: 'NOT_PENDING' });
  });

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

import { expect, test } from '@jest/globals';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import { nextOf } from './next.ts';
import { samplePolicy } from './policy.ts';
import type { Booking, Reservation } from './reservation.ts';

const minute = 60_000;
const now = Date.parse('2026-11-21T00:00:00Z');
const booking: Booking = {
  ...{ guestId: 'guest', roomId: 'pine-2', checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2, hostId: 'host' },
  ...{ title: 'Pine 2', timeZone: 'Asia/Seoul', total: krw(256_000), policy: samplePolicy, slots: [] },
  checkInAt: Date.parse('2026-12-24T06:00:00Z'),
  checkOutAt: Date.parse('2026-12-25T15:00:00Z'),
};
const timeouts = { paymentAnswer: 10_000, payment: 30 * minute, askAgain: minute };
const kept = (state: Reservation, updatedAt = now): StoredAggregate<Reservation> => ({
  ...{ id: 'r1', state, version: 2, createdAt: now, updatedAt },
});
const next = (status: 'requested' | 'confirmed' | 'payment-pending' | 'paid' | 'completed', at = now) =>
  nextOf(kept({ status, booking }, at), timeouts);

test('the host answers before check-in (B10)', () =>
  expect(next('requested')).toEqual({
    ...{ who: 'PROVIDER', what: 'ANSWER' },
    deadline: { what: 'ANSWER_UNTIL', at: booking.checkInAt },
  }));

test('a reservation whose card was declined waits for its guest, until the time to pay is over (B5)', () => {
  const declined = { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since: now };
  expect(nextOf(kept({ status: 'payment-pending', booking, declined }, now + 3 * minute), timeouts)).toEqual({
    ...{ who: 'CUSTOMER', what: 'PAYMENT' },
    deadline: { what: 'PAY_UNTIL', at: now + 30 * minute },
  });
});

test('it is paid by the deadline that cancels it, at the latest at check-in (B10)', () => {
  expect(next('confirmed')?.deadline).toEqual({ what: 'PAY_UNTIL', at: now + 30 * minute });
  expect(next('confirmed', booking.checkInAt - minute)?.deadline?.at).toBe(booking.checkInAt);
  expect(next('payment-pending')?.deadline).toEqual({ what: 'PAY_UNTIL', at: booking.checkInAt });
});

test('a paid stay says until when all of it comes back: the end of the tenth day before, in the room’s time zone (B10)', () =>
  expect(next('paid')).toEqual({
    ...{ who: 'CUSTOMER', what: 'ARRIVE' },
    deadline: { what: 'FREE_CANCELLATION_UNTIL', at: Date.parse('2026-12-14T15:00:00Z') },
  }));

test('a policy that never refunds everything promises no free cancellation (B10)', () => {
  const half = { ...booking, policy: { version: 'half', refunds: [{ daysBefore: 0, percent: 50 }] } };
  expect(nextOf(kept({ status: 'paid', booking: half }), timeouts)).toEqual({ who: 'CUSTOMER', what: 'ARRIVE' });
});

test('a cancellation waits for nobody, and what is over waits for nothing (B10)', () => {
  const over = { booking, cause: 'CANCELLED_BY_GUEST', reasonText: '' } as const;
  expect(nextOf(kept({ status: 'cancelling', ...over, awaiting: ['payment'] }), timeouts)).toEqual({
    ...{ who: 'NOBODY', what: 'GIVE_BACK' },
  });
  expect(nextOf(kept({ status: 'cancelled', ...over }), timeouts)).toBeUndefined();
  expect(next('completed')).toBeUndefined();
});

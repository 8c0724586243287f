import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spec } from '#kernel/spec.ts';
import { krw } from '#kernel/money.ts';
import { isShown, orderView, type Head, type OrderUpdate, type OrderView } from './order-view.ts';

const { given } = spec(orderView);

const head: Head = {
  order: { kind: 'lodging.reservation', id: '0198c0de-0000-7000-8000-000000000001' },
  customerId: 'guest',
  providerId: 'host',
  title: 'Pine Lodge 2',
  status: 'REQUESTED',
  phase: 'RECEIVED',
  version: 1,
  total: krw(256_000),
  attributes: { room_id: 'pine-2' },
  reason: '',
  reasonText: '',
  createTime: 1_000,
  updateTime: 1_000,
};

let told = 0;
const heard = (name: string, at: number, more: Omit<OrderUpdate, 'entry'> = {}): OrderUpdate => ({
  entry: { id: `message-${++told}`, type: `jari.any.v1.${name}`, source: '/any', at, text: name },
  ...more,
});

const requested = heard('ReservationRequested', 1_000, { head });
const stayConfirmed = heard('StayConfirmed', 2_000);
const confirmed = heard('ReservationConfirmed', 2_100, {
  head: { ...head, status: 'CONFIRMED', phase: 'WAITING', version: 2 },
});
const deferred = heard('PaymentDeferred', 3_000, { payment: { status: 'PENDING', version: 2 } });
const completed = heard('PaymentCompleted', 4_000, { payment: { status: 'COMPLETED', version: 3 } });
const paid = heard('ReservationPaid', 4_100, { head: { ...head, status: 'PAID', phase: 'ACTIVE', version: 3 } });
const refunded = heard('PaymentCancelled', 6_000, { payment: { status: 'CANCELLED', version: 4 } });
const cancelled = heard('ReservationCancelled', 6_100, {
  head: { ...head, status: 'CANCELLED', phase: 'CANCELLED', version: 5 },
});

const viewOf = (events: readonly OrderUpdate[]): OrderView =>
  events.reduce((view, event) => {
    const decision = orderView.decide(view, event);
    return decision.accepted ? decision.events.reduce(orderView.evolve, view) : view;
  }, orderView.initial);

describe('the view of an order', () => {
  test('shows the latest state of order and payment, with the whole history (L6, L10)', () => {
    const view = viewOf([requested, stayConfirmed, confirmed, deferred, completed, paid]);
    expect(view).toMatchObject({ head: { status: 'PAID', phase: 'ACTIVE' }, payment: { status: 'COMPLETED' } });
    expect(view.timeline.map(({ text }) => text)).toEqual([
      'ReservationRequested',
      'StayConfirmed',
      'ReservationConfirmed',
      'PaymentDeferred',
      'PaymentCompleted',
      'ReservationPaid',
    ]);
  });

  test('is not set back by a late event of order or payment', () => {
    expect(viewOf([paid, completed, requested, deferred])).toMatchObject({
      head: { status: 'PAID' },
      payment: { status: 'COMPLETED' },
    });
  });

  test('of a capability that spoke before the order did is kept, and not shown yet', () => {
    const early = viewOf([stayConfirmed, completed]);
    expect(isShown(early)).toBe(false);
    expect(isShown(viewOf([stayConfirmed, completed, requested]))).toBe(true);
    expect(viewOf([stayConfirmed, completed, requested]).payment?.status).toBe('COMPLETED');
  });

  test('ignores a repeated message', () => given(requested, paid).when(requested).thenNothing());

  test('remembers that it was confirmed and paid when it is cancelled later (L12)', () => {
    expect(viewOf([requested, confirmed, completed, refunded, cancelled])).toMatchObject({
      confirmed: true,
      paid: true,
      declined: false,
    });
  });

  test('that was cancelled before anybody confirmed it was never confirmed (L12)', () => {
    expect(viewOf([requested, refunded, cancelled])).toMatchObject({ confirmed: false, paid: false, declined: false });
  });
});

describe('whatever the network does', () => {
  const phases = ['RECEIVED', 'WAITING', 'ACTIVE', 'DONE', 'CANCELLED'] as const;
  const payments = ['PENDING', 'COMPLETED', 'DECLINED', 'CANCELLED'] as const;
  // Few versions and instants, so that many events share one.
  const version = fc.integer({ min: 1, max: 4 });
  const about = fc.oneof(
    fc.record({
      head: fc.record({ version, phase: fc.constantFrom(...phases) }).map((some): Head => ({ ...head, ...some })),
    }),
    fc.record({ payment: fc.record({ version, status: fc.constantFrom(...payments) }) }),
    fc.constant({}),
  );
  const event = fc.record({ id: fc.uuid(), at: fc.integer({ min: 0, max: 5 }), about });
  const events = fc.uniqueArray(event, { selector: ({ id }) => id, minLength: 1, maxLength: 12 }).map((all) =>
    all.map(({ id, at, about }): OrderUpdate => ({
      entry: { id, type: 'jari.any.v1.Any', source: '/any', at, text: '' },
      ...about,
    })),
  );
  /** The events in any order, some of them more than once. */
  const delivery = events.chain((all) =>
    fc
      .array(fc.constantFrom(...all), { maxLength: 12 })
      .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }))
      .map((delivered) => ({ all, delivered })),
  );

  test('the same events give the same view, in any order and any number of times (K10)', () => {
    fc.assert(
      fc.property(delivery, ({ all, delivered }) => {
        expect(viewOf(delivered)).toEqual(viewOf(all));
      }),
      { numRuns: 2_000 },
    );
  });

  test('every event is in the timeline', () => {
    fc.assert(
      fc.property(delivery, ({ all, delivered }) => {
        expect(
          viewOf(delivered)
            .timeline.map(({ id }) => id)
            .sort(),
        ).toEqual(all.map(({ entry }) => entry.id).sort());
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { canceller } from '#kernel/spec.ts';
import { runTimers } from '#kernel/run-timers.ts';
import { consequencesWith } from './process.ts';
import { evolve, preorders, type Input, type Preorder, type PreorderEvent } from './preorder.ts';
import { at, booking, pickUp, progressAt, requested, ways } from './testing/sample.ts';

const consequences = consequencesWith({ intent: 30_000, acceptance: 600_000, receipt: 1_200_000, askAgain: 300_000 });

const after = (past: PreorderEvent[], event: PreorderEvent) =>
  consequences([event], {
    id: 'order',
    state: [...past, event].reduce(evolve, preorders.initial),
    version: 1,
    createdAt: 0,
    updatedAt: 1_000,
  });
const again = { timers: [{ name: 'ask-again', at: 61_000 }] };
const everybody = (type: string) => ({ to: 'everybody', type });
const still = { progress: progressAt.accepted, handsOver: false, asksDelivery: false };

describe('what follows', () => {
  test('from an intention: an alarm clock, by which it is a pre-order or nothing (P10)', () =>
    expect(after([], { type: 'PreorderIntended', booking: { ...booking, slots: ['open/customer/1'] } })).toEqual({
      timers: [{ name: 'intent', at: 31_000 }],
      claims: [{ key: 'open/customer/1' }],
      stopTimers: ['ask-again'],
    }));
  test('from one that is dropped: what may be held goes back', () => {
    expect(after(ways.intended, { type: 'PreorderDropped', mayHoldStock: true })).toEqual({
      messages: [{ to: 'inventory', type: 'ReleaseStock', booking }],
      stopTimers: 'all',
      releases: 'all',
      ...again,
    });
    expect(after(ways.intended, { type: 'PreorderDropped', mayHoldStock: false })).toEqual({
      messages: [],
      stopTimers: 'all',
      releases: 'all',
    });
  });
  test('from a pre-order: a dealership is looked for by itself (P3), and one must accept in time (B7)', () =>
    expect(after(ways.intended, { type: 'PreorderRequested' })).toEqual({
      messages: [everybody('PreorderRequested'), { to: 'assignment', type: 'RequestAssignment', booking }],
      stopTimers: 'all',
      timers: [{ name: 'acceptance', at: 600_000 }, ...again.timers],
    }));
  test('from its acceptance: the delivery is asked for', () =>
    expect(after(at('assigned'), { type: 'PreorderAccepted', ...still, asksDelivery: true })).toEqual({
      messages: [everybody('PreorderAccepted'), { to: 'delivery', type: 'RequestDelivery', booking }],
      stopTimers: 'all',
      timers: [{ name: 'receipt', at: 1_201_000 }, ...again.timers],
    }));
  test('from its leaving: the stock is handed over (P3)', () =>
    expect(after(at('accepted'), { type: 'PreorderShipped', ...still, handsOver: true })).toEqual({
      messages: [everybody('PreorderShipped'), { to: 'inventory', type: 'CommitStock', booking }],
      stopTimers: 'all',
      ...again,
    }));
  test('from its receipt: it no longer counts among the customer’s open pre-orders (B7)', () => {
    expect(after(at('shipped'), { type: 'PreorderDelivered', ...still, progress: progressAt.delivered }).releases).toBe(
      'all',
    );
    expect(
      after(at('delivered'), { type: 'PreorderActivated', ...still, progress: progressAt.activated }).releases,
    ).toBe('all');
    expect(
      after(ways.cancelling, {
        type: 'PreorderCancelRefused',
        reason: 'DELIVERED',
        ...still,
        progress: progressAt.delivered,
      }).releases,
    ).toBe('all');
    expect(after(at('accepted'), { type: 'PreorderShipped', ...still }).releases).toBeUndefined();
  });
  test('from what becomes known on the quiet: nothing is told', () =>
    expect(after(ways.cancelling, { type: 'PreorderProgressed', ...still, handsOver: true })).toEqual({
      messages: [{ to: 'inventory', type: 'CommitStock', booking }],
      ...again,
    }));
  test('from cancelling: each part in its turn (P7, P8)', () => {
    expect(
      after(at('accepted'), {
        type: 'PreorderCancelling',
        first: 'delivery',
        cause: 'CANCELLED_BY_CUSTOMER',
        reasonText: '',
      }),
    ).toEqual({
      messages: [everybody('PreorderCancelling'), { to: 'delivery', type: 'CancelDelivery' }],
      stopTimers: 'all',
      ...again,
    });
    const returned = (next: 'assignment' | 'stock'): PreorderEvent => ({
      type: 'PreorderPartReturned',
      progress: progressAt.accepted,
      next,
    });
    expect(after(ways.cancelling, returned('assignment'))).toEqual({
      messages: [{ to: 'assignment', type: 'CancelAssignment', undelivered: true }],
      ...again,
    });
    expect(after(ways.cancelling, returned('stock'))).toEqual({
      messages: [{ to: 'inventory', type: 'ReleaseStock', booking }],
      ...again,
    });
    expect(after(ways.cancelling, { type: 'PreorderCancelled' })).toEqual({
      messages: [everybody('PreorderCancelled')],
      releases: 'all',
      stopTimers: ['ask-again'],
    });
  });
  test.each([
    [booking, true],
    [pickUp, false],
  ])('from cancelling: its dealership reads whether the customer can have the phone (P7)', (of, undelivered) => {
    const command = { to: 'assignment', type: 'CancelAssignment', undelivered };
    const first: PreorderEvent = {
      ...{ type: 'PreorderCancelling', first: 'assignment' },
      ...{ cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' },
    };
    expect(after(at('assigned', of), first).messages).toContainEqual(command);
    expect(after([...at('assigned', of), first], { type: 'AskedAgain', at: 61_000 }).messages).toEqual([command]);
  });
  test('from an early activation: neither is the stock handed over, nor is its customer’s slot free', () =>
    expect(
      after(at('accepted'), { type: 'PreorderProgressed', ...still, progress: progressAt['activated early'] }),
    ).toEqual({ messages: [], ...again }));
  test('from nothing: nothing', () =>
    expect(
      consequences([], {
        id: 'order',
        state: requested().reduce(evolve, preorders.initial),
        version: 1,
        createdAt: 0,
        updatedAt: 0,
      }),
    ).toEqual({}));
});

describe('a pre-order that nobody answers (B8)', () => {
  const timers: Record<string, (at: number) => Input> = {
    intent: () => ({ type: 'StockUnanswered' }),
    acceptance: () => ({ type: 'AcceptanceOverdue' }),
    receipt: () => ({ type: 'ReceiptOverdue' }),
    'ask-again': (at) => ({ type: 'AskAgain', at }),
  };
  /** At rest, or asked for until it comes back, or in the hands of a dealership; until the phone is there, its customer can cancel. */
  const isEnd = (state: Preorder): boolean =>
    state.status === 'open'
      ? ['accepted', 'shipped', 'delivered', 'activated'].includes(state.stage)
      : ['dropped', 'cancelling', 'cancelled'].includes(state.status);
  const silent = (past: PreorderEvent[]): Preorder => runTimers({ ...preorders, consequences }, past, timers, isEnd, 0);
  const places = (Object.keys(ways) as (keyof typeof ways)[]).filter((place) => place !== 'none');

  test.each(places)('comes to an end from %s by its timers alone', (place) =>
    expect(isEnd(silent(ways[place]))).toBe(true),
  );
  test.each(['requested', 'assigned', 'waiting-dealership'] as const)('and is %s is called off as EXPIRED', (place) =>
    expect(silent(ways[place])).toMatchObject({ status: 'cancelling', cause: 'EXPIRED' }),
  );
  test.each(['accepted', 'activated early', 'shipped', 'shipped and activated early'] as const)(
    'and is %s can be cancelled by its customer',
    (place) =>
      expect(
        preorders.decide(silent(ways[place]), { type: 'CancelPreorder', by: canceller('customer') }),
      ).toMatchObject({
        events: [{ type: 'PreorderCancelling' }],
      }),
  );

  test.each<[keyof typeof ways, string[]]>([
    ['intended', []],
    ['dropped', ['ReleaseStock']],
    ['requested', ['RequestAssignment']],
    ['waiting-dealership', ['RequestAssignment']],
    ['assigned', ['RequestAssignment']],
    ['accepted', ['RequestDelivery']],
    ['activated early', ['RequestDelivery']],
    ['to be picked up', ['RequestAssignment']],
    ['picked up', ['CommitStock']],
    ['shipped', ['RequestDelivery', 'CommitStock']],
    ['shipped and activated early', ['RequestDelivery', 'CommitStock']],
    ['delivered', ['RequestAssignment', 'CommitStock']],
    ['activated', ['CommitStock']],
    ['cancelling', ['CancelDelivery']],
    ['cancelling, not delivered', ['CancelAssignment']],
    ['cancelling a pick-up', ['CancelAssignment']],
    ['cancelled', []],
  ])('%s asks again: %j', (place, expected) =>
    expect((after(ways[place], { type: 'AskedAgain', at: 61_000 }).messages ?? []).map(({ type }) => type)).toEqual(
      expected,
    ),
  );
  test('what inventory has said to be handed over is not asked for again', () =>
    expect(
      after(
        [
          ...ways.activated,
          { type: 'PreorderProgressed', ...still, progress: { ...progressAt.activated, isCommitted: true } },
        ],
        { type: 'AskedAgain', at: 61_000 },
      ).messages ?? [],
    ).toEqual([]));
});

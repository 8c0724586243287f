import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { runTimers } from '#kernel/run-timers.ts';
import { days, minutes } from '#kernel/time.ts';
import type { Contract } from './contract.ts';
import { samplePolicy } from './policy.ts';
import { consequencesWith } from './process.ts';
import { rentals, type Input, type Rental, type RentalEvent } from './rental.ts';

const now = Date.UTC(2026, 10, 21);
const contract: Contract = {
  ...{ customerId: 'customer', productId: 'mini', months: 24, address: '1 World Cup-ro, Seoul', title: 'Mini' },
  ...{ monthlyFee: krw(19_900), deposit: krw(50_000), policy: samplePolicy, slots: ['unpaid/customer/1'] },
};
const begun: RentalEvent = { type: 'PaymentBegun', contract };
const cancelling: RentalEvent = {
  type: 'RentalCancelling',
  cause: 'CANCELLED_BY_CUSTOMER',
  reasonText: '',
  keep: krw(100),
  askedAt: now,
};
const askedBack: RentalEvent = { type: 'DeliveryAskedBack' };
const restAskedBack: RentalEvent = { type: 'RestAskedBack' };
const events = (
  ...types: ('RentalReceived' | 'RentalBackordered' | 'RentalStockConfirmed' | 'RentalDelivering' | 'RentalInstalled')[]
): RentalEvent[] => types.map((type) => ({ type }));

const timeouts = { intent: 20_000, askAgain: minutes(5) };

/** What follows from `last`, when `past` has happened. */
function after(past: readonly RentalEvent[], ...last: RentalEvent[]) {
  const state = [...past, ...last].reduce(rentals.evolve, rentals.initial);
  return consequencesWith(timeouts)(last, { id: 'r', state, version: 2, createdAt: now, updatedAt: now });
}
const asked = (consequences: ReturnType<typeof after>) =>
  (consequences.messages ?? []).flatMap((message) => (message.to === 'everybody' ? [] : [message.type]));
const told = (consequences: ReturnType<typeof after>) =>
  (consequences.messages ?? []).flatMap((message) => (message.to === 'everybody' ? [message.type] : []));

describe('the saga of a rental (K22)', () => {
  test('an intent is not published, and is undone by its timer if it stays one', () =>
    expect(after([], begun)).toMatchObject({
      timers: [{ name: 'intent', at: now + 20_000 }],
      stopTimers: ['ask-again'],
    }));
  test('an intent occupies the customer’s slot until it is paid or given up (B7)', () => {
    expect(after([], begun).claims).toEqual([{ key: 'unpaid/customer/1' }]);
    for (const last of [
      { type: 'PaymentFailed' },
      { type: 'PaymentUndone', askedAt: now },
      { type: 'RentalReceived' },
    ] as const)
      expect(after([begun], last).releases).toEqual([{ key: 'unpaid/customer/1' }]);
  });
  test('an undone intent is refunded in full (R7)', () => {
    const undone = after([begun], { type: 'PaymentUndone', askedAt: now });
    const messages = [{ to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now }];
    expect(undone).toMatchObject({
      messages,
      timers: [{ name: 'ask-again', at: now + minutes(1) }],
      stopTimers: ['intent'],
    });
  });
  test('units are asked for once it is paid (R2, R3)', () => {
    const received = after([begun], { type: 'RentalReceived' });
    expect(asked(received)).toEqual(['ReserveStock']);
    expect(received.stopTimers).toEqual(['intent']);
  });
  test('delivery is asked for once there are units (R3)', () =>
    expect(after([begun, ...events('RentalReceived')], { type: 'RentalStockConfirmed' }).messages).toContainEqual({
      to: 'delivery',
      type: 'RequestDelivery',
      address: '1 World Cup-ro, Seoul',
      customerId: 'customer',
    }));
  test('the count on hand falls when delivery starts, not before (R4)', () => {
    const confirmed = events('RentalReceived', 'RentalStockConfirmed');
    expect(asked(after([begun, ...confirmed], { type: 'RentalDelivering' }))).toEqual(['CommitStock']);
    expect(asked(after([begun, ...confirmed], ...events('RentalDelivering', 'RentalInstalled')))).toEqual([
      'CommitStock',
    ]);
    expect(asked(after([begun, ...confirmed, cancelling, askedBack], { type: 'RentalDelivering' }))).toEqual([
      'CommitStock',
    ]);
  });
  test('cancelling asks units and money back while no delivery was asked for (R5)', () => {
    const { messages } = after([begun, ...events('RentalReceived')], cancelling, restAskedBack);
    expect(messages).toContainEqual({ to: 'inventory', type: 'ReleaseStock', productId: 'mini' });
    expect(messages).toContainEqual({
      ...{ to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now, wasPaid: true },
    });
  });
  test('cancelling asks the delivery first and alone, and the rest once it agrees (R5)', () => {
    const confirmed = [begun, ...events('RentalReceived', 'RentalStockConfirmed')];
    expect(asked(after(confirmed, cancelling, askedBack))).toEqual(['CancelDelivery']);
    expect(asked(after([...confirmed, cancelling, askedBack], restAskedBack))).toEqual([
      'ReleaseStock',
      'CancelPayment',
    ]);
    expect(
      asked(after([...confirmed, cancelling, askedBack], { type: 'RentalCancelRefused', reason: 'DELIVERED' })),
    ).toEqual([]);
  });
  test('each step but the internal ones is published (R6, R10)', () => {
    expect(told(after([begun], { type: 'RentalReceived' }))).toEqual(['RentalReceived']);
    expect(
      told(
        after([begun, ...events('RentalReceived'), cancelling, restAskedBack], { type: 'PartReturned', part: 'stock' }),
      ),
    ).toEqual([]);
    expect(
      told(after([begun, ...events('RentalReceived'), cancelling, restAskedBack], { type: 'RentalCancelled' })),
    ).toEqual(['RentalCancelled']);
  });
});

const received = [begun, ...events('RentalReceived')];
const confirmed = [...received, ...events('RentalStockConfirmed')];
const pasts: Record<Exclude<Rental['status'], 'none'> | 'asking-delivery' | 'undone', RentalEvent[]> = {
  paying: [begun],
  unpaid: [begun, { type: 'PaymentFailed' }],
  undone: [begun, { type: 'PaymentUndone', askedAt: now }],
  received,
  backordered: [...received, ...events('RentalBackordered')],
  'stock-confirmed': confirmed,
  delivering: [...confirmed, ...events('RentalDelivering')],
  installed: [...confirmed, ...events('RentalDelivering', 'RentalInstalled')],
  'asking-delivery': [...confirmed, cancelling, askedBack],
  cancelling: [...received, cancelling, restAskedBack],
  cancelled: [...received, cancelling, restAskedBack, { type: 'RentalCancelled' }],
};

describe('a rental without answers (B8)', () => {
  const timers: Record<string, (at: number) => Input> = {
    intent: (at) => ({ type: 'PaymentInDoubt', at }),
    'ask-again': (at) => ({ type: 'AskAgain', made: now, at }),
  };
  /** Where it may stay: at rest, or where it asks for the money until it is back. */
  const ends: readonly Rental['status'][] = ['unpaid', 'installed', 'cancelling', 'cancelled'];
  const silent = (past: RentalEvent[]): Rental =>
    runTimers(
      { ...rentals, consequences: consequencesWith(timeouts) },
      past,
      timers,
      ({ status }) => ends.includes(status),
      now,
    );
  test.each(Object.entries(pasts))('comes to an end from %s by its timers alone', (_, past) =>
    expect(ends).toContain(silent(past).status),
  );
  test.each(['received', 'backordered', 'stock-confirmed', 'delivering'] as const)(
    'is paid back as NOT_DELIVERED after 90 days as %s',
    (past) =>
      expect(silent(pasts[past])).toMatchObject({
        status: 'cancelling',
        cause: 'NOT_DELIVERED',
        reasonText: '',
        keep: krw(0),
        askedAt: now + days(90),
      }),
  );
  test('continues when the delivery reports that it was delivered, and asks until then', () => {
    const state = [
      ...pasts['delivering'],
      { ...cancelling, cause: 'NOT_DELIVERED' } as RentalEvent,
      askedBack,
      { type: 'RentalCancelRefused', reason: 'DELIVERED' } as const,
    ].reduce(rentals.evolve, rentals.initial);
    expect(rentals.decide(state, { type: 'AskAgain', made: now, at: now + days(100) })).toMatchObject({
      events: [{ type: 'AskedAgain' }],
    });
  });

  test.each<[keyof typeof pasts, string[]]>([
    ['paying', []],
    ['unpaid', []],
    ['undone', ['CancelPayment']],
    ['received', ['ReserveStock']],
    ['backordered', ['ReserveStock']],
    ['stock-confirmed', ['RequestDelivery']],
    ['delivering', ['RequestDelivery', 'CommitStock']],
    ['installed', ['CommitStock']],
    ['asking-delivery', ['CancelDelivery']],
    ['cancelling', ['ReleaseStock', 'CancelPayment']],
    ['cancelled', []],
  ])('%s asks again: %j', (past, commands) => {
    const consequences = after(pasts[past], { type: 'AskedAgain', at: now + minutes(1) });
    expect([asked(consequences), told(consequences)]).toEqual([commands, []]);
    expect(consequences.timers?.map(({ name }) => name) ?? []).toEqual(commands.length ? ['ask-again'] : []);
  });
  test('does not ask again for a part that has been given back', () => {
    const again: RentalEvent = { type: 'AskedAgain', at: now + minutes(1) };
    expect(asked(after([...pasts.installed, { type: 'StockLeft' }], again))).toEqual([]);
    expect(asked(after([...pasts.undone, { type: 'PartReturned', part: 'payment' }], again))).toEqual([]);
    expect(asked(after([...pasts.cancelling, { type: 'PartReturned', part: 'stock' }], again))).toEqual([
      'CancelPayment',
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import type { Contract } from './contract.ts';
import { samplePolicy } from './policy.ts';
import { consequencesWith } from './process.ts';
import { rentals, type RentalEvent } from './rental.ts';

const now = Date.UTC(2026, 10, 21);
const contract: Contract = {
  ...{ customerId: 'customer', productId: 'mini', months: 24, address: '1 World Cup-ro, Seoul', title: 'Mini' },
  ...{ monthlyFee: krw(19_900), deposit: krw(50_000), policy: samplePolicy, slots: ['unpaid/customer/1'] },
};
const begun: RentalEvent = { type: 'PaymentBegun', contract };
const cancelling: RentalEvent = { type: 'RentalCancelling', keep: krw(100), askedAt: now };
const askedBack: RentalEvent = { type: 'DeliveryAskedBack' };
const restAskedBack: RentalEvent = { type: 'RestAskedBack' };
const events = (...types: ('RentalReceived' | 'RentalBackordered' | 'RentalStockConfirmed' | 'RentalDelivering' | 'RentalInstalled')[]): RentalEvent[] =>
  types.map((type) => ({ type }));

/** What follows from `last`, when `past` has happened. */
function after(past: readonly RentalEvent[], ...last: RentalEvent[]) {
  const state = [...past, ...last].reduce(rentals.evolve, rentals.initial);
  return consequencesWith(20_000)(last, { id: 'r', state, version: 2, createdAt: now, updatedAt: now });
}
const asked = (consequences: ReturnType<typeof after>) => consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [] : [message.type]));
const told = (consequences: ReturnType<typeof after>) => consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [message.type] : []));

describe('the saga of a rental (K22)', () => {
  test('an intent tells nobody, and is undone by the clock if it stays one', () =>
    expect(after([], begun)).toMatchObject({ messages: [], timers: [{ name: 'intent', at: now + 20_000 }], stopTimers: [] }));
  test('an intent occupies the customer’s slot until it is paid or given up (B7)', () => {
    expect(after([], begun).claims).toEqual([{ key: 'unpaid/customer/1' }]);
    for (const last of [{ type: 'PaymentFailed' }, { type: 'PaymentUndone', askedAt: now }, { type: 'RentalReceived' }] as const)
      expect(after([begun], last).releases).toEqual([{ key: 'unpaid/customer/1' }]);
  });
  test('what is undone gives all money back (R7)', () => {
    const undone = after([begun], { type: 'PaymentUndone', askedAt: now });
    expect(undone).toMatchObject({ messages: [{ to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now }], timers: [], stopTimers: ['intent'] });
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
    }));
  test('the count on hand falls when delivery starts, not before (R4)', () => {
    const confirmed = events('RentalReceived', 'RentalStockConfirmed');
    expect(asked(after([begun, ...confirmed], { type: 'RentalDelivering' }))).toEqual(['CommitStock']);
    expect(asked(after([begun, ...confirmed], ...events('RentalDelivering', 'RentalInstalled')))).toEqual(['CommitStock']);
    expect(asked(after([begun, ...confirmed, cancelling, askedBack], { type: 'RentalDelivering' }))).toEqual(['CommitStock']);
  });
  test('cancelling asks units and money back while no delivery was asked for (R5)', () => {
    const { messages } = after([begun, ...events('RentalReceived')], cancelling, restAskedBack);
    expect(messages).toContainEqual({ to: 'inventory', type: 'ReleaseStock', productId: 'mini' });
    expect(messages).toContainEqual({ to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now });
  });
  test('cancelling asks the delivery first and alone, and the rest once it agrees (R5)', () => {
    const confirmed = [begun, ...events('RentalReceived', 'RentalStockConfirmed')];
    expect(asked(after(confirmed, cancelling, askedBack))).toEqual(['CancelDelivery']);
    expect(asked(after([...confirmed, cancelling, askedBack], restAskedBack))).toEqual(['ReleaseStock', 'CancelPayment']);
    expect(asked(after([...confirmed, cancelling, askedBack], { type: 'RentalCancelRefused', reason: 'DELIVERED' }))).toEqual([]);
  });
  test('everybody hears of each step but the inner ones (R6, R10)', () => {
    expect(told(after([begun], { type: 'RentalReceived' }))).toEqual(['RentalReceived']);
    expect(told(after([begun, ...events('RentalReceived'), cancelling, restAskedBack], { type: 'PartReturned', part: 'stock' }))).toEqual([]);
    expect(told(after([begun, ...events('RentalReceived'), cancelling, restAskedBack], { type: 'RentalCancelled' }))).toEqual(['RentalCancelled']);
  });
});

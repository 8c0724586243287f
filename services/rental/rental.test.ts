import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { canceller, spec, staff } from '#kernel/spec.ts';
import { previewCancellation } from './cancellation.ts';
import { contractFor, firstPayment, type Contract } from './contract.ts';
import { rentals, type Input, type Rental, type RentalEvent } from './rental.ts';
import { samplePolicy } from './policy.ts';
import type { Product } from './product.ts';

const product: Product = {
  id: 'mini',
  name: 'Clear Spring Mini',
  isDispenser: true,
  monthlyFee: krw(19_900),
  deposit: krw(50_000),
  isClosed: false,
  version: 1,
};
const wish = { customerId: 'customer', productId: 'mini', months: 24, address: '1 World Cup-ro, Seoul' };
const contract: Contract = {
  ...wish,
  title: 'Clear Spring Mini · 24 months',
  monthlyFee: krw(19_900),
  deposit: krw(50_000),
  policy: samplePolicy,
  slots: [],
};
const at = Date.UTC(2026, 10, 21);

const begun: RentalEvent = { type: 'PaymentBegun', contract };
const failed: RentalEvent = { type: 'PaymentFailed' };
const undone: RentalEvent = { type: 'PaymentUndone', askedAt: at };
const received: RentalEvent = { type: 'RentalReceived' };
const backordered: RentalEvent = { type: 'RentalBackordered' };
const confirmed: RentalEvent = { type: 'RentalStockConfirmed' };
const delivering: RentalEvent = { type: 'RentalDelivering' };
const installed: RentalEvent = { type: 'RentalInstalled' };
const cancelling: RentalEvent = {
  type: 'RentalCancelling',
  cause: 'CANCELLED_BY_CUSTOMER',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
};
const askedBack: RentalEvent = { type: 'DeliveryAskedBack' };
const restAskedBack: RentalEvent = { type: 'RestAskedBack' };
const stockBack: RentalEvent = { type: 'PartReturned', part: 'stock' };
const paymentBack: RentalEvent = { type: 'PartReturned', part: 'payment' };
const goesOn: RentalEvent = { type: 'RentalCancelRefused', reason: 'DELIVERED' };
const cancelled: RentalEvent = { type: 'RentalCancelled' };

const begin: Input = { type: 'BeginPayment', contract, agreed: undefined, limits: [] };
const cancel: Input = { type: 'CancelRental', by: canceller('customer'), at };
const refusedByDelivery: Input = { type: 'DeliveryCancelRefused', reason: 'DELIVERED' };
const { given } = spec(rentals);
const after = (...events: RentalEvent[]): Rental => events.reduce(rentals.evolve, rentals.initial);

describe('a customer', () => {
  test('rents a dispenser at the fees of the moment; deposit and first month are paid first (R1, R2)', () => {
    expect(contractFor(wish, product)).toEqual(contract);
    expect(firstPayment(contract)).toEqual(krw(69_900));
  });
  test('cannot rent an unknown product, or one that is not a dispenser', () => {
    expect(contractFor(wish, undefined)).toBe('no-such-product');
    expect(contractFor(wish, { ...product, isDispenser: false })).toBe('not-a-dispenser');
  });
  test('cannot rent a product that is closed (B2)', () =>
    expect(contractFor(wish, { ...product, isClosed: true })).toBe('not-on-sale'));
});

describe('an intent', () => {
  test('is no rental until it is paid (R2)', () => {
    given().when(begin).then(begun);
    given(begun).when({ type: 'Paid' }).then(received);
    given(begun).when(cancel).thenRefused('no-such-rental');
  });
  test('that was declined becomes none (R7)', () => given(begun).when({ type: 'PaymentDeclined' }).then(failed));
  test('whose outcome is not known is undone (R7, R9)', () =>
    given(begun).when({ type: 'PaymentInDoubt', at }).then(undone));
  test('that was undone does not become a rental when the answer comes after all', () =>
    given(begun, undone).when({ type: 'Paid' }).thenRefused('payment-undone'));
  test('that became a rental is not undone by the clock', () =>
    given(begun, received).when({ type: 'PaymentInDoubt', at }).thenNothing());
  test('is intended once, however often payment is asked', () => given(begun).when(begin).thenNothing());
  test('of another first payment than the agreed one is none (B1)', () => {
    given()
      .when({ ...begin, agreed: krw(69_900) })
      .then(begun);
    given()
      .when({ ...begin, agreed: krw(19_900) })
      .thenRefused('price-changed', { total_units: '69900', total_currency: 'KRW' });
  });
  test('occupies a slot of the customer’s, if there is one (B7)', () => {
    const limit = { most: 2, of: 'unpaid rentals', want: 1 };
    given()
      .when({ ...begin, limits: [{ ...limit, free: ['unpaid/customer/1'] }] })
      .then({ ...begun, contract: { ...contract, slots: ['unpaid/customer/1'] } });
    given()
      .when({ ...begin, limits: [{ ...limit, free: [] }] })
      .thenRefused('too-many-holds', { most: '2', of: 'unpaid rentals' });
  });
});

describe('a rental', () => {
  test('has its units confirmed, is delivered and installed (R3)', () => {
    given(begun, received).when({ type: 'StockReserved' }).then(confirmed);
    given(begun, received, confirmed).when({ type: 'DeliveryStarted' }).then(delivering);
    given(begun, received, confirmed, delivering).when({ type: 'Delivered' }).then(installed);
  });
  test('waits in line while there are no units (R8)', () => {
    given(begun, received).when({ type: 'StockUnavailable' }).then(backordered);
    given(begun, received, backordered).when({ type: 'StockReserved' }).then(confirmed);
  });
  test('stays confirmed when the news that there was none comes late', () =>
    given(begun, received, confirmed).when({ type: 'StockUnavailable' }).thenNothing());
  test('that was delivered has been delivering, even if the start was never reported', () => {
    given(begun, received, confirmed).when({ type: 'Delivered' }).then(delivering, installed);
    given(begun, received, confirmed, delivering, installed).when({ type: 'DeliveryStarted' }).thenNothing();
  });
});

describe('cancelling', () => {
  test('asks units and money back at once while no delivery was asked for (R5)', () => {
    for (const past of [
      [begun, received],
      [begun, received, backordered],
    ]) {
      given(...past)
        .when(cancel)
        .then(cancelling, restAskedBack);
      expect(after(...past, cancelling, restAskedBack)).toMatchObject({
        status: 'cancelling',
        awaiting: ['stock', 'payment'],
      });
    }
  });
  test('asks the delivery first, and alone (R5)', () => {
    for (const past of [
      [begun, received, confirmed],
      [begun, received, confirmed, delivering],
    ]) {
      given(...past)
        .when(cancel)
        .then(cancelling, askedBack);
      expect(after(...past, cancelling, askedBack)).toMatchObject({ status: 'cancelling', awaiting: ['delivery'] });
      given(...past, cancelling, askedBack)
        .when({ type: 'DeliveryCancelled' })
        .then(restAskedBack);
      expect(after(...past, cancelling, askedBack, restAskedBack)).toMatchObject({ awaiting: ['stock', 'payment'] });
    }
  });
  test('waits for units and money, in either order', () => {
    given(begun, received, cancelling, restAskedBack).when({ type: 'StockReleased' }).then(stockBack);
    given(begun, received, cancelling, restAskedBack, stockBack).when({ type: 'PaymentCancelled' }).then(cancelled);
    given(begun, received, cancelling, restAskedBack, paymentBack).when({ type: 'StockReleased' }).then(cancelled);
  });
  test('goes back to where it was when the delivery refuses, and says why', () => {
    given(begun, received, confirmed, delivering, cancelling, askedBack).when(refusedByDelivery).then(goesOn);
    expect(after(begun, received, confirmed, delivering, cancelling, askedBack, goesOn)).toMatchObject({
      status: 'delivering',
      cancelRefused: 'DELIVERED',
    });
    expect(after(begun, received, confirmed, delivering, cancelling, askedBack, goesOn, installed)).toMatchObject({
      status: 'installed',
      cancelRefused: 'DELIVERED',
    });
  });
  test('keeps deliveries that start or arrive meanwhile', () => {
    given(begun, received, confirmed, cancelling, askedBack).when({ type: 'DeliveryStarted' }).then(delivering);
    given(begun, received, confirmed, cancelling, askedBack).when({ type: 'Delivered' }).then(delivering, installed);
    expect(after(begun, received, confirmed, cancelling, askedBack, delivering, installed)).toMatchObject({
      status: 'cancelling',
      was: 'installed',
    });
    expect(after(begun, received, confirmed, cancelling, askedBack, delivering, installed, goesOn)).toMatchObject({
      status: 'installed',
      cancelRefused: 'DELIVERED',
    });
  });
  test('is not stopped by units that are reserved late, nor by a delivery that starts after it was called off', () => {
    given(begun, received, cancelling).when({ type: 'StockReserved' }).thenNothing();
    given(begun, received, confirmed, cancelling, askedBack, restAskedBack)
      .when({ type: 'DeliveryStarted' })
      .thenNothing();
    given(begun, received, confirmed, cancelling, askedBack, restAskedBack).when(refusedByDelivery).thenNothing();
  });
  test('twice is once', () => given(begun, received, cancelling).when(cancel).thenNothing());
  test("somebody else's is not there", () =>
    given(begun, received)
      .when({ ...cancel, by: canceller('stranger') })
      .thenRefused('no-such-rental'));
  test('is refused once it is installed', () =>
    given(begun, received, confirmed, delivering, installed).when(cancel).thenRefused('not-cancellable'));
  test('by staff gives everything back, and says why (B4)', () => {
    const policy = { version: 'strict', refundPercent: { ...samplePolicy.refundPercent, delivering: 50 } };
    const strict: RentalEvent = { type: 'PaymentBegun', contract: { ...contract, policy } };
    const byStaff: RentalEvent = {
      ...{ type: 'RentalCancelling', cause: 'CANCELLED_BY_STAFF', reasonText: staff.text },
      ...{ keep: krw(0), askedAt: at },
    };
    given(strict, received, confirmed, delivering)
      .when({ ...cancel, by: staff })
      .then(byStaff, askedBack);
    expect(after(begun, received, byStaff, restAskedBack, cancelled)).toEqual({
      ...{ status: 'cancelled', contract, cause: 'CANCELLED_BY_STAFF', reasonText: staff.text },
    });
  });
  test('by staff needs words for the customer, and changes nothing of a cancellation that has begun (B4)', () => {
    given(begun, received)
      .when({ ...cancel, by: { ...staff, text: '' } })
      .thenRefused('text-required');
    given(begun, received, cancelling)
      .when({ ...cancel, by: staff })
      .thenNothing();
    given(begun, received, confirmed, delivering, installed)
      .when({ ...cancel, by: staff })
      .thenRefused('not-cancellable');
  });
  test('keeps what the stored policy says, and shows it before (R5)', () => {
    const policy = { version: 'strict', refundPercent: { ...samplePolicy.refundPercent, delivering: 50 } };
    const strict: RentalEvent = { type: 'PaymentBegun', contract: { ...contract, policy } };
    given(strict, received, confirmed, delivering)
      .when(cancel)
      .then(
        { type: 'RentalCancelling', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '', keep: krw(34_950), askedAt: at },
        askedBack,
      );
    expect(previewCancellation(after(strict, received, confirmed, delivering))).toEqual({
      paid: krw(69_900),
      refund: krw(34_950),
      percent: 50,
      stage: 'delivering',
    });
    expect(previewCancellation(after(strict, received))).toEqual({
      paid: krw(69_900),
      refund: krw(69_900),
      percent: 100,
      stage: 'received',
    });
    expect(previewCancellation(after(strict, received, confirmed, delivering, installed))).toBe('not-cancellable');
  });
});

describe('every state meets every message', () => {
  const histories = {
    none: [],
    paying: [begun],
    unpaid: [begun, undone],
    received: [begun, received],
    backordered: [begun, received, backordered],
    'stock-confirmed': [begun, received, confirmed],
    delivering: [begun, received, confirmed, delivering],
    installed: [begun, received, confirmed, delivering, installed],
    'asking-delivery': [begun, received, confirmed, cancelling, askedBack],
    cancelling: [begun, received, cancelling, restAskedBack],
    'awaiting-payment': [begun, received, cancelling, restAskedBack, stockBack],
    cancelled: [begun, received, cancelling, restAskedBack, stockBack, cancelled],
  } satisfies Record<string, RentalEvent[]>;
  type History = keyof typeof histories;
  const inputs: Record<Input['type'], Input> = {
    BeginPayment: begin,
    Paid: { type: 'Paid' },
    PaymentDeclined: { type: 'PaymentDeclined' },
    PaymentInDoubt: { type: 'PaymentInDoubt', at },
    CancelRental: cancel,
    StockReserved: { type: 'StockReserved' },
    StockUnavailable: { type: 'StockUnavailable' },
    StockReleased: { type: 'StockReleased' },
    DeliveryStarted: { type: 'DeliveryStarted' },
    Delivered: { type: 'Delivered' },
    DeliveryCancelled: { type: 'DeliveryCancelled' },
    DeliveryCancelRefused: refusedByDelivery,
    StockCommitted: { type: 'StockCommitted' },
    PaymentCancelled: { type: 'PaymentCancelled' },
    AskAgain: { type: 'AskAgain', made: at, at },
  };
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<History, string>>> = {
    BeginPayment: { none: 'PaymentBegun' },
    Paid: { paying: 'RentalReceived', unpaid: '(payment-undone)' },
    PaymentDeclined: { paying: 'PaymentFailed' },
    PaymentInDoubt: { paying: 'PaymentUndone' },
    CancelRental: {
      none: '(no-such-rental)',
      paying: '(no-such-rental)',
      unpaid: '(no-such-rental)',
      received: 'RentalCancelling,RestAskedBack',
      backordered: 'RentalCancelling,RestAskedBack',
      'stock-confirmed': 'RentalCancelling,DeliveryAskedBack',
      delivering: 'RentalCancelling,DeliveryAskedBack',
      installed: '(not-cancellable)',
    },
    StockReserved: { received: 'RentalStockConfirmed', backordered: 'RentalStockConfirmed' },
    StockUnavailable: { received: 'RentalBackordered' },
    StockReleased: { cancelling: 'PartReturned' },
    DeliveryStarted: { 'stock-confirmed': 'RentalDelivering', 'asking-delivery': 'RentalDelivering' },
    Delivered: {
      'stock-confirmed': 'RentalDelivering,RentalInstalled',
      delivering: 'RentalInstalled',
      'asking-delivery': 'RentalDelivering,RentalInstalled',
    },
    DeliveryCancelled: { 'asking-delivery': 'RestAskedBack' },
    DeliveryCancelRefused: { 'asking-delivery': 'RentalCancelRefused' },
    StockCommitted: { delivering: 'StockLeft', installed: 'StockLeft' },
    PaymentCancelled: { unpaid: 'PartReturned', cancelling: 'PartReturned', 'awaiting-payment': 'RentalCancelled' },
    AskAgain: Object.fromEntries(Object.keys(histories).map((key) => [key, 'AskedAgain'])),
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history) =>
    Object.values(inputs).map((input) => [history, input.type, table[input.type][history] ?? ''] as const),
  );
  test.each(pairs)('%s + %s → %s', (history, type, expected) => {
    const decision = rentals.decide(after(...histories[history]), inputs[type]);
    expect(decision.accepted ? decision.events.map((event) => event.type).join() : `(${decision.refusal})`).toBe(
      expected,
    );
  });
});

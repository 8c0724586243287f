import { describe, expect, test } from '@jest/globals';
import type { Limit } from '#kernel/limit.ts';
import { krw } from '#kernel/money.ts';
import { canceller, spec, staff } from '#kernel/spec.ts';
import { previewCancellation } from './cancellation.ts';
import { decide, evolve, preorders, type Input, type Preorder, type PreorderEvent } from './preorder.ts';
import { at, booking, far, near, phone, pickUp, progressAt, requested, ways, wish } from './testing/sample.ts';

const { given } = spec(preorders);
const after = (...events: PreorderEvent[]): Preorder => events.reduce(evolve, preorders.initial);

const assigned: Input = { type: 'DealershipAssigned', version: 1, dealership: near };
const none: Input = { type: 'NoDealership', version: 1 };
const accepted: Input = { type: 'AssignmentAccepted', version: 2, dealership: near };
const activated: Input = { type: 'Activated' };
const started: Input = { type: 'DeliveryStarted' };
const delivered: Input = { type: 'Delivered' };
const overdue: Input = { type: 'AcceptanceOverdue' };
const unreceived: Input = { type: 'ReceiptOverdue' };
const request: Input = { type: 'RequestPreorder', wish, phone, agreed: undefined, limits: [] };
const cancel: Input = { type: 'CancelPreorder', by: canceller('customer') };
const deliveryCancelled: Input = { type: 'DeliveryCancelled' };
const deliveryRefused: Input = { type: 'DeliveryCancelRefused', reason: 'DELIVERED' };
const assignmentCancelled: Input = { type: 'AssignmentCancelled' };
const assignmentRefused: Input = { type: 'AssignmentCancelRefused', reason: 'ALREADY_ACTIVATED' };
const released: Input = { type: 'StockReleased' };
const committed: Input = { type: 'StockCommitted' };
const again: Input = { type: 'AskAgain', at: 1_000 };

/** The type of the one event, `nothing`, or the refusal. */
function outcome(past: PreorderEvent[], input: Input): string {
  const decision = decide(after(...past), input);
  return decision.accepted ? decision.events.map(({ type }) => type).join() || 'nothing' : decision.refusal;
}

describe('asking for a phone', () => {
  test('is an intention until inventory holds it, and then a pre-order (P1, P2)', () => {
    given().when(request).then({ type: 'PreorderIntended', booking });
    given(...ways.intended)
      .when({ type: 'StockHeld' })
      .then({ type: 'PreorderRequested' });
  });
  test('of a product that is closed is refused (B2)', () =>
    given()
      .when({ ...request, phone: { ...phone, isClosed: true } })
      .thenRefused('not-on-sale'));
  test('that is not in stock is refused, and nothing is kept (P2)', () => {
    given()
      .when({ ...request, phone: { ...phone, available: 1 } })
      .thenRefused('out-of-stock');
    given()
      .when({ ...request, phone: undefined })
      .thenRefused('no-such-product');
    given(...ways.intended)
      .when({ type: 'StockRefused' })
      .then({ type: 'PreorderDropped', mayHoldStock: false });
  });
  test('that nobody answered may hold stock, which goes back (P10)', () => {
    given(...ways.intended)
      .when({ type: 'StockUnanswered' })
      .then({ type: 'PreorderDropped', mayHoldStock: true });
    given(...ways.dropped)
      .when({ type: 'StockHeld' })
      .thenRefused('stock-unanswered');
    given(...requested())
      .when({ type: 'StockUnanswered' })
      .thenNothing();
  });
  test('at another total than the agreed one is refused (B1)', () => {
    given()
      .when({ ...request, agreed: krw(2_000_000) })
      .then({ type: 'PreorderIntended', booking });
    given()
      .when({ ...request, agreed: krw(1_000_000) })
      .thenRefused('price-changed', { total_units: '2000000', total_currency: 'KRW' });
  });
  test('occupies a slot for the order, and one for each phone (B7)', () => {
    const limit = (want: number, free: string[]): Limit => ({ most: 4, of: 'phones', want, free });
    given()
      .when({ ...request, limits: [limit(1, ['o/0']), limit(2, ['p/3', 'p/1', 'p/0'])] })
      .then({ type: 'PreorderIntended', booking: { ...booking, slots: ['o/0', 'p/3', 'p/1'] } });
    given()
      .when({ ...request, limits: [limit(1, ['o/0']), limit(2, ['p/3'])] })
      .thenRefused('too-many-holds', { most: '4', of: 'phones' });
  });
  test('keeps the price of that moment', () =>
    expect(after(...requested())).toMatchObject({ booking: { total: krw(2_000_000), title: 'Eunha Fold × 2' } }));
});

describe('a pre-order', () => {
  test('is accepted by its dealership, and then delivered, handed over and activated (P5)', () => {
    given(...requested())
      .when(assigned)
      .then({ type: 'PreorderAssigned', progress: progressAt.assigned, handsOver: false, asksDelivery: false });
    given(...at('assigned'))
      .when(accepted)
      .then({
        type: 'PreorderAccepted',
        progress: { ...progressAt.accepted, delivery: 'not-asked' },
        handsOver: false,
        asksDelivery: true,
      });
    given(...at('accepted'))
      .when(started)
      .then({
        type: 'PreorderShipped',
        progress: { ...progressAt.shipped, handedOver: false },
        handsOver: true,
        asksDelivery: false,
      });
    given(...at('shipped'))
      .when(delivered)
      .then({ type: 'PreorderDelivered', progress: progressAt.delivered, handsOver: false, asksDelivery: false });
    given(...at('delivered'))
      .when(activated)
      .then({ type: 'PreorderActivated', progress: progressAt.activated, handsOver: false, asksDelivery: false });
  });
  test('to be picked up is not delivered, and handed over when it is activated (P5)', () => {
    expect(decide(after(...at('assigned', pickUp)), accepted)).toMatchObject({
      events: [{ type: 'PreorderAccepted', asksDelivery: false }],
    });
    const waiting: PreorderEvent = {
      type: 'PreorderProgressed',
      progress: { ...progressAt.accepted, delivery: 'not-asked' },
      handsOver: false,
      asksDelivery: false,
    };
    expect(decide(after(...requested(pickUp), waiting), activated)).toMatchObject({
      events: [{ type: 'PreorderActivated', handsOver: true }],
    });
  });
  test('waits when no dealership has room, and goes on when one has', () => {
    expect(outcome(requested(), none)).toBe('PreorderWaitingForDealership');
    expect(outcome(at('waiting-dealership'), { ...assigned, version: 2 })).toBe('PreorderAssigned');
  });
  test('is told again when it goes to another dealership', () =>
    expect(outcome(at('assigned'), { type: 'DealershipAssigned', version: 2, dealership: far })).toBe(
      'PreorderAssigned',
    ));
  test('believes no assignment that is older than what it knows', () => {
    given(...at('waiting-dealership'))
      .when(assigned)
      .thenNothing();
    given(...at('accepted'))
      .when({ type: 'DealershipAssigned', version: 9, dealership: far })
      .thenNothing();
  });
  test('comes out the same whatever order it hears things in', () => {
    const facts = [assigned, accepted, activated, started, delivered];
    for (const order of permutations(facts)) {
      const state = order.reduce(
        (now, input) => {
          const decision = decide(now, input);
          return decision.accepted ? decision.events.reduce(evolve, now) : now;
        },
        after(...requested()),
      );
      expect(state).toMatchObject({
        status: 'open',
        stage: 'activated',
        progress: { handedOver: true, delivery: 'delivered' },
      });
    }
  });
  test('activated before it is delivered is activated when it is', () => {
    expect(outcome(at('shipped'), activated)).toBe('PreorderProgressed');
    const early: PreorderEvent = {
      type: 'PreorderProgressed',
      progress: { ...progressAt.shipped, activated: true },
      handsOver: false,
      asksDelivery: false,
    };
    expect(outcome([...requested(), early], delivered)).toBe('PreorderActivated');
  });
});

describe('cancelling (P6)', () => {
  test('asks the delivery first, then the dealership, then the stock, and is over when all are back (P7, P8)', () => {
    given(...at('accepted'))
      .when(cancel)
      .then({ type: 'PreorderCancelling', first: 'delivery', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' });
    given(...ways.cancelling)
      .when(deliveryCancelled)
      .then({
        type: 'PreorderPartReturned',
        progress: { ...progressAt.accepted, delivery: 'cancelled' },
        next: 'assignment',
      });
    const next: PreorderEvent = {
      type: 'PreorderPartReturned',
      progress: { ...progressAt.accepted, delivery: 'cancelled' },
      next: 'assignment',
    };
    given(...ways.cancelling, next)
      .when(assignmentCancelled)
      .then({ ...next, next: 'stock' });
    given(...ways.cancelling, next, { ...next, next: 'stock' })
      .when(released)
      .then({ type: 'PreorderCancelled' });
  });
  test('begins with the dealership where no delivery was asked for', () =>
    given(...at('assigned'))
      .when(cancel)
      .then({ type: 'PreorderCancelling', first: 'assignment', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' }));
  test('that comes too late puts it back where it was, and says why', () => {
    expect(decide(after(...ways.cancelling), deliveryRefused)).toMatchObject({
      events: [{ type: 'PreorderCancelRefused', reason: 'DELIVERED' }],
    });
    expect(
      after(...ways.cancelling, {
        type: 'PreorderCancelRefused',
        reason: 'DELIVERED',
        progress: progressAt.accepted,
        handsOver: false,
        asksDelivery: false,
      }),
    ).toMatchObject({
      status: 'open',
      stage: 'accepted',
      cancelRefused: 'DELIVERED',
    });
  });
  test('keeps in mind what becomes known meanwhile', () => {
    const known: PreorderEvent = {
      type: 'PreorderProgressed',
      progress: { ...progressAt.delivered, handedOver: false },
      handsOver: true,
      asksDelivery: false,
    };
    given(...ways.cancelling)
      .when(delivered)
      .then(known);
    expect(after(...ways.cancelling, known)).toMatchObject({
      status: 'cancelling',
      progress: { delivery: 'delivered', handedOver: true },
    });
  });
  test('asks the delivery first, however early the dealership has activated the phone (P6)', () => {
    for (const where of ['activated early', 'shipped and activated early'] as const) {
      given(...at(where))
        .when(cancel)
        .then({ type: 'PreorderCancelling', first: 'delivery', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' });
      given(...at(where))
        .when({ ...cancel, by: staff })
        .then({
          ...{ type: 'PreorderCancelling', first: 'delivery' },
          ...{ cause: 'CANCELLED_BY_STAFF', reasonText: staff.text },
        });
      expect(previewCancellation(after(...at(where)))).toMatchObject({ reason: 'NOTHING_PAID' });
    }
  });
  test('of what is activated early and delivered meanwhile comes too late, and leaves it activated', () => {
    const early = [...at('activated early'), ...ways.cancelling.slice(-1)];
    const known: PreorderEvent = {
      ...{ type: 'PreorderProgressed', progress: { ...progressAt.activated, handedOver: false } },
      ...{ handsOver: true, asksDelivery: false },
    };
    given(...early)
      .when(delivered)
      .then(known);
    given(...early, known)
      .when(deliveryRefused)
      .then({
        ...{ type: 'PreorderCancelRefused', reason: 'DELIVERED', progress: progressAt.activated },
        ...{ handsOver: false, asksDelivery: false },
      });
  });
  test('is for what an earlier version left as activated, with its delivery cancelled, too: its customer never had it (P6)', () => {
    const left: PreorderEvent = {
      ...{ type: 'PreorderCancelRefused', reason: 'ALREADY_ACTIVATED', handsOver: true, asksDelivery: false },
      progress: { ...progressAt['activated early'], delivery: 'cancelled' },
    };
    given(...ways['cancelling, not delivered'], left)
      .when(cancel)
      .then({ type: 'PreorderCancelling', first: 'delivery', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' });
  });
  test('of what nobody delivers any more goes on, though its dealership refuses: the phone never left (P7)', () => {
    given(...ways['cancelling, not delivered'])
      .when(assignmentRefused)
      .thenNothing();
    given(...ways['cancelling, not delivered'])
      .when(assignmentCancelled)
      .then({
        ...{ type: 'PreorderPartReturned', next: 'stock' },
        progress: { ...progressAt['activated early'], delivery: 'cancelled' },
      });
    given(...ways['cancelling, not delivered'])
      .when({ type: 'DeliveryStarted' })
      .thenNothing();
  });
  test('of what is activated while nobody was asked to deliver it goes on as well', () => {
    const past: PreorderEvent[] = [
      ...at('assigned'),
      { type: 'PreorderCancelling', first: 'assignment', cause: 'CANCELLED_BY_CUSTOMER', reasonText: '' },
    ];
    const known = { ...progressAt['activated early'], delivery: 'not-asked' } as const;
    given(...past)
      .when(accepted)
      .then({
        ...{ type: 'PreorderProgressed', progress: { ...known, activated: false } },
        ...{ handsOver: false, asksDelivery: false },
      });
    const progressed: PreorderEvent = {
      ...{ type: 'PreorderProgressed', progress: known },
      ...{ handsOver: false, asksDelivery: false },
    };
    given(...past, progressed)
      .when(assignmentRefused)
      .thenNothing();
  });
  test('of a phone that was picked up meanwhile comes too late: it is handed over', () => {
    const known: PreorderEvent = {
      ...{ type: 'PreorderProgressed', progress: { ...progressAt['picked up'], handedOver: false } },
      ...{ handsOver: true, asksDelivery: false },
    };
    given(...ways['cancelling a pick-up'])
      .when(activated)
      .then(known);
    const refused: PreorderEvent = {
      ...{ type: 'PreorderCancelRefused', reason: 'ALREADY_ACTIVATED', progress: progressAt['picked up'] },
      ...{ handsOver: false, asksDelivery: false },
    };
    given(...ways['cancelling a pick-up'], known)
      .when(assignmentRefused)
      .then(refused);
    expect(after(...ways['cancelling a pick-up'], known, refused)).toMatchObject({
      ...{ status: 'open', stage: 'activated', cancelRefused: 'ALREADY_ACTIVATED' },
    });
  });
  test('happens by itself where no dealership has accepted in time: nothing is paid, and others may have the stock (B7)', () => {
    for (const where of ['requested', 'waiting-dealership', 'assigned'] as const)
      given(...at(where))
        .when(overdue)
        .then({ type: 'PreorderCancelling', first: 'assignment', cause: 'EXPIRED', reasonText: '' });
    given(...at('accepted'))
      .when(overdue)
      .thenNothing();
    const expired = after(
      ...at('assigned'),
      { type: 'PreorderCancelling', first: 'assignment', cause: 'EXPIRED', reasonText: '' },
      { type: 'PreorderCancelled' },
    );
    expect(expired).toMatchObject({ status: 'cancelled', cause: 'EXPIRED' });
  });
  test('happens by itself where it was accepted, and neither sent nor picked up in time (B7)', () => {
    given(...at('accepted'))
      .when(unreceived)
      .then({ type: 'PreorderCancelling', first: 'delivery', cause: 'NOT_RECEIVED', reasonText: '' });
    const [toPickUp] = at('accepted').slice(-1) as [Extract<PreorderEvent, { type: 'PreorderAccepted' }>];
    const notAsked = { ...toPickUp, progress: { ...toPickUp.progress, delivery: 'not-asked' as const } };
    given(...at('assigned', pickUp), notAsked)
      .when(unreceived)
      .then({ type: 'PreorderCancelling', first: 'assignment', cause: 'NOT_RECEIVED', reasonText: '' });
    given(...at('activated early'))
      .when(unreceived)
      .then({ type: 'PreorderCancelling', first: 'delivery', cause: 'NOT_RECEIVED', reasonText: '' });
    for (const where of ['assigned', 'shipped', 'shipped and activated early'] as const)
      given(...at(where))
        .when(unreceived)
        .thenNothing();
  });
  test('is for its customer alone', () =>
    given(...at('accepted'))
      .when({ ...cancel, by: canceller('somebody else') })
      .thenRefused('no-such-preorder'));
  test('is for staff too, who say why (B4)', () => {
    const byStaff = { ...cancel, by: staff };
    const begun: PreorderEvent = {
      ...{ type: 'PreorderCancelling', first: 'assignment' },
      ...{ cause: 'CANCELLED_BY_STAFF', reasonText: staff.text },
    };
    given(...at('assigned'))
      .when(byStaff)
      .then(begun);
    expect(after(...at('assigned'), begun, { type: 'PreorderCancelled' })).toMatchObject({
      ...{ status: 'cancelled', cause: 'CANCELLED_BY_STAFF', reasonText: staff.text },
    });
    given(...ways.cancelling)
      .when(byStaff)
      .thenNothing();
    given(...at('delivered'))
      .when(byStaff)
      .thenRefused('not-cancellable');
    given(...at('assigned'))
      .when({ ...cancel, by: { ...staff, text: '' } })
      .thenRefused('text-required');
  });
  test('would give back nothing, for nothing was paid', () => {
    expect(previewCancellation(after(...at('accepted')))).toEqual({
      paid: krw(0),
      refund: krw(0),
      percent: 100,
      reason: 'NOTHING_PAID',
    });
    expect(previewCancellation(after(...at('delivered')))).toBe('not-cancellable');
  });
});

type Where = keyof typeof ways;
const nothing = 'nothing';
const hidden = {
  overdue: nothing,
  unreceived: nothing,
  cancel: 'no-such-preorder',
  assigned: nothing,
  none: nothing,
  accepted: nothing,
  activated: nothing,
  started: nothing,
  delivered: nothing,
};
const unmoved = {
  held: 'stock-unanswered',
  refused: nothing,
  unanswered: nothing,
  deliveryCancelled: nothing,
  deliveryRefused: nothing,
  assignmentCancelled: nothing,
  assignmentRefused: nothing,
  released: nothing,
  committed: nothing,
  again: 'AskedAgain',
};
const past = { ...unmoved, overdue: nothing, unreceived: nothing, assigned: nothing, none: nothing, accepted: nothing };

/** What becomes of each message wherever a pre-order stands. */
const rows: Record<Where, Record<string, string>> = {
  none: { ...unmoved, ...hidden },
  intended: {
    ...unmoved,
    ...hidden,
    held: 'PreorderRequested',
    refused: 'PreorderDropped',
    unanswered: 'PreorderDropped',
  },
  dropped: { ...unmoved, ...hidden, released: 'PreorderStockGone' },
  requested: {
    ...unmoved,
    overdue: 'PreorderCancelling',
    unreceived: nothing,
    cancel: 'PreorderCancelling',
    assigned: 'PreorderAssigned',
    none: 'PreorderWaitingForDealership',
    accepted: 'PreorderAccepted',
    activated: 'PreorderProgressed',
    started: 'PreorderShipped',
    delivered: 'PreorderDelivered',
  },
  'waiting-dealership': {
    ...past,
    overdue: 'PreorderCancelling',
    unreceived: nothing,
    cancel: 'PreorderCancelling',
    accepted: 'PreorderAccepted',
    activated: 'PreorderProgressed',
    started: 'PreorderShipped',
    delivered: 'PreorderDelivered',
  },
  assigned: {
    ...past,
    overdue: 'PreorderCancelling',
    unreceived: nothing,
    cancel: 'PreorderCancelling',
    accepted: 'PreorderAccepted',
    activated: 'PreorderProgressed',
    started: 'PreorderShipped',
    delivered: 'PreorderDelivered',
  },
  accepted: {
    ...past,
    unreceived: 'PreorderCancelling',
    cancel: 'PreorderCancelling',
    activated: 'PreorderProgressed',
    started: 'PreorderShipped',
    delivered: 'PreorderDelivered',
  },
  shipped: {
    ...past,
    cancel: 'PreorderCancelling',
    activated: 'PreorderProgressed',
    started: nothing,
    delivered: 'PreorderDelivered',
    committed: 'PreorderProgressed',
  },
  'activated early': {
    ...past,
    unreceived: 'PreorderCancelling',
    cancel: 'PreorderCancelling',
    activated: nothing,
    started: 'PreorderShipped',
    delivered: 'PreorderActivated',
  },
  'shipped and activated early': {
    ...past,
    cancel: 'PreorderCancelling',
    activated: nothing,
    started: nothing,
    delivered: 'PreorderActivated',
    committed: 'PreorderProgressed',
  },
  // Nobody delivers it; but a fact is a fact.
  'to be picked up': {
    ...past,
    unreceived: 'PreorderCancelling',
    cancel: 'PreorderCancelling',
    activated: 'PreorderActivated',
    started: 'PreorderShipped',
    delivered: 'PreorderDelivered',
  },
  'picked up': {
    ...past,
    cancel: 'not-cancellable',
    activated: nothing,
    started: 'PreorderProgressed',
    delivered: 'PreorderProgressed',
    committed: 'PreorderProgressed',
  },
  delivered: {
    ...past,
    cancel: 'not-cancellable',
    activated: 'PreorderActivated',
    started: nothing,
    delivered: nothing,
    committed: 'PreorderProgressed',
  },
  activated: {
    ...past,
    cancel: 'not-cancellable',
    activated: nothing,
    started: nothing,
    delivered: nothing,
    committed: 'PreorderProgressed',
  },
  cancelling: {
    ...past,
    cancel: nothing,
    activated: 'PreorderProgressed',
    started: 'PreorderProgressed',
    delivered: 'PreorderProgressed',
    deliveryCancelled: 'PreorderPartReturned',
    deliveryRefused: 'PreorderCancelRefused',
  },
  'cancelling, not delivered': {
    ...past,
    cancel: nothing,
    activated: nothing,
    started: nothing,
    delivered: nothing,
    assignmentCancelled: 'PreorderPartReturned',
  },
  'cancelling a pick-up': {
    ...past,
    cancel: nothing,
    activated: 'PreorderProgressed',
    started: 'PreorderProgressed',
    delivered: 'PreorderProgressed',
    assignmentCancelled: 'PreorderPartReturned',
    assignmentRefused: 'PreorderCancelRefused',
  },
  cancelled: { ...past, cancel: nothing, activated: nothing, started: nothing, delivered: nothing },
};
const inputs: Record<string, Input> = {
  ...{ held: { type: 'StockHeld' }, refused: { type: 'StockRefused' }, unanswered: { type: 'StockUnanswered' } },
  ...{
    overdue,
    unreceived,
    cancel,
    assigned,
    none,
    accepted,
    activated,
    started,
    delivered,
    deliveryCancelled,
    deliveryRefused,
    assignmentCancelled,
    assignmentRefused,
    released,
    committed,
    again,
  },
};

describe.each(Object.keys(rows) as Where[])('%s', (where) => {
  test.each(Object.keys(inputs))('on %s', (name) =>
    expect(outcome(ways[where], inputs[name] as Input)).toBe(rows[where][name]),
  );
});

const permutations = <Item>(items: readonly Item[]): Item[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

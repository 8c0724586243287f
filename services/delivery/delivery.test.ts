import { describe, expect, test } from '@jest/globals';
import type { Limit } from '#kernel/limit.ts';
import { spec } from '#kernel/spec.ts';
import { days } from '#kernel/time.ts';
import { delivery, type Delivery, type DeliveryEvent, type DeliveryInput } from './delivery.ts';
import { areaOf, mostWrongCodes, sameCode, type Person } from './hand-over.ts';
import { deliveriesWith } from './process.ts';

const order = { kind: 'rental.rental', id: 'a' };
const address = '서울특별시 마포구 월드컵로 1';
const [customerId, code] = ['customer', '042137'];
const [courier, other, admin, customer] = [
  { userId: 'courier', admin: false },
  { userId: 'other', admin: false },
  { userId: 'admin', admin: true },
  { userId: customerId, admin: true },
] as const satisfies readonly Person[];
const scheduled: DeliveryEvent = { type: 'DeliveryScheduled', order, address, customerId, code };
const ofBefore: DeliveryEvent = { ...scheduled, customerId: '', code: '' };
const assigned = (courierId: string, ...slots: string[]): DeliveryEvent => ({
  type: 'CourierAssigned',
  courierId,
  slots,
});
const taken = assigned(courier.userId);
const givenBack: DeliveryEvent = { type: 'DeliveryGivenBack' };
const started: DeliveryEvent = { type: 'DeliveryStarted' };
const proven: DeliveryEvent = { type: 'CodeProven' };
const wrong: DeliveryEvent = { type: 'WrongCodeGiven' };
const delivered: DeliveryEvent = { type: 'Delivered' };
const cancelled: DeliveryEvent = { type: 'DeliveryCancelled', order };
const forgotten: DeliveryEvent = { type: 'AddressForgotten' };
const request: DeliveryInput = { type: 'RequestDelivery', order, address, customerId, code };
const cancel: DeliveryInput = { type: 'CancelDelivery', order };
const take = (by: Person = courier, limits: readonly Limit[] = []): DeliveryInput => ({
  type: 'TakeDelivery',
  by,
  limits,
});
const assign = (
  courierId: string,
  by: Person = admin,
  limits: readonly Limit[] = [],
  mayDeliver = true,
): DeliveryInput => ({ type: 'AssignDelivery', by, courierId, mayDeliver, limits });
const giveBack = (by: Person = courier): DeliveryInput => ({ type: 'GiveBackDelivery', by });
const start = (by: Person = courier): DeliveryInput => ({ type: 'StartDelivery', by });
const give = (given: string, by: Person = courier): DeliveryInput => ({ type: 'GiveCode', by, code: given });
const complete = (by: Person = courier, text = ''): DeliveryInput => ({ type: 'CompleteDelivery', by, text });
const forget: DeliveryInput = { type: 'ForgetAddress' };
const { given } = spec(delivery);

describe('a delivery', () => {
  test('is scheduled, taken, leaves and arrives (R3)', () => {
    given().when(request).then(scheduled);
    given(scheduled).when(take()).then(taken);
    given(scheduled, taken).when(start()).then(started);
    given(scheduled, taken, started).when(give(code)).then(proven);
    given(scheduled, taken, started, proven).when(complete()).then(delivered);
  });
  test('is called off before it leaves (R5)', () => given(scheduled).when(cancel).then(cancelled));
  test('is brought back while it is on its way (R5)', () =>
    given(scheduled, taken, started).when(cancel).then(cancelled));
  test('is not taken from the customer who has it', () =>
    given(scheduled, taken, started, delivered).when(cancel).then({ type: 'DeliveryCancelRefused' }));
  test('that was called off before it was asked for never leaves', () => {
    given().when(cancel).then(cancelled);
    given(cancelled).when(request).then({ type: 'AnswerRepeated' });
    given(cancelled).when(start()).thenRefused('no-such-delivery');
  });
  test('cannot arrive before it leaves', () => given(scheduled, taken).when(complete()).thenRefused('not-started'));
});

describe('a delivery has one courier', () => {
  test('who takes it; another comes too late', () => {
    given(scheduled, taken).when(take()).thenNothing();
    given(scheduled, taken).when(take(other)).thenRefused('already-assigned');
    given(scheduled, cancelled).when(take()).thenRefused('delivery-over');
  });
  test('who is assigned by an administrator, and replaced until it is over', () => {
    given(scheduled).when(assign(courier.userId)).then(taken);
    given(scheduled, taken).when(assign(courier.userId)).thenNothing();
    given(scheduled, taken, started).when(assign(other.userId)).then(assigned(other.userId));
    given(scheduled, taken, started, delivered).when(assign(other.userId)).thenRefused('delivery-over');
  });
  test('who alone starts and completes it, beside administrators', () => {
    for (const act of [start, complete]) {
      given(scheduled, taken).when(act(other)).thenRefused('no-such-delivery');
      given(scheduled).when(act()).thenRefused('not-taken');
    }
    given(scheduled).when(start(admin)).then(started);
    given(scheduled, taken, started).when(complete(admin, 'the customer called')).then(delivered);
  });
  test('who gives it back until it is on its way; then another takes it', () => {
    given(scheduled, taken).when(giveBack()).then(givenBack);
    given(scheduled, taken).when(giveBack(other)).thenRefused('no-such-delivery');
    given(scheduled, taken).when(giveBack(admin)).thenRefused('no-such-delivery');
    given(scheduled, taken, givenBack).when(giveBack()).thenNothing();
    given(scheduled, taken, givenBack).when(take(other)).then(assigned(other.userId));
    given(scheduled, taken, started).when(giveBack()).thenRefused('already-started');
  });
  test('who is one: nobody else is assigned; who has it already keeps it', () => {
    const assignNobody = (courierId: string): DeliveryInput => assign(courierId, admin, [], false);
    given(scheduled).when(assignNobody(other.userId)).thenRefused('no-courier');
    given(scheduled, taken).when(assignNobody(other.userId)).thenRefused('no-courier');
    given(scheduled, taken).when(assignNobody(courier.userId)).thenNothing();
  });
  test('who has a number of open deliveries, and no more, taken or assigned (B7)', () => {
    const limit = (...free: string[]): Limit[] => [{ most: 20, of: 'open deliveries', want: 1, free }];
    given(scheduled)
      .when(take(courier, limit('courier/7')))
      .then(assigned(courier.userId, 'courier/7'));
    given(scheduled)
      .when(assign(other.userId, admin, limit('other/1')))
      .then(assigned(other.userId, 'other/1'));
    for (const input of [take(courier, limit()), assign(other.userId, admin, limit())])
      given(scheduled).when(input).thenRefused('too-many-deliveries', { most: '20', of: 'open deliveries' });
    given(scheduled, taken).when(take(courier, limit())).thenNothing();
  });
  test('who is not its customer, and the customer decides nothing about it', () => {
    given(scheduled).when(assign(customerId)).thenRefused('own-request');
    for (const input of [
      take(customer),
      assign(other.userId, customer),
      giveBack(customer),
      start(customer),
      give(code, customer),
      complete(customer),
    ])
      given(scheduled, started).when(input).thenRefused('own-request');
  });
});

describe('a hand-over', () => {
  const onItsWay = [scheduled, taken, started];
  test('needs the code of the customer', () => {
    given(...onItsWay)
      .when(give('042138'))
      .then(wrong);
    given(...onItsWay)
      .when(complete())
      .thenRefused('wrong-code');
    given(...onItsWay, wrong)
      .when(complete())
      .thenRefused('wrong-code');
  });
  test('without a code is refused, and counts as no guess', () =>
    given(...onItsWay)
      .when(give(''))
      .thenNothing());
  test('after five wrong codes is for an administrator', () => {
    const guessed = [...onItsWay, ...Array.from({ length: mostWrongCodes }, () => wrong)];
    given(...guessed.slice(0, -1))
      .when(give(code))
      .then(proven);
    given(...guessed)
      .when(give(code))
      .thenRefused('too-many-wrong-codes');
    given(...guessed)
      .when(complete())
      .thenRefused('wrong-code');
    given(...guessed)
      .when(complete(admin, 'the customer showed it to us'))
      .then(delivered);
  });
  test('by an administrator who is its courier needs the code like any other', () => {
    const byAdmin = [scheduled, assigned(admin.userId), started];
    given(...byAdmin)
      .when(complete(admin, 'trust me'))
      .thenRefused('wrong-code');
    given(...byAdmin)
      .when(give('042138', admin))
      .then(wrong);
    given(...byAdmin, proven)
      .when(complete(admin))
      .then(delivered);
  });
  test('by an administrator for another needs no code, and a reason', () => {
    given(...onItsWay)
      .when(give(code, admin))
      .thenNothing();
    for (const text of ['', ' ', '\u200b'])
      given(...onItsWay)
        .when(complete(admin, text))
        .thenRefused('text-required');
    given(...onItsWay)
      .when(complete(admin, 'the customer called'))
      .then(delivered);
  });
  test('that was proven is not asked for again', () =>
    given(...onItsWay, proven)
      .when(give('000000'))
      .thenNothing());
  test('needs no code where the customer is not known', () => {
    given(ofBefore, taken, started).when(give('')).thenNothing();
    given(ofBefore, taken, started).when(complete()).then(delivered);
  });
  test('compares whole codes', () => {
    for (const guess of ['', '0421370', '04213', '042130', '142137']) expect(sameCode(guess, code)).toBe(false);
    expect(sameCode(code, code)).toBe(true);
  });
});

describe('an address', () => {
  test('is known by its first two words before it is taken, and never in full', () =>
    expect([address, 'Mapo-gu 12', 'Seoul', '  a  b  c ', ''].map(areaOf)).toEqual([
      '서울특별시 마포구',
      'Mapo-gu',
      '',
      'a b',
      '',
    ]));
  test('is forgotten after the end, once', () => {
    given(scheduled, taken, started, delivered).when(forget).then(forgotten);
    given(scheduled, cancelled).when(forget).then(forgotten);
    given(scheduled, cancelled, forgotten).when(forget).thenNothing();
  });
  test('is kept for a number of days after the end', () => {
    const after = (...events: DeliveryEvent[]) =>
      deliveriesWith(days(30)).consequences(events.slice(-1), {
        id: 'a',
        state: events.reduce(delivery.evolve, delivery.initial),
        version: 2,
        createdAt: 0,
        updatedAt: 5,
      }).timers;
    const timers = [{ name: 'forget-address', at: 5 + days(30) }];
    expect(after(scheduled, taken, started, delivered)).toEqual(timers);
    expect(after(scheduled, cancelled)).toEqual(timers);
    for (const none of [after(cancelled), after(scheduled), after(scheduled, taken, started)])
      expect(none).toBeUndefined();
  });
});

test('the slots of a courier are free once the delivery is over, given back, or another’s', () => {
  const after = (event: DeliveryEvent) => {
    const state = [scheduled, taken, event].reduce(delivery.evolve, delivery.initial);
    const { claims, releases } = deliveriesWith(0).consequences([event], {
      ...{ id: 'a', state, version: 2, createdAt: 0, updatedAt: 0 },
    });
    return { claims, releases };
  };
  expect(after(assigned('other', 'courier/other/3'))).toEqual({
    claims: [{ key: 'courier/other/3' }],
    releases: 'all',
  });
  for (const event of [givenBack, delivered, cancelled]) expect(after(event)).toEqual({ releases: 'all' });
  for (const event of [started, wrong, proven]) expect(after(event)).toEqual({});
});

describe('every state meets every input', () => {
  const histories: Record<Delivery['status'], DeliveryEvent[]> = {
    none: [],
    tombstone: [cancelled],
    scheduled: [scheduled, taken],
    started: [scheduled, taken, started],
    delivered: [scheduled, taken, started, proven, delivered],
    cancelled: [scheduled, taken, cancelled],
  };
  const inputs: Record<DeliveryInput['type'], DeliveryInput> = {
    RequestDelivery: request,
    CancelDelivery: cancel,
    AssignDelivery: assign(other.userId),
    TakeDelivery: take(),
    GiveBackDelivery: giveBack(),
    StartDelivery: start(),
    GiveCode: give(code),
    CompleteDelivery: complete(),
    ForgetAddress: forget,
  };
  // In the order of `histories`: the events, a refusal in brackets, or nothing.
  const table: Record<DeliveryInput['type'], readonly string[]> = {
    RequestDelivery: [
      'DeliveryScheduled',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
    ],
    CancelDelivery: [
      'DeliveryCancelled',
      'AnswerRepeated',
      'DeliveryCancelled',
      'DeliveryCancelled',
      'DeliveryCancelRefused',
      'AnswerRepeated',
    ],
    AssignDelivery: [
      '(no-such-delivery)',
      '(no-such-delivery)',
      'CourierAssigned',
      'CourierAssigned',
      '(delivery-over)',
      '(delivery-over)',
    ],
    TakeDelivery: ['(no-such-delivery)', '(no-such-delivery)', '', '', '', ''],
    GiveBackDelivery: [
      '(no-such-delivery)',
      '(no-such-delivery)',
      'DeliveryGivenBack',
      '(already-started)',
      '(delivery-over)',
      '(delivery-over)',
    ],
    StartDelivery: [
      '(no-such-delivery)',
      '(no-such-delivery)',
      'DeliveryStarted',
      '',
      '(delivery-over)',
      '(delivery-over)',
    ],
    GiveCode: ['(no-such-delivery)', '(no-such-delivery)', '', 'CodeProven', '', ''],
    CompleteDelivery: [
      '(no-such-delivery)',
      '(no-such-delivery)',
      '(not-started)',
      '(wrong-code)',
      '',
      '(delivery-over)',
    ],
    ForgetAddress: ['', '', '', '', 'AddressForgotten', 'AddressForgotten'],
  };
  const pairs = (Object.keys(histories) as Delivery['status'][]).flatMap((status, index) =>
    Object.values(inputs).map((input) => [status, input.type, table[input.type][index]!] as const),
  );
  test.each(pairs)('%s + %s → %s', (status, type, expected) => {
    const state = histories[status].reduce(delivery.evolve, delivery.initial);
    expect(state.status).toBe(status);
    const decision = delivery.decide(state, inputs[type]);
    expect(decision.accepted ? decision.events.map((event) => event.type).join() : `(${decision.refusal})`).toBe(
      expected,
    );
  });

  const tells = (status: Delivery['status'], event: DeliveryEvent) => {
    const state = histories[status].reduce(delivery.evolve, delivery.initial);
    return deliveriesWith(days(30)).consequences([event], { id: 'a', state, version: 2, createdAt: 0, updatedAt: 0 })
      .messages;
  };
  test.each([
    ['tombstone', 'DeliveryCancelled'],
    ['scheduled', 'DeliveryScheduled'],
    ['started', 'DeliveryStarted'],
    ['delivered', 'Delivered'],
    ['cancelled', 'DeliveryCancelled'],
  ] as const)('asked again, a %s one answers %s', (status, answer) => {
    expect(tells(status, { type: 'AnswerRepeated' })).toEqual([{ type: answer, order, again: true }]);
  });
  test('its courier, its code and its address are not published', () => {
    for (const event of [taken, givenBack, proven, wrong, forgotten]) expect(tells('started', event)).toEqual([]);
  });
});

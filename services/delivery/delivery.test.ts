import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { delivery, type Delivery, type DeliveryEvent, type DeliveryInput } from './delivery.ts';
import { deliveries } from './process.ts';

const order = { kind: 'rental.rental', id: 'a' };
const address = '서울특별시 마포구 월드컵로 1';
const scheduled: DeliveryEvent = { type: 'DeliveryScheduled', order, address };
const started: DeliveryEvent = { type: 'DeliveryStarted' };
const delivered: DeliveryEvent = { type: 'Delivered' };
const cancelled: DeliveryEvent = { type: 'DeliveryCancelled', order };
const request: DeliveryInput = { type: 'RequestDelivery', order, address };
const cancel: DeliveryInput = { type: 'CancelDelivery', order };
const { given } = spec(delivery);

describe('a delivery', () => {
  test('is scheduled, leaves and arrives (R3)', () => {
    given().when(request).then(scheduled);
    given(scheduled).when({ type: 'StartDelivery' }).then(started);
    given(scheduled, started).when({ type: 'CompleteDelivery' }).then(delivered);
  });
  test('is called off before it leaves (R5)', () => given(scheduled).when(cancel).then(cancelled));
  test('is brought back while it is on its way (R5)', () => given(scheduled, started).when(cancel).then(cancelled));
  test('is not taken from the customer who has it', () => given(scheduled, started, delivered).when(cancel).then({ type: 'DeliveryCancelRefused' }));
  test('that was called off before it was asked for never leaves', () => {
    given().when(cancel).then(cancelled);
    given(cancelled).when(request).then({ type: 'AnswerRepeated' });
    given(cancelled).when({ type: 'StartDelivery' }).thenRefused('no-such-delivery');
  });
  test('cannot arrive before it leaves', () => given(scheduled).when({ type: 'CompleteDelivery' }).thenRefused('not-started'));
});

describe('every state meets every input', () => {
  const histories: Record<Delivery['status'], DeliveryEvent[]> = {
    none: [],
    tombstone: [cancelled],
    scheduled: [scheduled],
    started: [scheduled, started],
    delivered: [scheduled, started, delivered],
    cancelled: [scheduled, cancelled],
  };
  const inputs: Record<DeliveryInput['type'], DeliveryInput> = {
    RequestDelivery: request,
    CancelDelivery: cancel,
    StartDelivery: { type: 'StartDelivery' },
    CompleteDelivery: { type: 'CompleteDelivery' },
  };
  // In the order of `histories`: the events, a refusal in brackets, or nothing.
  const table: Record<DeliveryInput['type'], readonly string[]> = {
    RequestDelivery: ['DeliveryScheduled', 'AnswerRepeated', 'AnswerRepeated', 'AnswerRepeated', 'AnswerRepeated', 'AnswerRepeated'],
    CancelDelivery: ['DeliveryCancelled', 'AnswerRepeated', 'DeliveryCancelled', 'DeliveryCancelled', 'DeliveryCancelRefused', 'AnswerRepeated'],
    StartDelivery: ['(no-such-delivery)', '(no-such-delivery)', 'DeliveryStarted', '', '(delivery-over)', '(delivery-over)'],
    CompleteDelivery: ['(no-such-delivery)', '(no-such-delivery)', '(not-started)', 'Delivered', '', '(delivery-over)'],
  };
  const pairs = (Object.keys(histories) as Delivery['status'][]).flatMap((status, index) =>
    Object.values(inputs).map((input) => [status, input.type, table[input.type][index]!] as const),
  );
  test.each(pairs)('%s + %s → %s', (status, type, expected) => {
    const state = histories[status].reduce(delivery.evolve, delivery.initial);
    expect(state.status).toBe(status);
    const decision = delivery.decide(state, inputs[type]);
    expect(decision.accepted ? decision.events.map((event) => event.type).join() : `(${decision.refusal})`).toBe(expected);
  });

  test.each([
    ['tombstone', 'DeliveryCancelled'],
    ['scheduled', 'DeliveryScheduled'],
    ['started', 'DeliveryStarted'],
    ['delivered', 'Delivered'],
    ['cancelled', 'DeliveryCancelled'],
  ] as const)('asked again, a %s one answers %s', (status, answer) => {
    const state = histories[status].reduce(delivery.evolve, delivery.initial);
    const after = { id: 'a', state, version: 2, createdAt: 0, updatedAt: 0 };
    expect(deliveries.consequences([{ type: 'AnswerRepeated' }], after).messages).toEqual([{ type: answer, order, again: true }]);
  });
});

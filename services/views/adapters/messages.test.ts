import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { event, orderEvent, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { CapabilityEvent, Order, Order_Next_Who, Order_Phase } from '#proto/jari/order/v1/order.ts';
import * as lodging from '#proto/jari/lodging/v1/messages.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as property from '#proto/jari/property/v1/messages.ts';
import { orderUpdates } from './messages.ts';
import type { OrderUpdate } from '../order-view.ts';
import { orderViews, timelineLines } from './store.ts';

const id = v7();
const order = Order.fromPartial({
  ref: { kind: 'lodging.reservation', id },
  customerId: 'guest',
  providerId: 'host',
  title: 'Pine Lodge 2',
  status: 'REJECTED',
  phase: Order_Phase.REJECTED,
  version: 2n,
  total: { currencyCode: 'KRW', units: 256_000n, nanos: 0 },
  attributes: { room_id: 'pine-2' },
  reason: 'NIGHTS_TAKEN',
  createTime: new Date(1_000),
  updateTime: new Date(2_000),
});
const ref = { kind: 'lodging.reservation', id };

const arrived = (message: Outgoing, source: string): Envelope => ({
  id: 'message-1',
  kind: message.kind,
  type: message.type,
  routingKey: message.routingKey,
  source,
  subject: message.subject,
  time: 5_000,
  correlationId: id,
  causationId: id,
  payload: message.encode(),
});

/** What an event says of how the order stands; of each the line of its history is kept as well. */
function standing(envelope: Parameters<typeof orderUpdates>[0]) {
  const [view, line, ...more] = orderUpdates(envelope);
  if (!view) throw new Error('nothing was heard');
  const { entry } = view.input as OrderUpdate;
  expect([line, more]).toEqual([
    { of: timelineLines, batchable: true, id: entry.id, input: { orderId: view.id, entry } },
    [],
  ]);
  return [view];
}

describe('subscriptions', () => {
  test('a core event sets the state of the order (L10)', () => {
    const rejected = arrived(
      orderEvent('jari.lodging.v1.ReservationRejected', lodging.ReservationRejected, id, { order }),
      '/lodging',
    );
    expect(standing(rejected)).toEqual([
      {
        of: orderViews,
        batchable: true,
        id,
        input: {
          entry: {
            id: 'message-1',
            type: 'jari.lodging.v1.ReservationRejected',
            source: '/lodging',
            at: 5_000,
            text: 'Reservation rejected: nights taken',
            cause: id,
          },
          head: {
            order: ref,
            customerId: 'guest',
            providerId: 'host',
            title: 'Pine Lodge 2',
            status: 'REJECTED',
            phase: 'REJECTED',
            version: 2,
            total: { amount: 256_000, currency: 'KRW' },
            attributes: { room_id: 'pine-2' },
            reason: 'NIGHTS_TAKEN',
            reasonText: '',
            createTime: 1_000,
            updateTime: 2_000,
          },
        },
      },
    ]);
  });

  test('whose turn it is, and until when; a turn that is not known yet is nobody’s (B10)', () => {
    const heard = (who: Order_Next_Who) =>
      standing(
        arrived(
          orderEvent('jari.lodging.v1.ReservationRequested', lodging.ReservationRequested, id, {
            order: { ...order, next: { who, what: 'ANSWER' }, deadline: { at: new Date(9_000), what: 'ANSWER_UNTIL' } },
          }),
          '/lodging',
        ),
      );
    expect(heard(Order_Next_Who.PROVIDER)).toMatchObject([
      { input: { head: { next: { who: 'PROVIDER', what: 'ANSWER' }, deadline: { at: 9_000, what: 'ANSWER_UNTIL' } } } },
    ]);
    expect(heard(7 as Order_Next_Who)).toMatchObject([{ input: { head: { next: { who: 'NOBODY' } } } }]);
  });

  test('an event of an unknown business is handled like the others (K5)', () => {
    const told = orderEvent('jari.camping.v1.PitchKept', lodging.ReservationPaid, id, {
      order: { ...order, ref: { kind: 'camping.pitch', id } },
    });
    expect(standing(arrived(told, '/camping'))).toMatchObject([
      { id, input: { entry: { text: 'Pitch kept: nights taken' }, head: { order: { kind: 'camping.pitch', id } } } },
    ]);
  });

  test.each([
    [
      'PaymentDeferred',
      payment.PaymentDeferred.encode({ order: ref, version: 4n, reason: 'PROVIDER_DOWN' }),
      'PENDING',
    ],
    [
      'PaymentCompleted',
      payment.PaymentCompleted.encode({ order: ref, version: 4n, amount: order.total }),
      'COMPLETED',
    ],
    [
      'PaymentDeclined',
      payment.PaymentDeclined.encode({ order: ref, version: 4n, reason: 'CARD_DECLINED', reasonText: '' }),
      'DECLINED',
    ],
    [
      'PaymentCancelled',
      payment.PaymentCancelled.encode({ order: ref, version: 4n, refunded: order.total, kept: undefined }),
      'CANCELLED',
    ],
  ])('%s sets the payment state to what it says (L10)', (name, body, status) => {
    const told = event(
      `jari.payment.v1.${name}`,
      { ...CapabilityEvent, encode: () => body },
      id,
      CapabilityEvent.create(),
    );
    expect(standing(arrived(told, '/payment'))).toMatchObject([
      { of: orderViews, id, input: { payment: { status, version: 4 } } },
    ]);
  });

  test("a capability's event is a line of the timeline and says nothing of the order's own state", () => {
    const confirmed = property.StayConfirmed.fromPartial({
      order: ref,
      version: 1n,
      roomId: v7(),
      checkIn: '2026-12-24',
      checkOut: '2026-12-26',
    });
    expect(
      standing(arrived(event('jari.property.v1.StayConfirmed', property.StayConfirmed, id, confirmed), '/property')),
    ).toEqual([
      {
        of: orderViews,
        batchable: true,
        id,
        input: {
          entry: {
            id: 'message-1',
            type: 'jari.property.v1.StayConfirmed',
            source: '/property',
            at: 5_000,
            text: 'Stay confirmed',
            cause: id,
          },
        },
      },
    ]);
  });

  test('a catalogue event is about no order, though a room too begins with two ids', () => {
    const roomId = v7();
    const listed = property.RoomListed.fromPartial({ room: { roomId, propertyId: roomId, capacity: 2 } });
    expect(
      orderUpdates(arrived(event('jari.property.v1.RoomListed', property.RoomListed, roomId, listed), '/property')),
    ).toEqual([]);
  });

  test.each([
    ['text that is no message', Buffer.from([0x0a, 0x03, 0xff, 0xff, 0xff])],
    ['nothing', Buffer.alloc(0)],
    [
      "another order's ref than the envelope's",
      property.StayReleased.encode({ order: { kind: 'lodging.reservation', id: v7() }, version: 1n }).finish(),
    ],
  ])('an event with %s in field 1 is about no order', (_, payload) => {
    const released = event('jari.property.v1.StayReleased', property.StayReleased, id, property.StayReleased.create());
    expect(orderUpdates({ ...arrived(released, '/property'), payload })).toEqual([]);
  });

  test('a core event without its order is refused, so that somebody looks at it', () => {
    const empty = orderEvent('jari.lodging.v1.ReservationPaid', lodging.ReservationPaid, id, { order: undefined });
    expect(() => orderUpdates(arrived(empty, '/lodging'))).toThrow('jari.lodging.v1.ReservationPaid lacks its order');
  });
});

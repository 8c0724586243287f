import type { OrderRef } from '#kernel/ids.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import {
  type Addressed,
  inputFor,
  onCommand,
  onEvent,
  type Subscriptions,
  subscriptionsOf,
} from '#adapters/service/service.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as property from '#proto/jari/property/v1/messages.ts';
import type { Ports } from '../ports.ts';
import {
  properties,
  rooms,
  stayRequests,
  type PropertyMessage,
  type RoomMessage,
  type StayMessage,
} from '../process.ts';
import type { Property, PropertyEvent, PropertyInput, PropertyRefusal } from '../property.ts';
import type { Room, RoomEvent, RoomInput, RoomRefusal } from '../room.ts';
import type { Payment, StayEvent, StayInput, StayRefusal, StayRequest } from '../stay.ts';
import { rejectOverlappingOnStayConfirmed, requestStay, propertyInputFor } from '../usecases.ts';

export const storedProperties: Stored<Property, PropertyInput, PropertyEvent, PropertyRefusal, PropertyMessage> = {
  ...properties,
  encode: ({ type, propertyId, version }) =>
    event(`jari.property.v1.${type}`, property[type], propertyId, { propertyId, version: BigInt(version) }),
};

export const storedRooms: Stored<Room, RoomInput, RoomEvent, RoomRefusal, RoomMessage> = {
  ...rooms,
  encode: encodeRoom,
};

export const storedStayRequests: Stored<StayRequest, StayInput, StayEvent, StayRefusal, StayMessage> = {
  ...stayRequests,
  encode: encodeStay,
};

function encodeRoom({ type, roomId, version, place, terms, isClosed: closed }: RoomMessage): Outgoing {
  const { propertyId, ownerId, propertyName, address, timeZone } = place;
  const { name: roomName, capacity, instantBook } = terms;
  const pricePerNight = toProto(terms.pricePerNight);
  return event(`jari.property.v1.${type}`, property[type], roomId, {
    room: {
      roomId,
      propertyId,
      ownerId,
      propertyName,
      roomName,
      address,
      timeZone,
      capacity,
      pricePerNight,
      instantBook,
      version: BigInt(version),
      closed,
    },
  });
}

function encodeStay(message: StayMessage): Outgoing {
  const { order } = message;
  const about = { order, version: BigInt(message.version), ...(message.again && { again: true }) };
  switch (message.type) {
    case 'StayConfirmed': {
      const { roomId, checkIn, checkOut } = message;
      return event('jari.property.v1.StayConfirmed', property.StayConfirmed, order.id, {
        ...about,
        roomId,
        checkIn,
        checkOut,
      });
    }
    case 'StayRejected': {
      const { reason, text: reasonText } = message;
      return event('jari.property.v1.StayRejected', property.StayRejected, order.id, { ...about, reason, reasonText });
    }
    case 'StayReleased':
      return event('jari.property.v1.StayReleased', property.StayReleased, order.id, about);
    case 'StayCancelledByHost':
      return event('jari.property.v1.StayCancelledByHost', property.StayCancelledByHost, order.id, {
        ...about,
        reasonText: message.text,
      });
  }
}

/** Messages that property receives: commands of orders, its own confirmations, and events of payments for the host's list. */
export function subscriptions(ports: Ports): Subscriptions {
  const toStay = (id: string, input: StayInput | (() => Promise<StayInput>)): Addressed =>
    inputFor(storedStayRequests, id, input);
  const paymentIs = (status: Payment['status']) => (message: { order: OrderRef; version: bigint }) =>
    // For the host's list alone.
    [
      {
        ...toStay(message.order.id, {
          type: 'PaymentHeard',
          payment: { status, version: Number(message.version) },
        }),
        batchable: true as const,
      },
    ];

  return subscriptionsOf(
    onCommand('jari.property.v1.RequestStay', property.RequestStay, ({ order, ...wish }) => {
      const { kind, id } = order;
      return [toStay(id, () => requestStay(ports, kind, wish))];
    }),
    onCommand('jari.property.v1.ReleaseStay', property.ReleaseStay, ({ order }) => {
      const { kind, id } = order;
      return [toStay(id, { type: 'ReleaseStay', kind })];
    }),
    onCommand('jari.property.v1.RepublishRooms', property.RepublishRooms, async () =>
      (await ports.rooms.ids()).map((id) => inputFor(storedRooms, id, { type: 'RepublishRoom' })),
    ),
    onEvent('jari.property.v1.PropertyChanged', property.PropertyChanged, async ({ propertyId }) =>
      (await ports.rooms.ids(propertyId)).map((id) =>
        inputFor(storedRooms, id, () => propertyInputFor(ports, propertyId)),
      ),
    ),
    // Its property may have changed while the room was being listed.
    onEvent('jari.property.v1.RoomListed', property.RoomListed, ({ room }) =>
      room ? [inputFor(storedRooms, room.roomId, () => propertyInputFor(ports, room.propertyId))] : [],
    ),
    onEvent('jari.property.v1.StayConfirmed', property.StayConfirmed, async ({ roomId, checkIn, checkOut }) =>
      (await rejectOverlappingOnStayConfirmed(ports, { roomId, from: checkIn, to: checkOut })).map(({ id, input }) =>
        toStay(id, input),
      ),
    ),
    onEvent('jari.payment.v1.PaymentCompleted', payment.PaymentCompleted, paymentIs('COMPLETED')),
    onEvent('jari.payment.v1.PaymentDeferred', payment.PaymentDeferred, paymentIs('PENDING')),
    onEvent('jari.payment.v1.PaymentDeclined', payment.PaymentDeclined, paymentIs('DECLINED')),
    onEvent('jari.payment.v1.PaymentCancelled', payment.PaymentCancelled, paymentIs('CANCELLED')),
  );
}

import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { type Addressed, inputFor, onCommand, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import * as studycafe from '#proto/jari/studycafe/v1/messages.ts';
import type { Block, BlockEvent, BlockInput, BlockRefusal } from '../block.ts';
import type { Cafe, CafeEvent, CafeInput, CafeRefusal } from '../cafe.ts';
import type { Ports } from '../ports.ts';
import { blocks, cafes, registrations, type CafeMessage, type SeatMessage } from '../process.ts';
import type { Registration, RegistrationEvent, RegistrationInput } from '../registration.ts';
import { holdSeat } from '../usecases.ts';

export const storedCafes: Stored<Cafe, CafeInput, CafeEvent, CafeRefusal, CafeMessage> = {
  ...cafes,
  encode: encodeCafe,
};

export const storedBlocks: Stored<Block, BlockInput, BlockEvent, BlockRefusal, never> = {
  ...blocks,
  encode: (nothing) => nothing,
};

export const storedRegistrations: Stored<Registration, RegistrationInput, RegistrationEvent, never, SeatMessage> = {
  ...registrations,
  encode: encodeSeat,
};

function encodeCafe({ type, cafeId, version, place, terms, isClosed: closed }: CafeMessage): Outgoing {
  const { address, timeZone } = place;
  const seats = place.seats.map(({ id: seatId, label }) => ({ seatId, label }));
  const { name, opens, closes } = terms;
  const pricePerHour = toProto(terms.pricePerHour);
  return event(`jari.studycafe.v1.${type}`, studycafe[type], cafeId, {
    cafe: { cafeId, name, address, timeZone, opens, closes, pricePerHour, seats, version: BigInt(version), closed },
  });
}

function encodeSeat(message: SeatMessage): Outgoing {
  const { order } = message;
  const about = { order, version: BigInt(message.version), ...(message.again && { again: true }) };
  switch (message.type) {
    case 'SeatHeld':
      return event('jari.studycafe.v1.SeatHeld', studycafe.SeatHeld, order.id, about);
    case 'SeatRefused':
      return event('jari.studycafe.v1.SeatRefused', studycafe.SeatRefused, order.id, {
        ...about,
        reason: message.reason,
      });
    case 'SeatRegistered':
      return event('jari.studycafe.v1.SeatRegistered', studycafe.SeatRegistered, order.id, about);
    case 'SeatReleased':
      return event('jari.studycafe.v1.SeatReleased', studycafe.SeatReleased, order.id, about);
  }
}

/** Commands to studycafe. */
export function subscriptions(ports: Ports): Subscriptions {
  const toRegistration = (id: string, input: RegistrationInput | (() => Promise<RegistrationInput>)): Addressed =>
    inputFor(storedRegistrations, id, input);
  return subscriptionsOf(
    onCommand('jari.studycafe.v1.HoldSeat', studycafe.HoldSeat, ({ order, cafeId, seatId, startTime, endTime }) => {
      const { kind, id } = order;
      const period = { start: given(startTime, 'start_time').getTime(), end: given(endTime, 'end_time').getTime() };
      return [toRegistration(id, () => holdSeat(ports, kind, { cafeId, seatId, period }))];
    }),
    onCommand('jari.studycafe.v1.RegisterSeat', studycafe.RegisterSeat, ({ order }) => [
      toRegistration(order.id, { type: 'RegisterSeat' }),
    ]),
    onCommand('jari.studycafe.v1.ReleaseSeat', studycafe.ReleaseSeat, ({ order }) => {
      const { kind, id } = order;
      return [toRegistration(id, { type: 'ReleaseSeat', kind })];
    }),
    onCommand('jari.studycafe.v1.RepublishCafes', studycafe.RepublishCafes, async () =>
      (await ports.cafes.ids()).map((id) => inputFor(storedCafes, id, { type: 'RepublishCafe' })),
    ),
  );
}

/** A message that lacks its order is invalid: it becomes a dead letter. */
function given<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new TypeError(`the message has no ${field}`);
  return value;
}

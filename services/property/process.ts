import type { Aggregate, Claim, StoredAggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { LocalDate } from '#kernel/time.ts';
import { claimsOn, datesOf } from './nights.ts';
import { property, type Property, type PropertyEvent, type PropertyInput, type PropertyRefusal } from './property.ts';
import {
  isOffSale,
  room,
  type Place,
  type Room,
  type RoomEvent,
  type RoomInput,
  type RoomRefusal,
  type Terms,
} from './room.ts';
import { stay, type Reason, type StayEvent, type StayInput, type StayRefusal, type StayRequest } from './stay.ts';

/** Events about rooms; each contains the whole room. */
export interface RoomMessage {
  type: 'RoomListed' | 'RoomChanged';
  roomId: string;
  version: number;
  place: Place;
  terms: Terms;
  isClosed: boolean;
}

/** Tells property itself that the rooms of a property have to follow it. */
export interface PropertyMessage {
  type: 'PropertyChanged';
  propertyId: string;
  version: number;
}

/** Answers of property to an order. */
export type StayMessage = { order: OrderRef; version: number; again?: true } & Answer;

type Answer =
  | { type: 'StayConfirmed'; roomId: string; checkIn: LocalDate; checkOut: LocalDate }
  | { type: 'StayRejected'; reason: Reason; text: string }
  | { type: 'StayReleased' }
  | { type: 'StayCancelledByHost'; text: string };

/** Other contexts need its rooms only. */
export const properties: Aggregate<Property, PropertyInput, PropertyEvent, PropertyRefusal, PropertyMessage> = {
  name: 'property',
  ...property,
  consequences: (events, { id: propertyId, version }) => ({
    messages: events
      .filter(({ type }) => type !== 'PropertyRegistered')
      .map(() => ({ type: 'PropertyChanged', propertyId, version })),
  }),
};

export const rooms: Aggregate<Room, RoomInput, RoomEvent, RoomRefusal, RoomMessage> = {
  name: 'room',
  ...room,
  consequences: (events, after) => ({
    messages: events.flatMap((event) => tellOfRoom(event, after)),
    claims: events.flatMap((event) => (event.type === 'NightsBlocked' ? claimsOn(after.id, event.nights) : [])),
    releases: events.flatMap((event) => (event.type === 'NightsUnblocked' ? claimsOn(after.id, event.nights) : [])),
  }),
};

function tellOfRoom(event: RoomEvent, { id, version, state }: StoredAggregate<Room>): RoomMessage[] {
  if (state.status === 'none') return [];
  const { place, terms } = state;
  const told = { roomId: id, version, place, terms, isClosed: isOffSale(state) };
  switch (event.type) {
    case 'RoomListed':
    case 'RoomRepublished':
      return [{ type: 'RoomListed', ...told }];
    case 'RoomChanged':
    case 'RoomMoved':
    case 'RoomClosed':
    case 'RoomReopened':
      return [{ type: 'RoomChanged', ...told }];
    case 'NightsBlocked':
    case 'NightsUnblocked':
      return [];
  }
}

export const stayRequests: Aggregate<StayRequest, StayInput, StayEvent, StayRefusal, StayMessage> = {
  name: 'stay_request',
  ...stay,
  consequences: (events, after) => {
    const happened = (...types: StayEvent['type'][]): boolean => events.some(({ type }) => types.includes(type));
    return {
      messages: events.flatMap((event) => answerOrder(event, after)),
      // Nights that were free when they were read may be sold by now: a pending request reads them once more.
      timers: events.flatMap((event) =>
        event.type === 'HostAsked'
          ? [
              { name: 'answer', at: event.answerUntil },
              { name: 'nights', at: after.updatedAt },
            ]
          : [],
      ),
      stopTimers: happened('StayConfirmed', 'StayRejected', 'StayReleased') ? 'all' : [],
      claims: happened('StayConfirmed') ? nightsHeld(after.state) : [],
      releases: happened('StayReleased', 'StayCancelledByHost') ? 'all' : [],
    };
  },
};

function nightsHeld(state: StayRequest): Claim[] {
  if (state.status !== 'confirmed') return [];
  const { roomId, checkIn, checkOut } = state.stay;
  return claimsOn(roomId, datesOf({ roomId, from: checkIn, to: checkOut }));
}

function answerOrder(event: StayEvent, { id, version, state }: StoredAggregate<StayRequest>): StayMessage[] {
  if (state.status === 'none') return [];
  const about = { order: { kind: state.kind, id }, version };
  return answersAfter(event, state).map((answer) => ({ ...about, ...answer }));
}

function answersAfter(event: StayEvent, state: StayRequest): (Answer & { again?: true })[] {
  const answer = answerOf(state);
  const repeated = answer ? [{ again: true as const, ...answer }] : [];
  switch (event.type) {
    case 'StayConfirmed':
    case 'StayRejected':
    case 'StayCancelledByHost':
      return answer ? [answer] : [];
    case 'AnswerRepeated':
      return repeated;
    case 'StayReleased': // in every state: the order needs to know that it holds no nights, and that its host took them back
      return answer?.type === 'StayCancelledByHost' ? repeated : [{ type: 'StayReleased' }];
    case 'StayRequested':
    case 'HostAsked':
    case 'PaymentNoted':
      return [];
  }
}

function answerOf(state: StayRequest): Answer | undefined {
  switch (state.status) {
    case 'none':
    case 'pending':
      return undefined;
    case 'confirmed': {
      const { roomId, checkIn, checkOut } = state.stay;
      return { type: 'StayConfirmed', roomId, checkIn, checkOut };
    }
    case 'rejected':
      return { type: 'StayRejected', reason: state.reason, text: state.text };
    case 'released':
      return state.byHost ? { type: 'StayCancelledByHost', text: state.byHost.text } : { type: 'StayReleased' };
    case 'tombstone':
      return { type: 'StayReleased' };
  }
}

import type { Aggregate, StoredAggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { block, type Block, type BlockEvent, type BlockInput, type BlockRefusal } from './block.ts';
import { cafe, type Cafe, type CafeEvent, type CafeInput, type CafeRefusal, type Place, type Terms } from './cafe.ts';
import {
  registration,
  type Reason,
  type Registration,
  type RegistrationEvent,
  type RegistrationInput,
} from './registration.ts';
import { claimsOn, halfHoursOf } from './times.ts';

/** Events about cafes; each contains the whole cafe. */
export interface CafeMessage {
  type: 'CafeOpened' | 'CafeChanged';
  cafeId: string;
  version: number;
  place: Place;
  terms: Terms;
  isClosed: boolean;
}

/** Answers of studycafe to an order. */
export type SeatMessage = { order: OrderRef; version: number; again?: true } & Answer;

type Answer = { type: 'SeatHeld' | 'SeatRegistered' | 'SeatReleased' } | { type: 'SeatRefused'; reason: Reason };

export const cafes: Aggregate<Cafe, CafeInput, CafeEvent, CafeRefusal, CafeMessage> = {
  name: 'cafe',
  ...cafe,
  consequences: (events, { id, version, state }) => ({
    messages:
      state.status === 'none'
        ? []
        : events.map(({ type }) => ({
            type: type === 'CafeOpened' || type === 'CafeRepublished' ? 'CafeOpened' : 'CafeChanged',
            cafeId: id,
            version,
            place: state.place,
            terms: state.terms,
            isClosed: state.isClosed,
          })),
  }),
};

/** A block matters to the seat map only. */
export const blocks: Aggregate<Block, BlockInput, BlockEvent, BlockRefusal, never> = {
  name: 'seat_block',
  ...block,
  consequences: (events, { id }) => ({
    claims: events.flatMap((event) => (event.type === 'SeatBlocked' ? claimsOn(id, event.halfHours) : [])),
    releases: events.flatMap((event) => (event.type === 'SeatUnblocked' ? claimsOn(id, event.halfHours) : [])),
  }),
};

export const registrations: Aggregate<Registration, RegistrationInput, RegistrationEvent, never, SeatMessage> = {
  name: 'registration',
  ...registration,
  consequences: (events, after) => ({
    messages: events.flatMap((event) => answerOrder(event, after)),
    claims: events.flatMap((event) =>
      event.type === 'SeatHeld' ? claimsOn(event.wish.seatId, halfHoursOf(event.wish.period)) : [],
    ),
    releases: events.some(({ type }) => type === 'SeatReleased') ? 'all' : [],
  }),
};

function answerOrder(event: RegistrationEvent, { id, version, state }: StoredAggregate<Registration>): SeatMessage[] {
  if (state.status === 'none') return [];
  // A release is answered in every state: the order needs to know that it holds no seat.
  const answer: Answer = event.type === 'SeatReleased' ? { type: 'SeatReleased' } : answerOf(state);
  return [
    { order: { kind: state.kind, id }, version, ...(event.type === 'AnswerRepeated' && { again: true }), ...answer },
  ];
}

function answerOf(state: Exclude<Registration, { status: 'none' }>): Answer {
  switch (state.status) {
    case 'held':
      return { type: 'SeatHeld' };
    case 'registered':
      return { type: 'SeatRegistered' };
    case 'refused':
      return { type: 'SeatRefused', reason: state.reason };
    case 'released':
    case 'tombstone':
      return { type: 'SeatReleased' };
  }
}

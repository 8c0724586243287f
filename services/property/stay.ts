import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant, LocalDate } from '#kernel/time.ts';
import { checkInBegins, isAnyTaken, stayEnds, type Taken } from './nights.ts';
import { manages, type Manager } from './property.ts';
import type { Room } from './room.ts';

/** What an order asks for. */
export interface Wish {
  roomId: string;
  guestId: string;
  checkIn: LocalDate;
  checkOut: LocalDate;
  guests: number;
}

export interface Stay extends Wish {
  /** User id of the host; empty when there is no such room. */
  ownerId: string;
  /** The room's. */
  timeZone: string;
}

/** Last known state of the payment. */
export interface Payment {
  status: 'PENDING' | 'COMPLETED' | 'DECLINED' | 'CANCELLED';
  version: number;
}

export type Reason = 'NIGHTS_TAKEN' | 'DECLINED_BY_HOST' | 'NO_ANSWER' | 'NO_SUCH_ROOM';

interface Asked {
  /** Of the order: `lodging.reservation`. */
  kind: string;
  stay: Stay;
  payment: Payment | null;
}

/** A request for nights, which the host decides. Its id is the order's, so a repeated request finds it. */
export type StayRequest =
  | { status: 'none' }
  /** A tombstone: released before it was requested. A late request gets the same answer. */
  | { status: 'tombstone'; kind: string }
  | ({ status: 'pending' | 'confirmed' } & Asked)
  | ({ status: 'rejected'; reason: Reason; text: string } & Asked)
  /** `byHost`: the host's words, when it was the host who cancelled. */
  | ({ status: 'released'; byHost: { text: string } | null } & Asked);

export type StayInput =
  // commands of the order
  | { type: 'RequestStay'; kind: string; wish: Wish; room: Room; taken: Taken; at: Instant; answerWithin: number }
  | { type: 'ReleaseStay'; kind: string }
  // asked by the host
  | { type: 'ConfirmStay'; by: Manager; taken: Taken }
  | { type: 'RejectStay'; by: Manager; text: string }
  | { type: 'CancelStay'; by: Manager; text: string; at: Instant }
  // timers, by another stay, by payment
  | { type: 'HostStayedSilent' }
  | { type: 'NightsLookedAt'; taken: Taken }
  | { type: 'PaymentHeard'; payment: Payment };

export type StayEvent =
  | { type: 'StayRequested'; kind: string; stay: Stay }
  | { type: 'HostAsked'; answerUntil: Instant }
  | { type: 'StayConfirmed' }
  | { type: 'StayRejected'; reason: Reason; text: string }
  | { type: 'StayReleased'; kind: string }
  | { type: 'StayCancelledByHost'; text: string }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' }
  | { type: 'PaymentNoted'; payment: Payment };

export type StayRefusal =
  | 'no-such-stay-request'
  | 'own-request'
  | 'nights-taken'
  | 'already-decided'
  | 'not-cancellable';

type StayDecision = Decision<StayEvent, StayRefusal>;
type Named<Type extends StayInput['type']> = Extract<StayInput, { type: Type }>;
type Known = Extract<StayRequest, Asked>;

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. A command is always answered. */
function decide(state: StayRequest, input: StayInput): StayDecision {
  switch (input.type) {
    case 'RequestStay':
      if (state.status === 'none') return request(input);
      return state.status === 'pending' ? accept() : accept({ type: 'AnswerRepeated' }); // a pending one has no answer yet
    case 'ReleaseStay':
      return accept({ type: 'StayReleased', kind: input.kind });

    case 'ConfirmStay':
    case 'RejectStay':
    case 'CancelStay':
      if (!isKnown(state) || !manages(input.by, state.stay.ownerId)) return refuse('no-such-stay-request'); // hidden from others
      if (state.stay.guestId === input.by.userId) return refuse('own-request');
      return decideAsHost(state, input);

    case 'HostStayedSilent':
      return state.status === 'pending' ? accept(rejected('NO_ANSWER')) : accept();
    case 'NightsLookedAt': // the news may be old, and the nights free again
      return state.status === 'pending' && isAnyTaken(input.taken) ? accept(rejected('NIGHTS_TAKEN')) : accept();
    case 'PaymentHeard':
      return isKnown(state) && input.payment.version > (state.payment?.version ?? 0)
        ? accept({ type: 'PaymentNoted', payment: input.payment })
        : accept();
  }
}

function request({ kind, wish, room, taken, at, answerWithin }: Named<'RequestStay'>): StayDecision {
  const asked = (ownerId: string, timeZone: string): StayEvent => ({
    type: 'StayRequested',
    kind,
    stay: { ...wish, ownerId, timeZone },
  });
  if (room.status === 'none') return accept(asked('', 'UTC'), rejected('NO_SUCH_ROOM'));

  const { ownerId, timeZone } = room.place;
  const requested = asked(ownerId, timeZone);
  const checkIn = checkInBegins(wish.checkIn, timeZone);
  if (isAnyTaken(taken)) return accept(requested, rejected('NIGHTS_TAKEN'));
  if (at >= checkIn) return accept(requested, rejected('NO_ANSWER'));
  if (room.terms.instantBook && wish.guests <= room.terms.capacity) return accept(requested, { type: 'StayConfirmed' });
  return accept(requested, { type: 'HostAsked', answerUntil: Math.min(at + answerWithin, checkIn) });
}

function decideAsHost(state: Known, input: Named<'ConfirmStay' | 'RejectStay' | 'CancelStay'>): StayDecision {
  switch (input.type) {
    case 'ConfirmStay':
      if (state.status === 'confirmed') return accept(); // idempotent
      if (state.status !== 'pending') return refuse('already-decided');
      return isAnyTaken(input.taken) ? refuse('nights-taken') : accept({ type: 'StayConfirmed' });
    case 'RejectStay':
      if (state.status === 'rejected') return accept();
      return state.status === 'pending' ? accept(rejected('DECLINED_BY_HOST', input.text)) : refuse('already-decided');
    case 'CancelStay':
      if (state.status === 'released' && state.byHost) return accept();
      if (state.status !== 'confirmed' || input.at >= stayEnds(state.stay.checkOut, state.stay.timeZone))
        return refuse('not-cancellable');
      return accept({ type: 'StayCancelledByHost', text: input.text });
  }
}

const rejected = (reason: Reason, text = ''): StayEvent => ({ type: 'StayRejected', reason, text });

const isKnown = (state: StayRequest): state is Known => state.status !== 'none' && state.status !== 'tombstone';

function evolve(state: StayRequest, event: StayEvent): StayRequest {
  switch (event.type) {
    case 'StayRequested':
      return { status: 'pending', kind: event.kind, stay: event.stay, payment: null };
    case 'HostAsked':
    case 'AnswerRepeated':
      return state;
    case 'StayConfirmed':
      return state.status === 'pending' ? { ...state, status: 'confirmed' } : state;
    case 'StayRejected':
      return state.status === 'pending'
        ? { ...state, status: 'rejected', reason: event.reason, text: event.text }
        : state;
    case 'StayReleased':
      if (state.status === 'none') return { status: 'tombstone', kind: event.kind };
      return state.status === 'pending' || state.status === 'confirmed'
        ? { ...state, status: 'released', byHost: null }
        : state;
    case 'StayCancelledByHost':
      return state.status === 'confirmed' ? { ...state, status: 'released', byHost: { text: event.text } } : state;
    case 'PaymentNoted':
      return isKnown(state) ? { ...state, payment: event.payment } : state;
  }
}

export const stay: Decider<StayRequest, StayInput, StayEvent, StayRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

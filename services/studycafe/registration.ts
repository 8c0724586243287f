import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import { seatIn, type Cafe } from './cafe.ts';
import type { Period, Taken } from './times.ts';

/** What an order asks for. */
export interface Wish {
  cafeId: string;
  seatId: string;
  period: Period;
}

export type Reason = 'SEAT_TAKEN' | 'SEAT_BLOCKED' | 'TIME_PASSED' | 'NO_SUCH_SEAT';

interface Asked {
  /** Of the order: `seating.selection`. */
  kind: string;
  wish: Wish;
}

/**
 * An order's seat (좌석 등록): held while it is paid, then registered. Its id is the order's; there is one for each order, so a
 * repeated command finds it. A hold has no clock of its own: whoever asked for it lets it go.
 */
export type Registration =
  | { status: 'none' }
  /** A tombstone: released before it was requested. A late request gets the same answer. */
  | { status: 'tombstone'; kind: string }
  | ({ status: 'held' | 'registered' | 'released' } & Asked)
  | ({ status: 'refused'; reason: Reason } & Asked);

export type RegistrationInput =
  | { type: 'HoldSeat'; kind: string; wish: Wish; cafe: Cafe; taken: Taken; at: Instant }
  | { type: 'RegisterSeat' }
  | { type: 'ReleaseSeat'; kind: string };

export type RegistrationEvent =
  | { type: 'SeatHeld'; kind: string; wish: Wish }
  | { type: 'SeatRefused'; kind: string; wish: Wish; reason: Reason }
  | { type: 'SeatRegistered' }
  | { type: 'SeatReleased'; kind: string }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' };

/** Commands come late, twice and out of order: each is answered with what has become of the seat. */
function decide(state: Registration, input: RegistrationInput): Decision<RegistrationEvent, never> {
  switch (input.type) {
    case 'HoldSeat':
      return state.status === 'none' ? accept(hold(input)) : accept({ type: 'AnswerRepeated' });
    case 'RegisterSeat':
      if (state.status === 'none') return accept(); // an order registers a seat only after SeatHeld
      return state.status === 'held' ? accept({ type: 'SeatRegistered' }) : accept({ type: 'AnswerRepeated' });
    case 'ReleaseSeat':
      return accept({ type: 'SeatReleased', kind: input.kind });
  }
}

function hold({ kind, wish, cafe, taken, at }: Extract<RegistrationInput, { type: 'HoldSeat' }>): RegistrationEvent {
  const refused = (reason: Reason): RegistrationEvent => ({ type: 'SeatRefused', kind, wish, reason });
  if (!seatIn(cafe, wish.seatId)) return refused('NO_SUCH_SEAT');
  if (wish.period.start <= at) return refused('TIME_PASSED');
  if (taken.kept) return refused('SEAT_TAKEN');
  if (taken.blocked.length > 0) return refused('SEAT_BLOCKED');
  return { type: 'SeatHeld', kind, wish };
}

function evolve(state: Registration, event: RegistrationEvent): Registration {
  switch (event.type) {
    case 'SeatHeld':
      return { status: 'held', kind: event.kind, wish: event.wish };
    case 'SeatRefused':
      return { status: 'refused', kind: event.kind, wish: event.wish, reason: event.reason };
    case 'SeatRegistered':
      return state.status === 'held' ? { ...state, status: 'registered' } : state;
    case 'SeatReleased':
      if (state.status === 'none') return { status: 'tombstone', kind: event.kind };
      return state.status === 'held' || state.status === 'registered' ? { ...state, status: 'released' } : state;
    case 'AnswerRepeated':
      return state;
  }
}

export const registration: Decider<Registration, RegistrationInput, RegistrationEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { dateAt, instantAt, type Instant } from '#kernel/time.ts';
import { place, type Market, type Placement } from './choice.ts';
import type { Location } from './dealership.ts';

/** The caller: dealers act for their dealerships, administrators for all. */
export interface Dealer {
  userId: string;
  admin: boolean;
}

export interface Asked {
  order: OrderRef;
  location: Location;
  /** Dealerships that did not want it, or did not answer; they are not asked again. */
  declined: readonly { dealershipId: string; dealerId: string }[];
  /** Whose order it is; what was asked for by an earlier version does not say. */
  customerId?: string;
}

/** An order on its way to a dealership (배정). Its id is the order's; there is one for each order. */
export type Assignment =
  | { status: 'none' }
  /** Cancelled before it was asked for: a late request is answered with that. */
  | { status: 'tombstone'; order: OrderRef }
  /** `again`: when a new day brings new capacity; null when all have declined and only a new dealership can help. */
  | ({ status: 'unassigned'; again: Instant | null } & Asked)
  | ({ status: 'assigned' | 'accepted' | 'activated'; placement: Placement } & Asked)
  | ({ status: 'cancelled' } & Asked);

export type AssignmentInput =
  // commands of the order
  | { type: 'RequestAssignment'; order: OrderRef; location: Location; customerId: string; market: Market; at: Instant }
  /** `undelivered`: the customer cannot have the phone, whether it is activated or not. */
  | { type: 'CancelAssignment'; order: OrderRef; undelivered: boolean }
  // asked by the dealer
  | { type: 'AcceptAssignment'; by: Dealer }
  | { type: 'DeclineAssignment'; by: Dealer; market: Market; at: Instant }
  | { type: 'ActivateAssignment'; by: Dealer }
  // timers; capacity may have come free
  | { type: 'AnswerOverdue'; market: Market; at: Instant }
  | { type: 'LookAgain'; market: Market; at: Instant };

export type AssignmentEvent =
  | { type: 'AssignmentRequested'; order: OrderRef; location: Location; customerId: string }
  | { type: 'DealershipAssigned'; placement: Placement }
  | { type: 'NoDealership'; again: Instant | null }
  /** Still none: it waits for another day. */
  | { type: 'WaitedInVain'; again: Instant | null }
  | { type: 'DealershipLost' }
  | { type: 'AssignmentAccepted' }
  | { type: 'Activated' }
  | { type: 'AssignmentCancelled'; order: OrderRef }
  | { type: 'AssignmentCancelRefused' }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' };

export type AssignmentRefusal = 'no-such-assignment' | 'own-request' | 'already-decided' | 'not-accepted';

type AssignmentDecision = Decision<AssignmentEvent, AssignmentRefusal>;
type Named<Type extends AssignmentInput['type']> = Extract<AssignmentInput, { type: Type }>;
type Known = Extract<Assignment, Asked>;
type Placed = Extract<Assignment, { placement: Placement }>;

/** The days that capacities are counted by. */
export const timeZone = 'Asia/Seoul';

function decide(state: Assignment, input: AssignmentInput): AssignmentDecision {
  switch (input.type) {
    case 'RequestAssignment':
      if (state.status !== 'none') return accept({ type: 'AnswerRepeated' });
      return accept<AssignmentEvent>(
        { type: 'AssignmentRequested', order: input.order, location: input.location, customerId: input.customerId },
        assigned(input, []),
      );
    case 'CancelAssignment':
      if (state.status === 'activated' && !input.undelivered) return accept({ type: 'AssignmentCancelRefused' });
      return accept({ type: 'AssignmentCancelled', order: input.order });

    case 'AcceptAssignment':
    case 'DeclineAssignment':
    case 'ActivateAssignment':
      if (!isKnown(state) || !answersFor(state, input.by)) return refuse('no-such-assignment'); // hidden from others
      if (state.customerId === input.by.userId) return refuse('own-request');
      return decideAsDealer(state, input);

    case 'AnswerOverdue':
      return state.status === 'assigned' ? passedOn(state, input) : accept();
    case 'LookAgain':
      return state.status === 'unassigned' ? lookAgain(state, input) : accept();
  }
}

function decideAsDealer(
  state: Known,
  input: Named<'AcceptAssignment' | 'DeclineAssignment' | 'ActivateAssignment'>,
): AssignmentDecision {
  switch (input.type) {
    case 'AcceptAssignment':
      if (!hasIt(state, input.by)) return refuse('already-decided');
      return state.status === 'assigned' ? accept({ type: 'AssignmentAccepted' }) : accept();
    case 'DeclineAssignment':
      if (state.status === 'assigned' && hasIt(state, input.by)) return passedOn(state, input);
      return declinedBefore(state, input.by) ? accept() : refuse('already-decided'); // idempotent
    case 'ActivateAssignment':
      if (!hasIt(state, input.by) || state.status === 'assigned') return refuse('not-accepted');
      return state.status === 'accepted' ? accept({ type: 'Activated' }) : accept();
  }
}

/** Whoever has it, or had it and let it go. */
const answersFor = (state: Known, by: Dealer): boolean => by.admin || hasIt(state, by) || declinedBefore(state, by);

const hasIt = (state: Known, { userId, admin }: Dealer): state is Placed =>
  'placement' in state && (admin || state.placement.dealerId === userId);

const declinedBefore = ({ declined }: Asked, { userId }: Dealer): boolean =>
  declined.some(({ dealerId }) => dealerId === userId);

/** The next best is asked. */
function passedOn(state: Placed, input: { market: Market; at: Instant }): AssignmentDecision {
  return accept<AssignmentEvent>({ type: 'DealershipLost' }, assigned(input, withDeclined(state)));
}

const withDeclined = ({ declined, placement: { dealershipId, dealerId } }: Placed): Asked['declined'] => [
  ...declined,
  { dealershipId, dealerId },
];

function lookAgain(
  state: Extract<Assignment, { status: 'unassigned' }>,
  input: { market: Market; at: Instant },
): AssignmentDecision {
  const found = assigned(input, state.declined);
  if (found.type === 'DealershipAssigned') return accept(found);
  return found.again === state.again ? accept() : accept({ type: 'WaitedInVain', again: found.again });
}

type Found = Extract<AssignmentEvent, { type: 'DealershipAssigned' | 'NoDealership' }>;

/** An order that so many dealerships declined is offered to no further one: an administrator decides. */
const mostDeclined = 100;

function assigned({ market, at }: { market: Market; at: Instant }, declined: Asked['declined']): Found {
  const refused = declined.map(({ dealershipId }) => dealershipId);
  const placement = refused.length < mostDeclined ? place(market, refused) : undefined;
  if (placement) return { type: 'DealershipAssigned', placement };
  const isFull =
    refused.length < mostDeclined && market.candidates.some(({ dealershipId }) => !refused.includes(dealershipId));
  return { type: 'NoDealership', again: isFull ? nextDay(at) : null };
}

function nextDay(at: Instant): Instant {
  const almostThere = instantAt(dateAt(at, timeZone), 23, timeZone);
  return instantAt(dateAt(almostThere + 7_200_000, timeZone), 0, timeZone);
}

export const isKnown = (state: Assignment): state is Known => state.status !== 'none' && state.status !== 'tombstone';

function evolve(state: Assignment, event: AssignmentEvent): Assignment {
  if (event.type === 'AssignmentRequested')
    return {
      status: 'unassigned',
      order: event.order,
      location: event.location,
      declined: [],
      customerId: event.customerId,
      again: null,
    };
  if (event.type === 'AssignmentCancelled') return cancelled(state, event.order);
  if (!isKnown(state)) return state;
  const asked = askedOf(state);
  switch (event.type) {
    case 'DealershipAssigned':
      return { status: 'assigned', ...asked, placement: event.placement };
    case 'NoDealership':
    case 'WaitedInVain':
      return { status: 'unassigned', ...asked, again: event.again };
    case 'DealershipLost':
      return 'placement' in state
        ? { status: 'unassigned', ...asked, declined: withDeclined(state), again: null }
        : state;
    case 'AssignmentAccepted':
      return state.status === 'assigned' ? { ...state, status: 'accepted' } : state;
    case 'Activated':
      return state.status === 'accepted' ? { ...state, status: 'activated' } : state;
    case 'AssignmentCancelRefused':
    case 'AnswerRepeated':
      return state;
  }
}

function askedOf({ order, location, declined, customerId }: Asked): Asked {
  return { order, location, declined, ...(customerId !== undefined && { customerId }) };
}

function cancelled(state: Assignment, order: OrderRef): Assignment {
  if (!isKnown(state)) return { status: 'tombstone', order };
  return { status: 'cancelled', ...askedOf(state) };
}

export const assignment: Decider<Assignment, AssignmentInput, AssignmentEvent, AssignmentRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

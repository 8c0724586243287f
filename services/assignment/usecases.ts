import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { dateAt, type Instant } from '#kernel/time.ts';
import {
  assignment,
  isKnown,
  timeZone,
  type Assignment,
  type AssignmentInput,
  type AssignmentRefusal,
  type Dealer,
} from './assignment.ts';
import { hasRoom, isSettled, type Candidate, type Market } from './choice.ts';
import { dealership, type Dealership, type DealershipDetails, type Location } from './dealership.ts';
import type { Page, Ports } from './ports.ts';
import { placeTogether } from './together.ts';

type AssignmentUpdated = Promise<Updated<Assignment, AssignmentRefusal>>;

/** How many of the nearest are looked at first; four times as many each time that this does not settle it. */
const firstLook = 32;
/** How many of those that wait are placed together. */
const placedTogether = 100;

export const openDealership = (
  { dealerships }: Ports,
  id: string,
  details: DealershipDetails,
): Promise<Updated<Dealership, never>> =>
  dealerships.update(id, (state) => dealership.decide(state, { type: 'OpenDealership', details }));

/** Dealerships around a place with what each has taken today: so many of the nearest that none beyond them can be better. */
export async function marketAround(
  { directory, taken, now, random }: Pick<Ports, 'directory' | 'taken' | 'now' | 'random'>,
  location: Location,
  declined: readonly string[],
): Promise<Market> {
  const [all, day] = [await directory(), dateAt(now(), timeZone)];
  for (let count = firstLook; ; count *= 4) {
    const near = all.nearest(location, count);
    const busy = await taken(
      day,
      near.map(({ dealershipId }) => dealershipId),
    );
    const candidates = near.map((each): Candidate => ({ ...each, taken: busy.get(each.dealershipId) ?? [] }));
    if (near.length < count || count >= all.size || isSettled(candidates, declined))
      return { day, candidates, luck: random() };
  }
}

/** The request for a dealership, with all that its decision needs. */
export const requestAssignment = async (
  ports: Ports,
  order: OrderRef,
  location: Location,
  customerId: string,
): Promise<AssignmentInput> => ({
  type: 'RequestAssignment',
  order,
  location,
  customerId,
  market: await marketAround(ports, location, []),
  at: ports.now(),
});

export const acceptAssignment = ({ assignments }: Ports, id: string, by: Dealer): AssignmentUpdated =>
  assignments.update(id, (state) => assignment.decide(state, { type: 'AcceptAssignment', by }));

export const declineAssignment = (ports: Ports, id: string, by: Dealer): AssignmentUpdated =>
  ports.assignments.update(
    id,
    (state, market) => assignment.decide(state, { type: 'DeclineAssignment', by, market, at: ports.now() }),
    () => marketOf(ports, id),
  );

export const activateAssignment = ({ assignments }: Ports, id: string, by: Dealer): AssignmentUpdated =>
  assignments.update(id, (state) => assignment.decide(state, { type: 'ActivateAssignment', by }));

/**
 * The clock spoke: the dealership stayed silent, or it is time to look for one again. It was to speak at `at`, and so it is no earlier,
 * even where this process's own clock is a moment behind: at midnight it would look at the day that is over, and never again.
 */
export async function onTimer(
  ports: Ports,
  id: string,
  type: 'AnswerOverdue' | 'LookAgain',
  at: Instant,
): Promise<void> {
  const then: Ports = { ...ports, now: () => Math.max(ports.now(), at) };
  await ports.assignments.update(
    id,
    (state, market) => assignment.decide(state, { type, market, at: then.now() }),
    () => marketOf(then, id),
  );
}

/** Capacity came free: those that wait longest are placed, together and at the least total cost, and so on while there is room. */
export async function placeWaiting(ports: Ports): Promise<void> {
  for (let after: string | undefined; ;) {
    const waiting = await ports.assignments.waiting({ size: placedTogether, ...(after && { after }) });
    const wasRoom = await placeAll(ports, waiting);
    if (waiting.length < placedTogether || !wasRoom) return;
    after = waiting.at(-1)?.id;
  }
}

/** Answers whether there was room anywhere, be it at dealerships that do not want these. */
async function placeAll(ports: Ports, waiting: readonly StoredAggregate<Assignment>[]): Promise<boolean> {
  const markets = new Map(
    await Promise.all(waiting.map(async (kept) => [kept.id, await marketFor(ports, kept.state)] as const)),
  );
  const candidatesOf = (id: string): readonly Candidate[] => markets.get(id)?.candidates ?? [];
  const placed = placeTogether(
    waiting.map(({ id, state }) => ({ id, candidates: wanting(state, candidatesOf(id)).filter(hasRoom) })),
  );
  await Promise.all(
    [...placed].map(async ([id, candidate]) => {
      const planned = markets.get(id);
      let found: Market | undefined = planned && { ...planned, chosenTogether: candidate.dealershipId };
      await ports.assignments.update(
        id,
        (state, market) => assignment.decide(state, { type: 'LookAgain', market, at: ports.now() }),
        async () => {
          const market = found ?? (await marketOf(ports, id));
          found = undefined; // somebody else took the place: it looks for itself
          return market;
        },
      );
    }),
  );
  // Whoever waited for a dealership at all waits for a place at one now, and so for a day of its own.
  const hopeful = waiting.filter(
    ({ id, state }) =>
      !placed.has(id) &&
      state.status === 'unassigned' &&
      state.again === null &&
      wanting(state, candidatesOf(id)).length > 0,
  );
  await Promise.all(hopeful.map(({ id }) => onTimer(ports, id, 'LookAgain', ports.now())));
  return [...markets.values()].some(({ candidates }) => candidates.some(hasRoom));
}

/** Those that have not declined it. */
const wanting = (state: Assignment, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ dealershipId }) => !declinedOf(state).includes(dealershipId));

const marketOf = async (ports: Ports, id: string): Promise<Market> =>
  marketFor(ports, (await ports.assignments.get(id))?.state ?? assignment.initial);

const nowhere: Location = { latitude: 0, longitude: 0 };

const marketFor = (ports: Ports, state: Assignment): Promise<Market> =>
  marketAround(ports, isKnown(state) ? state.location : nowhere, declinedOf(state));

/** Dealerships that declined, and the one that declines now. */
const declinedOf = (state: Assignment): string[] =>
  isKnown(state)
    ? [
        ...state.declined.map(({ dealershipId }) => dealershipId),
        ...('placement' in state ? [state.placement.dealershipId] : []),
      ]
    : [];

/** Dealerships that `by` may see, newest first. */
export const listDealerships = (
  { dealerships }: Ports,
  by: Dealer,
  page: Page,
): Promise<StoredAggregate<Dealership>[]> => dealerships.list({ dealerId: by.admin ? undefined : by.userId }, page);

/** Orders that `by` answers for, newest first. */
export const listAssignments = (
  { assignments }: Ports,
  by: Dealer,
  status: Assignment['status'] | undefined,
  page: Page,
): Promise<StoredAggregate<Assignment>[]> =>
  assignments.list({ dealerId: by.admin ? undefined : by.userId, status }, page);

import type { LocalDate } from '#kernel/time.ts';

/** A dealership as one order sees it on one day. */
export interface Candidate {
  dealershipId: string;
  dealerId: string;
  name: string;
  /** On the sphere, from the customer. */
  distanceMeters: number;
  dailyCapacity: number;
  /** Its places of the day that are taken: numbers from 0 to below `dailyCapacity`. */
  taken: readonly number[];
}

/** Dealerships around a customer on a day, nearest first: as many as it takes to be sure of the best. */
export interface Market {
  day: LocalDate;
  candidates: readonly Candidate[];
  /** In [0, 1): which of the free places is taken, so that two that choose at once seldom meet. */
  luck: number;
  /** The dealership that was chosen for this order together with others; without, the best for it alone. */
  chosenTogether?: string;
}

/** The dealership that an order is given to, and its place there. */
export interface Placement {
  dealershipId: string;
  dealerId: string;
  dealershipName: string;
  distanceMeters: number;
  /** Why this one, in a sentence. */
  why: string;
  day: LocalDate;
  place: number;
}

/** As much as a dealership that is all but full is worth in distance: people go so much further to one with nothing to do. */
const fullLoadMeters = 5_000;

/**
 * What it costs to give an order to a dealership, in metres: the way there, and 5 km times the share of the day's capacity that is
 * taken. So of two at the same distance the idler one is chosen, and a full day at the nearest never sends a customer more than 5 km
 * further than needed. Least cost wins; among equals the lower id, so that the choice is the same wherever it is made.
 */
export const cost = ({ distanceMeters, dailyCapacity, taken }: Candidate): number =>
  distanceMeters + (fullLoadMeters * taken.length) / dailyCapacity;

export const hasRoom = ({ taken, dailyCapacity }: Candidate): boolean => taken.length < dailyCapacity;

/** The best of those that have room and have not declined. */
export function best(candidates: readonly Candidate[], declined: readonly string[]): Candidate | undefined {
  return candidates.filter((each) => hasRoom(each) && !declined.includes(each.dealershipId)).sort(byCost)[0];
}

const byCost = (a: Candidate, b: Candidate): number => cost(a) - cost(b) || (a.dealershipId < b.dealershipId ? -1 : 1);

/** Whether no dealership further away can be better than the best of these nearest ones: its distance alone costs more. */
export function isSettled(nearest: readonly Candidate[], declined: readonly string[]): boolean {
  const found = best(nearest, declined);
  const farthest = nearest.at(-1);
  return found !== undefined && farthest !== undefined && cost(found) < farthest.distanceMeters;
}

/** Places the order with the best dealership; undefined when none has room. */
export function place(market: Market, declined: readonly string[]): Placement | undefined {
  const { day, candidates, luck, chosenTogether } = market;
  const together = best(
    candidates.filter(({ dealershipId }) => dealershipId === chosenTogether),
    declined,
  );
  const chosen = together ?? best(candidates, declined);
  if (!chosen) return undefined;
  const { dealershipId, dealerId, name: dealershipName, distanceMeters, dailyCapacity, taken } = chosen;
  const gone = new Set(taken);
  const free = Array.from({ length: dailyCapacity }, (_, number) => number).filter((number) => !gone.has(number));
  const why = together
    ? `${standing(chosen)}; chosen together with other orders that waited.`
    : reasonFor(chosen, candidates, declined);
  return {
    dealershipId,
    dealerId,
    dealershipName,
    distanceMeters,
    why,
    day,
    place: free[Math.floor(luck * free.length)] ?? 0,
  };
}

function reasonFor(chosen: Candidate, candidates: readonly Candidate[], declined: readonly string[]): string {
  const nearer = candidates.filter((each) => each.distanceMeters < chosen.distanceMeters);
  const count = (which: (each: Candidate) => boolean): number => nearer.filter(which).length;
  const gone = count(({ dealershipId }) => declined.includes(dealershipId));
  const full = count((each) => !declined.includes(each.dealershipId) && !hasRoom(each));
  const busier = nearer.length - gone - full;
  const others = [
    ...(busier ? [`${busier} nearer ${busier === 1 ? 'is' : 'are'} busier`] : []),
    ...(full ? [`${full} nearer ${full === 1 ? 'is' : 'are'} full`] : []),
    ...(gone ? [`${gone} nearer declined`] : []),
  ];
  return others.length ? `${standing(chosen)}; ${others.join(', ')}.` : `The nearest: ${standing(chosen)}.`;
}

const standing = ({ distanceMeters, taken, dailyCapacity }: Candidate): string =>
  `${inKilometres(distanceMeters)} away, with ${taken.length} of ${dailyCapacity} orders today`;

const inKilometres = (meters: number): string => (meters < 1_000 ? `${meters} m` : `${(meters / 1_000).toFixed(1)} km`);

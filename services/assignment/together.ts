import { cost, type Candidate } from './choice.ts';

/** One order among many that want a place. */
export interface Demand {
  id: string;
  /** Whom it may go to. */
  candidates: readonly Candidate[];
}

/** Each order may go to so many of the dealerships that are cheapest for it: more cost time and hardly ever a shorter way. */
const choicesEach = 24;

/** How a dealership is reached: by which order, that takes a place there and leaves its own to another, and what all that costs. */
interface Reached {
  cost: number;
  order: number;
  wish: Candidate;
}

/**
 * Places many orders at the least total cost, and as many as there is room for: a minimum-cost flow by successive shortest paths. Each
 * order in its turn takes a place where that is cheapest for all, also by having others move; nobody loses one to who comes later. What
 * stays out has no place.
 */
export function placeTogether(demands: readonly Demand[]): ReadonlyMap<string, Candidate> {
  const wishes = demands.map(({ candidates }) =>
    [...candidates].sort((a, b) => cost(a) - cost(b)).slice(0, choicesEach),
  );
  const given: (Candidate | undefined)[] = demands.map(() => undefined);
  const further = new Map<string, number>();
  wishes.forEach((_, order) => {
    const reached = waysFrom(order, wishes, given);
    const end = cheapestEnd(reached, further);
    if (!end) return;
    further.set(end, (further.get(end) ?? 0) + 1);
    for (let at: string | undefined = end; at !== undefined;) {
      const { order: moving, wish }: Reached = reached.get(at)!;
      at = given[moving]?.dealershipId;
      given[moving] = wish;
    }
  });
  return new Map(demands.flatMap(({ id }, order) => (given[order] ? [[id, given[order]] as const] : [])));
}

/** The cheapest way to each dealership for an order that has no place yet: straight, or by way of others that move on. */
function waysFrom(
  order: number,
  wishes: readonly (readonly Candidate[])[],
  given: readonly (Candidate | undefined)[],
): ReadonlyMap<string, Reached> {
  const reached = new Map<string, Reached>();
  const changed = new Set<string>();
  const reach = (way: Reached): void => {
    const { dealershipId } = way.wish;
    if (way.cost >= (reached.get(dealershipId)?.cost ?? Infinity)) return;
    reached.set(dealershipId, way);
    changed.add(dealershipId);
  };
  for (const wish of wishes[order] ?? []) reach({ cost: wish.distanceMeters, order, wish });
  for (const dealershipId of changed) {
    changed.delete(dealershipId);
    const here = reached.get(dealershipId)!.cost;
    given.forEach((has, other) => {
      if (has?.dealershipId !== dealershipId) return;
      for (const wish of wishes[other] ?? [])
        reach({ cost: here - has.distanceMeters + wish.distanceMeters, order: other, wish });
    });
  }
  return reached;
}

/** Where a place is free and the way, with the load that it adds, costs least. */
function cheapestEnd(reached: ReadonlyMap<string, Reached>, further: ReadonlyMap<string, number>): string | undefined {
  let least: { id: string; cost: number } | undefined;
  for (const [id, { cost: way, wish }] of reached) {
    const load = wish.taken.length + (further.get(id) ?? 0);
    if (load >= wish.dailyCapacity) continue;
    const total = way - wish.distanceMeters + cost({ ...wish, taken: Array.from({ length: load }, () => 0) });
    if (!least || total < least.cost) least = { id, cost: total };
  }
  return least?.id;
}

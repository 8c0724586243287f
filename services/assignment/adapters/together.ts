import { minCostFlowForNumberNodes, type Edge } from 'min-cost-flow';
import { cost, type Candidate } from '../choice.ts';
import type { Demand } from '../ports.ts';

/** Each order may go to so many of the dealerships that are cheapest for it: more cost time and hardly ever a shorter way. */
const choicesEach = 24;

/**
 * As many orders as there is room for, at the least total cost: a flow from the orders through the dealerships' free places, where
 * each further place of a dealership costs more, as its load does.
 */
export function placeTogether(demands: readonly Demand[]): ReadonlyMap<string, Candidate> {
  const wishes = demands.map(({ candidates }) => [...candidates].sort((a, b) => cost(a) - cost(b)).slice(0, choicesEach));
  const wanted = new Map(wishes.flat().map((each) => [each.dealershipId, each]));
  const numbers = numbering();

  const edges: Edge<number>[] = [];
  const through = new Map<Edge<number>, { id: string; candidate: Candidate }>();
  demands.forEach(({ id }, index) => {
    const order = numbers(`order ${id}`);
    edges.push({ from: 0, to: order, capacity: 1, cost: 0 });
    for (const candidate of wishes[index] ?? []) {
      const edge = { from: order, to: numbers(candidate.dealershipId), capacity: 1, cost: candidate.distanceMeters };
      edges.push(edge);
      through.set(edge, { id, candidate });
    }
  });
  const places = [...wanted.values()].flatMap((each) =>
    Array.from({ length: Math.min(each.dailyCapacity - each.taken.length, demands.length) }, (_, further) => ({ each, further })),
  );
  const placeNumbers = places.map(({ each, further }) => numbers(`place ${each.dealershipId} ${further}`));
  const sink = numbers('sink');
  places.forEach(({ each, further }, index) => {
    const number = placeNumbers[index] as number;
    edges.push({ from: numbers(each.dealershipId), to: number, capacity: 1, cost: loadCost(each, further) }, { from: number, to: sink, capacity: 1, cost: 0 });
  });
  if (places.length === 0) return new Map();

  const flows = minCostFlowForNumberNodes(edges);
  return new Map(
    flows.flatMap(({ flow }, index) => {
      const used = flow > 0 ? through.get(edges[index] as Edge<number>) : undefined;
      return used ? [[used.id, used.candidate] as const] : [];
    }),
  );
}

/** What the load costs who comes after `further` others. */
const loadCost = (each: Candidate, further: number): number =>
  cost({ ...each, taken: [...each.taken, ...Array.from({ length: further }, () => 0)] }) - each.distanceMeters;

/** Numbers for names, as the flow's nodes want them; 0 is the source, the last one the sink. */
function numbering(): (name: string) => number {
  const numbers = new Map<string, number>();
  return (name) => numbers.get(name) ?? numbers.set(name, numbers.size + 1).size;
}

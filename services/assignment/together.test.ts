import { expect, test } from '@jest/globals';
import { best, cost, type Candidate } from './choice.ts';
import { candidate } from './testing/korea.ts';
import { placeTogether } from './together.ts';

test('two orders are placed where both together go the least way, not each where it alone would (P4)', () => {
  const one = [candidate('a', 100, 0, 1), candidate('b', 200, 0, 1)];
  const other = [candidate('a', 150, 0, 1), candidate('b', 9_000, 0, 1)];
  const placed = placeTogether([
    { id: 'one', candidates: one },
    { id: 'other', candidates: other },
  ]);
  expect([...placed].map(([id, { dealershipId }]) => [id, dealershipId])).toEqual([
    ['one', 'b'],
    ['other', 'a'],
  ]);
});

test('no dealership gets more than its free capacity, and the rest has no place', () => {
  const candidates = [candidate('a', 100, 8, 10), candidate('b', 200, 0, 1)];
  const placed = placeTogether(['1', '2', '3', '4'].map((id) => ({ id, candidates })));
  expect([...placed.values()].map(({ dealershipId }) => dealershipId).sort()).toEqual(['a', 'a', 'b']);
});

test('orders are spread as load makes a dealership dearer', () => {
  const candidates = [candidate('a', 100, 0, 5), candidate('b', 600, 0, 5)];
  const placed = placeTogether(['1', '2', '3', '4'].map((id) => ({ id, candidates })));
  expect([...placed.values()].map(({ dealershipId }) => dealershipId).sort()).toEqual(['a', 'a', 'b', 'b']);
});

test('without orders or without capacity nothing is assigned', () => {
  expect(placeTogether([]).size).toBe(0);
  expect(placeTogether([{ id: '1', candidates: [] }]).size).toBe(0);
});

test('as many are assigned as there is capacity, the oldest first, never at a higher cost than one by one, and at the lowest cost of all ways', () => {
  let state = 11;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 100; round++) {
    const names = ['a', 'b', 'c'];
    const loads = names.map(() => ({ dailyCapacity: 1 + Math.floor(random() * 3), taken: 0 }));
    const demands = ['1', '2', '3', '4'].map((id) => ({
      id,
      candidates: names.map((name, index) =>
        candidate(name, Math.floor(random() * 5_000), 0, loads[index]!.dailyCapacity),
      ),
    }));
    const placed = placeTogether(demands);
    const total = totalOf(demands.flatMap(({ id }) => placed.get(id) ?? []));
    const cheapest = Math.min(
      ...everyWay(demands.slice(0, placed.size).map(({ candidates }) => candidates)).map(totalOf),
    );
    expect([...placed.keys()]).toEqual(demands.slice(0, placed.size).map(({ id }) => id)); // those who wait longest
    expect(placed.size).toBe(
      Math.min(
        4,
        loads.reduce((sum, { dailyCapacity }) => sum + dailyCapacity, 0),
      ),
    );
    expect(total).toBeCloseTo(cheapest, 6);
    expect(total).toBeLessThanOrEqual(totalOf(oneByOne(demands.map(({ candidates }) => candidates))) + 1e-6);
  }
});

/** What it costs when they come one after the other, each finding the load that those before left. */
function totalOf(placed: readonly Candidate[]): number {
  const taken = new Map<string, number>();
  let total = 0;
  for (const each of placed) {
    const load = taken.get(each.dealershipId) ?? 0;
    if (load >= each.dailyCapacity) return Infinity;
    total += cost({ ...each, taken: Array.from({ length: load }, (_, number) => number) });
    taken.set(each.dealershipId, load + 1);
  }
  return total;
}

const everyWay = (wishes: readonly (readonly Candidate[])[]): Candidate[][] =>
  wishes.reduce<Candidate[][]>(
    (ways, candidates) => ways.flatMap((way) => candidates.map((each) => [...way, each])),
    [[]],
  );

function oneByOne(wishes: readonly (readonly Candidate[])[]): Candidate[] {
  const placed: Candidate[] = [];
  for (const candidates of wishes) {
    const loaded = candidates.map((each) => ({
      ...each,
      taken: placed.flatMap(({ dealershipId }, number) => (dealershipId === each.dealershipId ? [number] : [])),
    }));
    const chosen = best(loaded, []);
    if (chosen) placed.push(candidates.find(({ dealershipId }) => dealershipId === chosen.dealershipId)!);
  }
  return placed;
}

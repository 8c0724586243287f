// `node tests/bench/assignment.ts`: how long one choice of a dealership takes among 3,000, and what a launch day's burst costs placed
// together instead of one by one, both without the database; then with it, whether a town's last orders of a day take longer than its first.
import { directoryOf } from '../../services/assignment/adapters/directory.ts';
import { cities } from '../../services/assignment/adapters/cities.ts';
import { sampleDealerships } from '../../services/assignment/adapters/sample.ts';
import { best, cost, type Candidate } from '../../services/assignment/choice.ts';
import type { Location } from '../../services/assignment/dealership.ts';
import { caller, openAssignmentService } from '../../services/assignment/testing/service.ts';
import { placeTogether } from '../../services/assignment/together.ts';
import { marketAround } from '../../services/assignment/usecases.ts';

const directory = directoryOf(sampleDealerships());
let state = 42;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

/** People live where dealerships are. */
const shares = cities.flatMap((city) => Array.from({ length: city[3] }, () => city));
function someone(of = shares): Location {
  const [, latitude, longitude] = of[Math.floor(random() * of.length)]!;
  return { latitude: latitude + (random() - 0.5) / 10, longitude: longitude + (random() - 0.5) / 10 };
}

const taken = new Map<string, number[]>();
const market = (location: Location) =>
  marketAround({ directory: async () => directory, taken: async () => taken, now: () => 0, random }, location, []);
const take = ({ dealershipId }: Candidate): void =>
  void taken.set(dealershipId, [...(taken.get(dealershipId) ?? []), taken.get(dealershipId)?.length ?? 0]);

const choices = 10_000;
const ordersADay = 2_000;
const times: number[] = [];
for (let nth = 0; nth < choices; nth++) {
  if (nth % ordersADay === 0) taken.clear();
  const location = someone();
  const began = performance.now();
  const chosen = best((await market(location)).candidates, []);
  times.push(performance.now() - began);
  if (chosen) take(chosen);
}
times.sort((a, b) => a - b);
const at = (share: number): string => times[Math.floor(choices * share)]!.toFixed(3);
console.log(
  `one choice among ${directory.size.toLocaleString('en')}, ${choices.toLocaleString('en')} times, ${ordersADay.toLocaleString('en')} a day: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(0.9999)} ms`,
);

const hundred = 100;
console.log(`\na launch day's burst in the middle of Seoul, ${hundred} orders at a time:`);
console.log(
  '| orders | one by one: mean way, mean cost, time | together: mean way, mean cost, time |\n| --- | --- | --- |',
);
const seoul = cities.filter(([name]) => name.startsWith('서울 강남'));
for (const orders of [100, 300, 500]) {
  const people = Array.from({ length: orders }, () => someone(seoul));
  const results: string[] = [];
  for (const how of [oneByOne, together]) {
    taken.clear();
    const began = performance.now();
    const found = await how(people);
    const ms = performance.now() - began;
    const mean = (sum: number): string => (sum / found.length).toFixed(0);
    results.push(
      `${mean(found.reduce((sum, { way }) => sum + way, 0))} m, ${mean(found.reduce((sum, each) => sum + each.cost, 0))}, ${ms.toFixed(0)} ms`,
    );
  }
  console.log(`| ${orders} | ${results.join(' | ')} |`);
}

await aDayInTown();

/** 30 dealerships of 1,000 places: by the evening a choice looks at thousands that are taken. */
async function aDayInTown(): Promise<void> {
  const office = await openAssignmentService();
  const dealerId = '019a3000-0000-7000-8000-000000000001';
  const [latitude, longitude] = [37, 127];
  for (let nth = 1; nth <= 30; nth++) {
    const location = { latitude: latitude + nth / 111, longitude };
    await office.ask(
      'createDealership',
      { name: `At ${nth} km`, location, dailyCapacity: 1_000, dealerId },
      caller('admin', 'admin'),
    );
  }
  const aThousand = async (): Promise<number> => {
    const began = performance.now();
    let left = 1_000;
    const customer = async (): Promise<void> => {
      while (left-- > 0) await office.request({ latitude, longitude });
    };
    await Promise.all(Array.from({ length: 16 }, customer));
    return 1_000_000 / (performance.now() - began);
  };
  await aThousand(); // until the code is compiled
  const rates: number[] = [];
  for (let thousands = 1; thousands < 8; thousands++) rates.push(await aThousand());
  const [first, last] = [rates[0]!, rates.at(-1)!];
  console.log(
    `\na day in town, 16 orders at a time: orders 1,000-2,000 ${first.toFixed(0)}/s, orders 7,000-8,000 ${last.toFixed(0)}/s, ratio ${(last / first).toFixed(2)}`,
  );
  await office.close();
}

interface Placed {
  way: number;
  cost: number;
}

async function oneByOne(people: readonly Location[]): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const location of people) {
    const chosen = best((await market(location)).candidates, []);
    if (!chosen) continue;
    placed.push({ way: chosen.distanceMeters, cost: cost(chosen) });
    take(chosen);
  }
  return placed;
}

async function together(people: readonly Location[]): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (let from = 0; from < people.length; from += hundred) {
    const demands = await Promise.all(
      people
        .slice(from, from + hundred)
        .map(async (location, nth) => ({ id: String(from + nth), candidates: (await market(location)).candidates })),
    );
    for (const chosen of placeTogether(demands).values()) {
      placed.push({
        way: chosen.distanceMeters,
        cost: cost({ ...chosen, taken: taken.get(chosen.dealershipId) ?? [] }),
      });
      take(chosen);
    }
  }
  return placed;
}

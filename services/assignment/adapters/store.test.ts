import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import type { RpcError } from '#adapters/rpc/errors.ts';
import { Assignment_Status as Status, type Assignment, type Dealership } from '#proto/jari/assignment/v1/assignment.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { caller, openAssignmentService, type AssignmentService } from '../testing/service.ts';

const seoul = { latitude: 37.5663, longitude: 126.9779 };
const north = (kilometres: number) => ({ ...seoul, latitude: seoul.latitude + kilometres / 111.195 });
const admin = caller(newId(), 'admin');

let office: AssignmentService;
let dealer: ReturnType<typeof caller>;
beforeAll(async () => {
  office = await openAssignmentService();
}, 60_000);
afterAll(() => office.close());
beforeEach(async () => {
  await office.on.database.pool.query('truncate dealership, assignment, claim, timer, outbox');
  dealer = caller(newId(), 'dealer');
});

const open = (name: string, location: typeof seoul, dailyCapacity = 10) =>
  office.ask<Dealership>('createDealership', { name, location, dailyCapacity, dealerId: dealer.id }, admin);
const decide = (verb: 'accept' | 'decline' | 'activate', preorderId: string, by = dealer) =>
  office.ask<Assignment>(`${verb}Assignment`, { preorderId }, by);
const see = async (by = admin): Promise<Assignment[]> =>
  (await office.ask<{ assignments: Assignment[] }>('listAssignments', { status: 0, pageSize: 200, pageToken: '' }, by))
    .assignments;
const types = async (id: string) => (await office.told(id)).map(({ type }) => type);
const reasonOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: RpcError) => error.reason,
  );

/** Waits until all of these have a dealership. */
async function allPlaced(ids: readonly string[]): Promise<Assignment[]> {
  const placed = async () => (await see()).filter(({ id, status }) => ids.includes(id) && status === Status.ASSIGNED);
  return eventually(placed, ({ length }) => length === ids.length);
}

describe('an order (P4)', () => {
  test('goes to the nearest, its dealer alone sees it, accepts and activates it (P5)', async () => {
    const near = await open('Near', north(1));
    await open('Far', north(30));
    const id = await office.request(seoul);
    expect(await see(dealer)).toMatchObject([
      {
        id,
        status: Status.ASSIGNED,
        dealershipId: near.id,
        distanceMeters: 1_000,
        why: 'The nearest: 1.0 km away, with 0 of 10 orders today.',
      },
    ]);
    expect(await see(caller(newId(), 'dealer'))).toEqual([]);
    expect(await reasonOf(decide('accept', id, caller(newId(), 'dealer')))).toBe('NO_SUCH_ASSIGNMENT');
    expect(await reasonOf(decide('activate', id))).toBe('NOT_ACCEPTED');
    expect(await decide('accept', id)).toMatchObject({ status: Status.ACCEPTED });
    expect(await decide('accept', id)).toMatchObject({ status: Status.ACCEPTED });
    expect(await decide('activate', id)).toMatchObject({ status: Status.ACTIVATED });
    expect(await types(id)).toEqual(['DealershipAssigned', 'AssignmentAccepted', 'Activated']);
  });

  test('goes on to the next each time that one declines, with a higher version, until all have', async () => {
    const [near, far] = [await open('Near', north(1)), await open('Far', north(2))];
    const id = await office.request(seoul);
    expect(await decide('decline', id)).toMatchObject({ dealershipId: far.id });
    expect(await decide('decline', id)).toMatchObject({ dealershipId: '', status: Status.UNASSIGNED });
    const told = await office.told(id);
    expect(told.map(({ type, body }) => [type, body['dealershipId']])).toEqual([
      ['DealershipAssigned', near.id],
      ['DealershipAssigned', far.id],
      ['NoDealership', undefined],
    ]);
    expect(told.map(({ body }) => body['version'])).toEqual([1n, 2n, 3n]);
  });

  test('that came while there was no room is placed when a dealership joins, or a place comes free', async () => {
    const id = await office.request(seoul);
    expect(await see()).toMatchObject([{ status: Status.UNASSIGNED }]);
    await open('New', north(5), 1);
    await allPlaced([id]);
    const next = await office.request(seoul);
    expect(await types(next)).toEqual(['NoDealership']);
    await office.cancel(id);
    await allPlaced([next]);
  });

  test('that waits for a full day is placed when the next day comes', async () => {
    await open('Only', north(1), 1);
    await office.request(seoul);
    const waiting = await office.request(seoul);
    expect(await types(waiting)).toEqual(['NoDealership']);
    await allLookedAgain();
    office.clock.now += 86_400_000;
    await office.on.database.pool.query(`update timer set due_at = now() where name = 'new-day'`);
    await allPlaced([waiting]);
    office.clock.now -= 86_400_000;
  });

  test('is placed on the new day also where this process’s clock is behind the database’s, which says when it is due', async () => {
    office.clock.now -= 86_400_000;
    await open('Only', north(1), 1);
    await office.request(seoul);
    await allPlaced([await office.request(seoul)]);
    office.clock.now += 86_400_000;
  });

  test('that came before the first dealership, and found it full, has its turn on the next day', async () => {
    const ids = [await office.request(seoul), await office.request(seoul), await office.request(seoul)];
    await allLookedAgain();
    await open('First', north(1), 2);
    await allPlacedBut(1, ids);
    await eventually(
      () => timers('new-day'),
      (count) => count === 1,
    );
    office.clock.now += 86_400_000;
    await office.on.database.pool.query(`update timer set due_at = now() where name = 'new-day'`);
    await allPlaced(ids);
    office.clock.now -= 86_400_000;
  });

  test('is placed also as one of many more than are placed together', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, () => office.request(seoul)));
    await allLookedAgain();
    await open('First', north(1), 1_000);
    await allPlaced(ids);
  });

  test('cancelled before it was asked for is not given to anybody', async () => {
    await open('Near', north(1));
    const id = newId();
    await office.cancel(id);
    await office.request(seoul, id);
    expect(await types(id)).toEqual(['AssignmentCancelled', 'AssignmentCancelled']);
    expect(await see()).toEqual([]);
  });

  test('is answered for by its deadline, or goes to the next', async () => {
    const [, far] = [await open('Near', north(1)), await open('Far', north(2))];
    const id = await office.request(seoul);
    await office.on.database.pool.query(`update timer set due_at = now() where name = 'answer'`);
    await eventually(see, ([one]) => one?.dealershipId === far.id);
    expect(await types(id)).toEqual(['DealershipAssigned', 'DealershipAssigned']);
  });
});

test('a burst of sixty orders from one street, over two replicas, fills the dealerships around and overfills none; those that wait are placed when others are cancelled', async () => {
  for (let nth = 1; nth <= 10; nth++) await open(`Number ${nth}`, north(nth / 10), 5);
  const replica = office.replica();
  const ids = await Promise.all(
    Array.from({ length: 60 }, (_, nth) => tryOften(() => (nth % 2 ? office : replica).request(seoul))),
  );
  await allPlacedBut(10, ids);
  const given = (await see()).filter(({ status }) => status === Status.ASSIGNED);
  expect([...countBy(given).values()]).toEqual(Array(10).fill(5));

  const cancelled = given.slice(0, 10).map(({ id }) => id);
  await Promise.all(cancelled.map((id) => tryOften(() => replica.cancel(id))));
  const left = await allPlaced(ids.filter((id) => !cancelled.includes(id)));
  expect([...countBy(left).values()]).toEqual(Array(10).fill(5));
  const { rows } = await office.on.database.pool.query<{ count: string }>('select count(*)::text count from claim');
  expect(rows).toEqual([{ count: '50' }]);
}, 60_000);

test('the first start in development brings 3,000 dealerships of the dealer; the next brings nothing', async () => {
  const fresh = await openAssignmentService({ development: true });
  try {
    await fresh.start();
    await fresh.start();
    const { rows } = await fresh.on.database.pool.query<{ count: number; dealers: number; timers: number }>(
      'select count(*)::int count, count(distinct dealer_id)::int dealers, (select count(*) from timer)::int timers from dealership',
    );
    expect(rows).toEqual([{ count: 3_000, dealers: 1, timers: 0 }]);
  } finally {
    await fresh.close();
  }
}, 60_000);

const countBy = (assignments: readonly Assignment[]) =>
  assignments.reduce(
    (counts, { dealershipId }) => counts.set(dealershipId, (counts.get(dealershipId) ?? 0) + 1),
    new Map<string, number>(),
  );

/** As the bus does: what lost against too many others comes again. */
async function tryOften<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if ((error as Error).name !== 'Contended') throw error;
    }
}

async function allPlacedBut(waiting: number, ids: readonly string[]): Promise<void> {
  const placed = async () => (await see()).filter(({ status }) => status === Status.ASSIGNED);
  await eventually(placed, ({ length }) => length === ids.length - waiting);
}

const timers = async (name: string): Promise<number> =>
  (await office.on.database.pool.query('select from timer where name = $1', [name])).rows.length;

async function allLookedAgain(): Promise<void> {
  await eventually(
    () => timers('look-again'),
    (count) => count === 0,
  );
}

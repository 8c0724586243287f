import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { NotCalled, tooManyCalls, Unavailable } from '#adapters/failures/failures.ts';
import { limited, partyLimit, type Lane, type PartyLimit } from './party-limit.ts';

const seconds = (count: number): Promise<unknown> => jest.advanceTimersByTimeAsync(count * 1_000);

let limit: PartyLimit;
let calls: { at: number; lane: Lane }[];
beforeEach(() => {
  jest.useFakeTimers();
  calls = [];
  start({});
});
afterEach(() => void jest.useRealTimers());

function start(options: { perSecond?: number; recovery?: number }): void {
  limit = partyLimit({ name: 'provider', perSecond: 0, recovery: 2, random: () => 0, ...options });
}

async function call(lane: Lane, count = 1): Promise<void> {
  await limit.turn(lane, count);
  for (let each = 0; each < count; each++) calls.push({ at: performance.now(), lane });
}

/** Whether it was called; asks once. */
const isCalled = (lane: Lane, count?: number): Promise<boolean> =>
  call(lane, count).then(
    () => true,
    () => false,
  );

/** Comes so often for so long, in the background. */
function come(lane: Lane, perSecond: number, forSeconds: number): void {
  const coming = setInterval(() => {
    if (performance.now() >= until) return clearInterval(coming);
    void isCalled(lane).then((made) => made && limit.answered());
  }, 1_000 / perSecond);
  const until = performance.now() + forSeconds * 1_000;
}

async function steadily(perSecond: number, forSeconds: number): Promise<void> {
  come('first', perSecond, forSeconds);
  await seconds(forSeconds);
}

/** Most calls in any second. */
function busiest(lane?: Lane): number {
  const times = calls.filter((each) => !lane || each.lane === lane).map(({ at }) => at);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 999).length));
}

describe('first attempts', () => {
  test('are not held up, however many there are', async () => {
    for (let each = 0; each < 1_000; each++) await call(each % 2 ? 'first' : 'customer');
    expect(calls).toHaveLength(1_000);
    expect(limit.perSecond('all')).toBe(Infinity);
  });

  test('keep to the fixed limit of the setting, and customers who wait go before the others', async () => {
    start({ perSecond: 20 });
    come('first', 50, 3);
    await seconds(1);
    const customer = call('customer').then(() => performance.now());
    const asked = performance.now();
    await seconds(0.2);
    expect((await customer) - asked).toBeLessThanOrEqual(100);
    await seconds(2);
    expect(busiest()).toBeLessThanOrEqual(20);
    expect(calls.length).toBeGreaterThan(40);
  });
});

describe('the backlog', () => {
  test('comes as fast as first attempts at most, so that both are twice the steady rate', async () => {
    await steadily(20, 120);
    calls = [];
    come('again', 200, 10);
    await steadily(20, 10);
    expect(busiest('again')).toBeLessThanOrEqual(22);
    expect(busiest()).toBeLessThanOrEqual(42);
    expect(calls.filter(({ lane }) => lane === 'again').length).toBeGreaterThan(170);
  });

  test('uses what first attempts leave of it', async () => {
    await steadily(20, 120);
    await seconds(30);
    calls = [];
    come('again', 200, 10);
    await seconds(10);
    expect(busiest()).toBeLessThanOrEqual(41);
    expect(busiest()).toBeGreaterThan(30);
  });

  test('gets through when nobody has called for long, and when many more call than usual', async () => {
    come('again', 10, 10);
    await seconds(10);
    expect(calls.length).toBeGreaterThan(45);
    expect(busiest()).toBeLessThanOrEqual(6);
    calls = [];
    come('first', 100, 10);
    come('again', 10, 10);
    await seconds(10);
    expect(calls.filter(({ lane }) => lane === 'again').length).toBeGreaterThan(45);
  });

  test.each([3, 11])('may come %i times as fast as usual, where the setting says so', async (recovery) => {
    start({ recovery });
    await steadily(20, 120);
    expect(limit.perSecond('again')).toBeCloseTo(20 * (recovery - 1), -1);
  });

  test('slows down with each second of failures, and recovers with the answers', async () => {
    await steadily(20, 120);
    for (let second = 0; second < 8; second++) {
      for (let each = 0; each < 10; each++) limit.failed();
      await seconds(1);
    }
    expect(limit.perSecond('again')).toBe(1);
    await steadily(20, 2);
    expect(limit.perSecond('again')).toBeGreaterThan(15);
  });

  test('is spread over the turns to come: who is put off is told when to come back', async () => {
    await call('again');
    const told = await Promise.all(
      Array.from({ length: 60 }, () =>
        limit.turn('again').then(
          () => 0,
          (error: NotCalled) => error.comeBackMs ?? 0,
        ),
      ).map((each) => Promise.race([each, seconds(3).then(() => 0)])),
    );
    expect(told.filter(Boolean).length).toBeGreaterThan(45);
    expect(new Set(told.filter(Boolean)).size).toBe(told.filter(Boolean).length);
    expect(Math.max(...told)).toBeGreaterThan(9_000);
    expect(Math.max(...told)).toBeLessThan(13_000);
  });

  test('takes turns for all calls of an attempt at once', async () => {
    for (let each = 0; each < 4; each++) void isCalled('again', 2);
    await seconds(1);
    expect(calls.length).toBe(6);
  });
});

describe('what can be asked for again', () => {
  test('comes when nobody else waits, is refused where that is not soon, and does not put the backlog off', async () => {
    start({ perSecond: 10 });
    await call('first');
    const asked: Promise<boolean>[] = [];
    for (const lane of ['aside', 'again', 'first', 'customer'] as const) asked.push(isCalled(lane));
    await seconds(1);
    expect(await Promise.all(asked)).toEqual([true, true, true, true]);
    expect(calls.map(({ lane }) => lane)).toEqual(['first', 'customer', 'first', 'again', 'aside']);
    const many = Promise.all(Array.from({ length: 1_000 }, () => isCalled('aside')));
    await seconds(2);
    expect((await many).filter(Boolean).length).toBeLessThanOrEqual(11);
    expect(await isCalled('again')).toBe(true);
  });
  test('is no part of the steady rate, by which the backlog is measured', async () => {
    const before = limit.perSecond('again');
    for (let each = 0; each < 1_000; each++) await call('aside');
    expect(limit.perSecond('again')).toBe(before);
  });
});

describe('a party that answers 429', () => {
  test('is called by nobody before the time that it named, and by all after it', async () => {
    await steadily(5, 60);
    limit.refused(30_000);
    await expect(limit.turn('customer')).rejects.toMatchObject({
      name: 'Unavailable',
      notCalled: true,
      comeBackMs: 30_000,
    });
    await seconds(29.9);
    calls = [];
    expect(await Promise.all([isCalled('customer'), isCalled('first'), isCalled('again')])).toEqual([
      false,
      false,
      false,
    ]);
    await seconds(0.1);
    const asked = Promise.all([isCalled('customer'), isCalled('first'), isCalled('again')]);
    await seconds(2);
    expect(await asked).toEqual([true, true, true]);
  });

  test('sends those away who wait for their turn', async () => {
    await call('again');
    const waiting = isCalled('again');
    limit.refused(1_000);
    expect(await waiting).toBe(false);
    expect(limit.waiting()).toBe(0);
  });

  test('limits first attempts too: to half of the rate before it, less with each more, and more with each answer', async () => {
    await steadily(40, 60);
    for (let each = 0; each < 10; each++) limit.refused(0);
    expect(limit.perSecond('all')).toBeCloseTo(20, 0);
    await seconds(1);
    limit.refused(0);
    const before = limit.perSecond('all');
    expect(before).toBeCloseTo(10, 0);
    calls = [];
    for (let each = 0; each < 1_000; each++) setTimeout(() => void isCalled('first'), each * 10);
    await seconds(9.9);
    expect(busiest()).toBeLessThanOrEqual(Math.ceil(before));
    for (let each = 0; each < 50; each++) limit.answered();
    expect(limit.perSecond('all')).toBeCloseTo(before + 1, 5);
  });

  test('gives customers the first turns then, and the backlog every fourth', async () => {
    await steadily(40, 60);
    limit.refused(0);
    calls = [];
    for (const lane of ['again', 'first', 'customer'] as const) come(lane, 25, 10);
    await seconds(10);
    const share = (lane: Lane): number => calls.filter((each) => each.lane === lane).length / calls.length;
    expect(share('customer')).toBeGreaterThan(0.6);
    expect(share('again')).toBeGreaterThan(0.15);
  });

  test('is called without a limit again when nobody has been held up for a minute', async () => {
    await steadily(5, 60);
    limit.refused(0);
    expect(limit.perSecond('all')).toBeLessThan(5);
    await seconds(61);
    await call('first');
    expect(limit.perSecond('all')).toBe(Infinity);
  });
});

describe('a way to the party', () => {
  const way = (run: () => Promise<never>, breaker: 'open' | 'closed' = 'closed') =>
    limited({ run, breakerState: () => breaker }, limit);

  test('slows the backlog down by failures, and not by calls that were not made', async () => {
    const before = limit.perSecond('again');
    await expect(way(() => Promise.reject(new NotCalled('left alone'))).run(async () => 1)).rejects.toThrow(
      'left alone',
    );
    expect(limit.perSecond('again')).toBe(before);
    await expect(way(() => Promise.reject(new Unavailable('silent'))).run(async () => 1)).rejects.toThrow('silent');
    expect(limit.perSecond('again')).toBe(before / 2);
  });

  test('pauses for everybody when the party answers 429', async () => {
    await expect(way(() => Promise.reject(tooManyCalls('provider', '7'))).run(async () => 1)).rejects.toThrow(
      'too many calls',
    );
    await expect(limit.turn('customer')).rejects.toMatchObject({ comeBackMs: 7_000 });
  });

  test('takes no turn for what an open breaker refuses', async () => {
    const open = way(() => Promise.reject(new NotCalled('left alone')), 'open');
    for (let each = 0; each < 100; each++) await open.turn('again');
    expect(await isCalled('again')).toBe(true);
  });
});

test('the header Retry-After is seconds or a date, and an hour at most', () => {
  const ms = (value?: string): number => tooManyCalls('provider', value).comeBackMs;
  expect(ms('7')).toBe(7_000);
  expect(ms(new Date(Date.now() + 20_000).toUTCString())).toBeGreaterThan(15_000);
  expect(ms('Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  expect([ms(), ms('soon')]).toEqual([1_000, 1_000]);
  expect(ms('999999')).toBe(3_600_000);
});

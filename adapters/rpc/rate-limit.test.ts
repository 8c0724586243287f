import { describe, expect, test } from '@jest/globals';
import { rateLimit } from './rate-limit.ts';

describe('a rate limit of 10 a second', () => {
  const clock = { now: 0 };
  const allowed = (limit: (key: string) => number, key: string, times: number): number =>
    Array.from({ length: times }, () => limit(key)).filter((seconds) => seconds === 0).length;

  test('lets twice that through at once', () =>
    expect(
      allowed(
        rateLimit(10, () => 0),
        'a',
        50,
      ),
    ).toBe(20));

  test('fills again by ten a second, and no further than to the brim', () => {
    const limit = rateLimit(10, () => clock.now);
    expect(allowed(limit, 'a', 50)).toBe(20);
    clock.now += 500;
    expect(allowed(limit, 'a', 50)).toBe(5);
    clock.now += 60_000;
    expect(allowed(limit, 'a', 50)).toBe(20);
  });

  test('counts each caller apart', () => {
    const limit = rateLimit(10, () => 0);
    expect(allowed(limit, 'a', 50)).toBe(20);
    expect(allowed(limit, 'b', 50)).toBe(20);
  });

  test('remembers a caller who keeps calling, however many others call', () => {
    const limit = rateLimit(10, () => clock.now);
    let through = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      clock.now += 10;
      through += allowed(limit, 'a', 5);
      limit(`other ${ms}`);
    }
    expect(through).toBeGreaterThanOrEqual(119);
    expect(through).toBeLessThanOrEqual(121);
  });

  test('says when to come back', () => {
    const limit = rateLimit(10, () => 0);
    allowed(limit, 'a', 20);
    expect(limit('a')).toBe(1);
  });

  test('0 is no limit', () => expect(allowed(rateLimit(0), 'a', 5_000)).toBe(5_000));
});

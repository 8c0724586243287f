import { describe, expect, test } from '@jest/globals';
import { rateLimiter, rateLimiters, type Rate } from './rate.ts';

describe('a limit for each caller', () => {
  test('lets so many through at once, and as many again within the time', () => {
    let now = 0;
    const wait = rateLimiter({ times: 3, withinMs: 3_000 }, () => now);
    expect([wait('a'), wait('a'), wait('a')]).toEqual([0, 0, 0]);
    expect(wait('a')).toBe(1_000);
    now = 400;
    expect(wait('a')).toBe(600);
    now = 1_000;
    expect([wait('a'), wait('a')]).toEqual([0, 1_000]);
    now = 1_000_000;
    expect([wait('a'), wait('a'), wait('a'), wait('a')]).toEqual([0, 0, 0, 1_000]);
  });
  test('does not count what others do', () => {
    const wait = rateLimiter({ times: 1, withinMs: 1_000 }, () => 0);
    expect([wait('a'), wait('b'), wait('a')]).toEqual([0, 0, 1_000]);
  });
  test('remembers no more callers than it has room for', () => {
    const wait = rateLimiter({ times: 1, withinMs: 1_000 }, () => 0);
    for (let nth = 0; nth < 20_000; nth++) wait(`caller ${nth}`);
    expect([wait('caller 0'), wait('caller 19999')]).toEqual([0, 1_000]);
  });
  test('is shared by methods with the same rate object, and no others', () => {
    const [listings, other]: Rate[] = [
      { times: 2, withinMs: 2_000 },
      { times: 2, withinMs: 2_000 },
    ];
    const limiterOf = rateLimiters(undefined, () => 0);
    const [create, close, retry] = [limiterOf(listings!), limiterOf(listings!), limiterOf(other!)];
    expect([create('a'), close('a'), create('a'), close('a')]).toEqual([0, 0, 1_000, 1_000]);
    expect([create('b'), retry('a')]).toEqual([0, 0]);
  });
  test('allows as many as are set, and all where none are', () => {
    const [listings, other]: Rate[] = [
      { times: 2, withinMs: 2_000 },
      { times: 2, withinMs: 2_000 },
    ];
    const limiterOf = rateLimiters(
      (rate) => (rate === listings ? 0 : 1),
      () => 0,
    );
    const [close, retry] = [limiterOf(listings!), limiterOf(other!)];
    expect([close('a'), close('a'), close('a'), retry('a'), retry('a')]).toEqual([0, 0, 0, 0, 2_000]);
  });
});

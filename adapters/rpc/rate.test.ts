import { describe, expect, test } from '@jest/globals';
import { cancellations, rateLimiters, type Rate } from './rate.ts';

/** Asks a limiter of its own for callers by their id. */
const asking = (rate: Rate, now: () => number) => {
  const limiter = rateLimiters(undefined, now)(rate);
  return (id: string) => limiter.ask({ id, roles: [] });
};
const by = (id: string, ...roles: string[]) => ({ id, roles });

describe('a limit for each caller', () => {
  test('lets so many through at once, and as many again within the time', () => {
    let now = 0;
    const wait = asking({ times: 3, withinMs: 3_000 }, () => now);
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
    const wait = asking({ times: 1, withinMs: 1_000 }, () => 0);
    expect([wait('a'), wait('b'), wait('a')]).toEqual([0, 0, 1_000]);
  });
  test('remembers no more callers than it has room for', () => {
    const wait = asking({ times: 1, withinMs: 1_000 }, () => 0);
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
    const [a, b] = [by('a'), by('b')];
    expect([create.ask(a), close.ask(a), create.ask(a), close.ask(a)]).toEqual([0, 0, 1_000, 1_000]);
    expect([create.ask(b), retry.ask(a)]).toEqual([0, 0]);
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
    const a = by('a');
    expect([close.ask(a), close.ask(a), close.ask(a), retry.ask(a), retry.ask(a)]).toEqual([0, 0, 0, 0, 2_000]);
  });
  test('counts no failed call where only what is done counts, and gives nobody more than the limit', () => {
    const limiterOf = rateLimiters(undefined, () => 0);
    const [tried, done] = [
      { times: 1, withinMs: 1_000 },
      { times: 1, withinMs: 1_000, onlyDone: true as const },
    ].map(limiterOf);
    for (const limiter of [tried!, done!]) expect(limiter.ask(by('a'))).toBe(0);
    for (let time = 0; time < 3; time++) for (const limiter of [tried!, done!]) limiter.failed(by('a'));
    expect([tried!.ask(by('a')), done!.ask(by('a')), done!.ask(by('a'))]).toEqual([1_000, 0, 1_000]);
  });
  test('is for all but administrators where orders are cancelled', () => {
    const limiter = rateLimiters(
      () => 1,
      () => 0,
    )(cancellations);
    const twice = (...roles: string[]) => [0, 1].map(() => limiter.ask(by(roles.join(), ...roles)) > 0);
    for (const role of ['agent', 'customer', 'seller']) expect(twice(role)).toEqual([false, true]);
    expect([twice('agent', 'admin'), twice('admin')].flat()).not.toContain(true);
  });
});

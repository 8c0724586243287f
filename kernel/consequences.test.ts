import { describe, expect, test } from '@jest/globals';
import type { Consequences } from './aggregate.ts';
import { forEachEvent } from './consequences.ts';

const after = { id: 'a', state: {}, version: 2, createdAt: 0, updatedAt: 0 };
const following = (...each: readonly Consequences<string>[]): Consequences<string> =>
  forEachEvent((event: Consequences<string>) => event)(each, after);

describe('the consequences of several events', () => {
  test('are those of the only one, as they are', () => {
    const only: Consequences<string> = { messages: ['a'], stopTimers: 'all' };
    expect(following(only)).toBe(only);
    expect(following()).toEqual({});
  });

  test('are those of each, in the order of the events', () =>
    expect(
      following(
        { messages: ['a'], timers: [{ name: 'one', at: 1 }], claims: [{ key: 'x' }] },
        { messages: ['b'], timers: [{ name: 'two', at: 2 }], releases: [{ key: 'y' }], stopTimers: ['three'] },
      ),
    ).toEqual({
      messages: ['a', 'b'],
      timers: [
        { name: 'one', at: 1 },
        { name: 'two', at: 2 },
      ],
      stopTimers: ['three'],
      claims: [{ key: 'x' }],
      releases: [{ key: 'y' }],
    }));

  test('a later event stops the timers of an earlier one, and gives up its claims', () => {
    const set: Consequences<string> = {
      timers: [
        { name: 'one', at: 1 },
        { name: 'two', at: 2 },
      ],
      claims: [{ key: 'x' }, { key: 'y' }],
    };
    expect(following(set, { stopTimers: ['one'], releases: [{ key: 'x' }] })).toMatchObject({
      timers: [{ name: 'two' }],
      claims: [{ key: 'y' }],
    });
    expect(following(set, { stopTimers: 'all', releases: 'all' })).toMatchObject({
      timers: [],
      claims: [],
      stopTimers: 'all',
      releases: 'all',
    });
  });

  test('an earlier event stops no timer of a later one', () =>
    expect(
      following({ stopTimers: 'all', releases: 'all' }, { timers: [{ name: 'one', at: 1 }], claims: [{ key: 'x' }] }),
    ).toEqual({
      messages: [],
      timers: [{ name: 'one', at: 1 }],
      stopTimers: 'all',
      claims: [{ key: 'x' }],
      releases: 'all',
    }));
});

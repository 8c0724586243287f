import { describe, expect, test } from '@jest/globals';
import { askingAgain, nextAsk, type Pace, type Waiting } from './asking.ts';
import { days, minutes } from './time.ts';

const most = minutes(5);
/** Minutes from one question to the next, for an order that is never answered. */
const pauses = (pace: Pace, count: number): number[] => {
  const asked = [0];
  while (asked.length <= count) asked.push(nextAsk({ pace }, 0, asked.at(-1)!, most));
  return asked.slice(1).map((at, nth) => (at - asked[nth]!) / minutes(1));
};

describe('an order that waits asks again (B8)', () => {
  test('a service: after a minute, and soon every five', () =>
    expect(pauses('service', 6)).toEqual([1, 1, 2, 4, 5, 5]));
  test('a service that is away for a month: some 200 times, not 8,640', () => {
    let [at, count] = [0, 0];
    while (at < days(30)) [at, count] = [nextAsk({ pace: 'service' }, 0, at, most), count + 1];
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(250);
  });
  test('a person: after as long as it has waited, at most a day', () => {
    expect(pauses('person', 5)).toEqual([1, 1, 2, 4, 8]);
    expect(nextAsk({ pace: 'person' }, 0, days(40), most)).toBe(days(41));
  });
  test('where only an exception is ever told: after an hour, and seldom after that', () => {
    expect(pauses('seldom', 4)).toEqual([60, 60, 120, 240]);
    expect(nextAsk({ pace: 'seldom' }, 0, days(40), most)).toBe(days(47));
  });
  test('not before anything is expected, and not after it does not matter any more', () => {
    expect(nextAsk({ pace: 'service', from: days(1) }, 0, 0, most)).toBe(days(1) + minutes(1));
    expect(nextAsk({ pace: 'service', until: 30_000 }, 0, 0, most)).toBe(30_000);
  });

  const consequences = (waiting: Waiting<string> | undefined) =>
    askingAgain<null, { type: 'Changed' }, string>(
      most,
      () => waiting,
      () => ({ messages: ['told'] }),
    );
  const after = { id: 'o', state: null, version: 3, createdAt: 0, updatedAt: 1_000 };
  const waiting: Waiting<string> = { asks: ['ask'], pace: 'service', until: days(1) };

  test('a timer that fires late asks once more, for the last time', () =>
    expect(consequences(waiting)([{ type: 'AskedAgain', at: days(30) }], after)).toEqual({
      messages: ['told', 'ask'],
      timers: [],
    }));
  test('an order that begins to wait when that is over asks once, at once; its core ends the waiting', () => {
    const late = { ...after, updatedAt: days(2) };
    expect(consequences(waiting)([{ type: 'Changed' }], late)).toEqual({
      messages: ['told'],
      timers: [{ name: 'ask-again', at: days(1) }],
    });
    expect(consequences(waiting)([{ type: 'AskedAgain', at: days(2) }], late)).toEqual({
      messages: ['told', 'ask'],
      timers: [],
    });
  });
  test('a change sets the timer; when it is due the same is asked, and the timer set again', () => {
    expect(consequences(waiting)([{ type: 'Changed' }], after)).toEqual({
      messages: ['told'],
      timers: [{ name: 'ask-again', at: 61_000 }],
    });
    expect(consequences(waiting)([{ type: 'AskedAgain', at: 61_000 }], after)).toEqual({
      messages: ['told', 'ask'],
      timers: [{ name: 'ask-again', at: 121_000 }],
    });
  });
  test('a state at rest stops it; the end of the waiting lets it ask for the last time', () => {
    expect(consequences(undefined)([{ type: 'Changed' }], after)).toEqual({
      messages: ['told'],
      stopTimers: ['ask-again'],
    });
    expect(consequences(waiting)([{ type: 'AskedAgain', at: days(1) }], after)).toEqual({
      messages: ['told', 'ask'],
      timers: [],
    });
  });
});

test('the instant of the next question is a whole millisecond, however long the order has waited', () => {
  for (const pace of ['service', 'person', 'seldom'] as const)
    for (const waited of [1, 7_200_001, 86_400_007, 2_592_000_013])
      expect(Number.isInteger(nextAsk({ pace }, 0, waited, 300_000))).toBe(true);
});

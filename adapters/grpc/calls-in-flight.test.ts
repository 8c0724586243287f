import { describe, expect, test } from '@jest/globals';
import { callsInFlight } from './calls-in-flight.ts';

// A server that has 10 to 40 calls in hand for as long as may be, and up to 60 in a burst of at most half a second (K14).

function server() {
  let now = 0;
  const hand = callsInFlight({ leastCalls: 10, calls: 40, burstCalls: 60, burstMs: 500 }, () => now);
  const some = <Each>(count: number, each: () => Each): Each[] => Array.from({ length: count }, each);
  const begin = (count: number): number => some(count, hand.begins).filter(Boolean).length;
  const end = (count: number): void => void some(count, hand.ended);
  const wait = (ms: number): void => void (now += ms);
  return {
    /** How many of so many are begun. */
    begin,
    end,
    wait,
    /** Seconds in which it is asked for far more than it does. */
    overloaded(seconds: number, perSecond: number): number {
      let begun = 0;
      for (let tick = 0; tick < 10 * seconds; tick++) {
        wait(100);
        end(perSecond / 10);
        begun += begin(perSecond);
      }
      return begun;
    },
  };
}

describe('calls in hand', () => {
  test('a burst is taken on, and what goes beyond it is refused', () => {
    const { begin } = server();
    expect(begin(70)).toBe(60);
    expect(begin(1)).toBe(0);
  });

  test('too many for longer than a burst lasts are overload: one begins for each that ends below the limit', () => {
    const { begin, end, wait } = server();
    begin(60);
    wait(501);
    end(45);
    expect(begin(1)).toBe(0);
    end(7);
    expect(begin(10)).toBe(2);
    end(1);
    expect(begin(10)).toBe(1);
  });

  test('as many may be in hand as are done in two seconds', () => {
    const { begin, end, overloaded } = server();
    begin(60);
    overloaded(9, 10);
    expect(begin(1)).toBe(0);
    end(9); // of 20
    expect(begin(50)).toBe(9);
  });

  test('however quick they are, there is a limit; however slow, a few go', () => {
    const quick = server();
    quick.begin(60);
    quick.overloaded(5, 50);
    quick.end(19); // of 40
    expect(quick.begin(100)).toBe(19);
    const slow = server();
    slow.begin(10);
    slow.wait(60_000);
    slow.end(1);
    expect(slow.begin(1)).toBe(1);
  });

  test('in overload as many begin as end: it never counts as a new burst', () => {
    const { begin, overloaded } = server();
    begin(60);
    overloaded(5, 20);
    expect(overloaded(10, 20)).toBe(200);
  });

  test('when half of it is done, the next burst may come', () => {
    const { begin, end, wait } = server();
    begin(60);
    wait(501);
    end(56);
    expect(begin(70)).toBe(56);
  });
});

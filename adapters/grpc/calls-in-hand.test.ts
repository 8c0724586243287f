import { describe, expect, test } from '@jest/globals';
import { callsInHand } from './calls-in-hand.ts';

// A server that does 10 calls at a time for as long as may be, and up to 30 in a burst of at most a second (K14).

function server() {
  let now = 0;
  const hand = callsInHand({ calls: 10, burstMs: 1_000, burstCalls: 30 }, () => now);
  const some = <Each>(count: number, each: () => Each): Each[] => Array.from({ length: count }, each);
  return {
    /** How many of so many are begun. */
    begin: (count: number): number => some(count, hand.begins).filter(Boolean).length,
    end: (count: number): void => void some(count, hand.ended),
    wait: (ms: number): void => void (now += ms),
  };
}

describe('calls in hand', () => {
  test('a burst is taken on, and what goes beyond it is refused', () => {
    const { begin } = server();
    expect(begin(40)).toBe(30);
    expect(begin(1)).toBe(0);
  });

  test('too many for longer than a burst lasts are overload: one begins for each that ends below the limit', () => {
    const { begin, end, wait } = server();
    begin(30);
    wait(1_001);
    end(15);
    expect(begin(1)).toBe(0);
    end(8);
    expect(begin(10)).toBe(3);
    end(1);
    expect(begin(10)).toBe(1);
  });

  test('overload that stands never counts as a new burst', () => {
    const { begin, end, wait } = server();
    begin(30);
    wait(1_001);
    end(20);
    for (let second = 0; second < 10; second++) {
      wait(1_000);
      end(5);
      expect(begin(50)).toBe(5);
    }
  });

  test('when half of it is done, the next burst may come', () => {
    const { begin, end, wait } = server();
    begin(30);
    wait(1_001);
    end(26);
    expect(begin(50)).toBe(26);
  });

  test('as many as there may be at all times are not overload, however long they last', () => {
    const { begin, end, wait } = server();
    begin(10);
    wait(60_000);
    end(1);
    expect(begin(20)).toBe(20);
  });
});

import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { clockOf, skewOver } from './clock.ts';

afterEach(() => void jest.restoreAllMocks());

const realNow = Date.now.bind(Date);
/** The process's clock is ahead by so much. */
const ahead = (ms: number): unknown => jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);

describe('the clock of a process', () => {
  test.each([600_000, -600_000])(
    'that is %d ms ahead of the database follows the database, and knows its skew',
    async (ms) => {
      ahead(ms);
      const clock = clockOf(async () => realNow());
      expect(clock.now() - realNow()).toBeCloseTo(ms, -3);
      await clock.measure();
      expect(Math.abs(clock.now() - realNow())).toBeLessThan(100);
      expect(Math.abs(clock.skewMs() - ms)).toBeLessThan(100);
    },
  );
  test('that is set while the process runs changes nothing, and is seen at once', async () => {
    const clock = clockOf(async () => realNow());
    await clock.measure();
    ahead(600_000);
    expect(Math.abs(clock.now() - realNow())).toBeLessThan(100);
    expect(skewOver(clock, 30)).toBe(
      "a right clock (CLOCK_SKEW): the machine's clock is 600 s ahead of the database's, 30 s are tolerated",
    );
  });
  test('takes the way of the answer into account', async () => {
    const clock = clockOf(async () => {
      await pause(100);
      const time = realNow();
      await pause(100);
      return time;
    });
    await clock.measure();
    expect(Math.abs(clock.now() - realNow())).toBeLessThan(80);
  });
  test('keeps its measurement when the database does not answer', async () => {
    let answers = async (): Promise<number> => realNow() + 600_000;
    const clock = clockOf(() => answers());
    await clock.measure();
    answers = () => Promise.reject(new Error('away'));
    await expect(clock.measure()).rejects.toThrow('away');
    expect(Math.abs(clock.now() - realNow() - 600_000)).toBeLessThan(100);
  });
  test('that differs by no more than is tolerated is not reported', async () => {
    const clock = clockOf(async () => realNow() + 20_000);
    await clock.measure();
    expect(skewOver(clock, 30)).toBeUndefined();
    expect(skewOver(clock, 10)).toContain('20 s behind');
  });
});

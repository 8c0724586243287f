import { describe, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { days } from '#kernel/time.ts';
import { block, type BlockEvent, type BlockInput } from './block.ts';
import { at, blocked, free, halfPastNoon, kept, noon, period, seat } from './testing/sample.ts';

const both: BlockEvent = { type: 'SeatBlocked', seat, halfHours: [noon, halfPastNoon] };
const blockIt: Extract<BlockInput, { type: 'BlockSeat' }> = { type: 'BlockSeat', seat, period, taken: free, at };
const unblockIt: BlockInput = { type: 'UnblockSeat', seat, period, at };
const { given } = spec(block);

describe.each([
  ['that was never blocked', []],
  ['that was blocked before', [both]],
])('a seat %s', (_, past) => {
  test('is blocked by an administrator, half-hour by half-hour (C6)', () =>
    given(...past)
      .when(blockIt)
      .then(both));
  test('keeps what is blocked already', () =>
    given(...past)
      .when({ ...blockIt, taken: blocked })
      .then({ ...both, halfHours: [noon] }));
  test('is not blocked while somebody has it (C6)', () =>
    given(...past)
      .when({ ...blockIt, taken: kept })
      .thenRefused('seat-taken'));
  test('goes back on the market', () =>
    given(...past)
      .when(unblockIt)
      .then({ type: 'SeatUnblocked', seat, halfHours: [noon, halfPastNoon] }));
  test('is not blocked more than two years ahead (B7)', () =>
    given(...past)
      .when({ ...blockIt, at: period.end - days(730) - 1 })
      .thenRefused('too-far-ahead', { latest: new Date(period.end - 1).toISOString().slice(0, 10) }));
  test('is not there when the cafe has none such', () => {
    given(...past)
      .when({ ...blockIt, seat: undefined })
      .thenRefused('no-such-seat');
    given(...past)
      .when({ ...unblockIt, seat: undefined })
      .thenRefused('no-such-seat');
  });
  test('is left alone when the time is over, but not while it lasts', () => {
    given(...past)
      .when({ ...blockIt, at: period.end })
      .thenRefused('time-passed');
    given(...past)
      .when({ ...unblockIt, at: period.end })
      .thenRefused('time-passed');
    given(...past)
      .when({ ...blockIt, at: halfPastNoon })
      .then(both);
  });
});

import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { dateAt, days, horizonDays, type Instant } from '#kernel/time.ts';
import type { Seat } from './cafe.ts';
import { halfHoursOf, type Period, type Taken } from './times.ts';

/**
 * What an administrator took off the market of one seat (좌석 차단); its id is the seat's. The blocked half-hours are claims that it
 * holds, the same as an order holds for its time: what keeps two orders apart keeps an order and a block apart.
 */
export type Block = { status: 'none' } | { status: 'made'; seat: Seat };

export type BlockInput =
  | { type: 'BlockSeat'; seat: Seat | undefined; period: Period; taken: Taken; at: Instant }
  | { type: 'UnblockSeat'; seat: Seat | undefined; period: Period; at: Instant };

export type BlockEvent =
  | { type: 'SeatBlocked'; seat: Seat; halfHours: readonly Instant[] }
  | { type: 'SeatUnblocked'; seat: Seat; halfHours: readonly Instant[] };

export type BlockRefusal = 'no-such-seat' | 'time-passed' | 'too-far-ahead' | 'seat-taken';

function decide(_: Block, input: BlockInput): Decision<BlockEvent, BlockRefusal> {
  const { seat, period, at } = input;
  if (!seat) return refuse('no-such-seat');
  if (period.end <= at) return refuse('time-passed');
  const halfHours = halfHoursOf(period);
  switch (input.type) {
    case 'BlockSeat': {
      const latest = at + days(horizonDays);
      if (period.end > latest) return refuse('too-far-ahead', { latest: dateAt(latest, 'UTC') });
      if (input.taken.kept) return refuse('seat-taken');
      return accept({
        type: 'SeatBlocked',
        seat,
        halfHours: halfHours.filter((each) => !input.taken.blocked.includes(each)),
      });
    }
    case 'UnblockSeat':
      return accept({ type: 'SeatUnblocked', seat, halfHours });
  }
}

const evolve = (_: Block, { seat }: BlockEvent): Block => ({ status: 'made', seat });

export const block: Decider<Block, BlockInput, BlockEvent, BlockRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

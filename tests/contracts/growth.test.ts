import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import { homes, recorded } from './rows.ts';

/** A flood of one kind of input or event: as many different ones as anybody likes to send. */
interface Flood {
  /** Bytes of the stored state, at most, whatever is sent. */
  bytes: number;
  /** How many inputs it takes to see that it grows no further. */
  count: number;
  /** Brings the aggregate into the state in which it can be flooded. */
  begin: readonly unknown[];
  input(nth: number): unknown;
}

const start = Date.parse('2027-01-01T00:00:00Z');
const order = { kind: 'tutoring.purchase', id: v7() };
const terms = { lessonId: v7(), title: 'L'.repeat(200), buyerId: v7(), sellerId: v7(), startTime: start, minutes: 600 };
const location = { latitude: 37.5, longitude: 127 };
const dealer = (nth: number) => ({
  ...{ dealershipId: v7(), dealerId: v7(), name: `D${nth}` },
  ...{ distanceMeters: nth, dailyCapacity: 1, taken: [] },
});
const market = (nth: number) => ({ day: '2027-01-01', candidates: [dealer(nth)], luck: 0 });

/** By aggregate: those whose state has a list that people or messages add to. */
const floods: Readonly<Record<string, Flood>> = {
  'lecture/lecture': {
    ...{ bytes: 40_000, count: 6_000, begin: [{ type: 'ScheduleLecture', kind: order.kind, terms }] },
    input: (nth) =>
      nth % 3 === 2
        ? { type: 'PeerSilent', role: 'buyer', at: start + nth * 1_000 }
        : {
            type: 'JoinLecture',
            by: terms.buyerId,
            sessionId: v7(),
            peerId: v7(),
            at: start + nth * 1_000,
            silentAt: start + nth * 1_000,
          },
  },
  'lecture/mailbox': {
    ...{ bytes: 300_000, count: 1_000, begin: [] },
    input: () => ({ type: 'LeaveSignal', from: v7(), payload: 'x'.repeat(32_768), forgetAt: start }),
  },
  'views/order_view': {
    ...{ bytes: 40_000, count: 3_000, begin: [] },
    input: (nth) => ({
      entry: {
        id: v7(),
        type: 'jari.tutoring.v1.LessonChanged',
        source: '/tutoring',
        at: start + nth,
        text: 'x'.repeat(100),
      },
    }),
  },
  'assignment/assignment': {
    ...{
      bytes: 20_000,
      count: 1_000,
      begin: [{ type: 'RequestAssignment', order, location, market: market(0), at: start }],
    },
    input: (nth) => ({ type: 'AnswerOverdue', market: market(nth + 1), at: start + nth }),
  },
};

/** Lists that cannot grow, or only as far as a request is allowed to say at once. */
const bounded: Readonly<Record<string, string>> = {
  'tutoring/lesson': 'start_times: at most 200 in a request',
  'studycafe/cafe': 'seats: at most 500 in a request, and fixed',
  'studycafe/registration': 'half-hours of one day',
  'studycafe/seat_block': 'half-hours of at most 7 days at a time',
  'payout/payout': 'bookings: one for each transfer, which follows a new account of the seller',
  'lodging/reservation': 'what a cancellation waits for, and lines of a policy',
  'tutoring/purchase': 'what a cancellation waits for, and lines of a policy',
  'seating/selection': 'what a cancellation waits for, and lines of a policy',
  'rental/rental': 'what a cancellation waits for, and lines of a policy',
  'preorder/preorder': 'what a cancellation waits for, and lines of a policy',
  'seating/cafe': 'seats: as many as the cafe has',
  'notification/profile': 'codes sent within an hour: as many as one person may ask for',
  'inventory/product': 'orders that are paid and wait for stock: money bounds them, and no number',
};

const hasList = (value: unknown): boolean =>
  Array.isArray(value) || (typeof value === 'object' && value !== null && Object.values(value).some(hasList));

function sizeAfter(of: AnyStored, { begin, count, input }: Flood): { half: number; full: number } {
  let state: unknown = of.initial;
  const size = (): number => JSON.stringify(state).length;
  const take = (each: unknown): void => {
    const decision = of.decide(state, each);
    if (decision.accepted) state = decision.events.reduce(of.evolve, state);
  };
  for (const each of begin) take(each);
  for (let nth = 0; nth < count / 2; nth++) take(input(nth));
  const half = size();
  for (let nth = count / 2; nth < count; nth++) take(input(nth));
  return { half, full: size() };
}

describe('a stored state', () => {
  test.each(Object.entries(floods))('of %s stays under its size, whatever is sent', async (place, flood) => {
    const home = (await homes()).get(place)!;
    const { half, full } = sizeAfter(home.of, flood);
    expect(full).toBeGreaterThan(500);
    expect(full).toBeLessThan(flood.bytes);
    expect(full).toBeLessThan(half * 1.05);
  });
  test('that has a list is flooded here, or it is said why it cannot grow', () => {
    const rows = Object.assign({}, ...recorded().map((version) => version.rows)) as Record<string, unknown[]>;
    const withLists = Object.entries(rows).flatMap(([place, states]) => (states.some(hasList) ? [place] : []));
    expect(withLists.filter((place) => !floods[place] && !bounded[place])).toEqual([]);
  });
});

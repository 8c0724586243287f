import { describe, expect, test } from '@jest/globals';
import { krw, times } from '#kernel/money.ts';
import { daysAfter, daysOf, instantAt } from '#kernel/time.ts';
import { previewCancellation } from './cancellation.ts';
import { nightsAround, quoteStay, type StayQuote } from './quote.ts';
import { reservations, type ReservationEvent, type Wish } from './reservation.ts';
import type { Room } from './room.ts';
import { quoteReservation } from './usecases.ts';

const room: Room = {
  id: 'pine-2',
  hostId: 'host',
  propertyName: 'Pine Forest',
  roomName: 'Pine 2',
  timeZone: 'Asia/Seoul',
  capacity: 4,
  pricePerNight: krw(128_000),
  isClosed: false,
  version: 1,
};
const wish: Wish = { guestId: '', roomId: 'pine-2', checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2 };
const at = instantAt('2026-12-12', 12, 'Asia/Seoul');
const day = 86_400_000;
const allFree = new Set(daysOf('2026-12-01', '2027-02-01'));
const without = (...nights: string[]) => new Set([...allFree].filter((night) => !nights.includes(night)));

type Asked = Parameters<typeof quoteStay>[0];
function quoted(more: Partial<Asked> = {}, when = at): StayQuote {
  const quote = quoteStay({ wish, room, agreed: undefined, free: allFree, ...more }, when, day);
  if ('refusal' in quote) throw new Error(quote.refusal);
  return quote;
}

describe('a quote for a stay (B1)', () => {
  test('says what it costs, until when it is held, and what a cancellation refunds until when', () => {
    const midnight = (date: string) => instantAt(date, 0, 'Asia/Seoul');
    expect(quoted()).toEqual({
      isAvailable: true,
      reason: undefined,
      lines: [{ text: 'Pine Forest · Pine 2', quantity: 2, unitPrice: krw(128_000), amount: krw(256_000) }],
      total: krw(256_000),
      refundSteps: [
        { until: midnight('2026-12-15'), percent: 100, refund: krw(256_000) },
        { until: midnight('2026-12-18'), percent: 70, refund: krw(179_200) },
        { until: midnight('2026-12-20'), percent: 50, refund: krw(128_000) },
        { until: midnight('2026-12-24'), percent: 20, refund: krw(51_200) },
        { until: instantAt('2026-12-24', 15, 'Asia/Seoul'), percent: 0, refund: krw(0) },
      ],
      holdUntil: at + day,
      alternatives: [],
    });
  });
  test('shows up to three other stays of the same length, the nearest first, when the nights are taken', () => {
    expect(quoted({ free: without('2026-12-25') })).toMatchObject({
      ...{ isAvailable: false, reason: 'nights-taken', total: krw(256_000) },
      alternatives: [
        { checkIn: '2026-12-23', checkOut: '2026-12-25', total: krw(256_000) },
        { checkIn: '2026-12-22', checkOut: '2026-12-24' },
        { checkIn: '2026-12-26', checkOut: '2026-12-28' },
      ],
    });
    expect(quoted({ free: new Set() })).toMatchObject({ isAvailable: false, alternatives: [] });
  });
  test('is not available for a closed room, or at another total than the agreed one', () => {
    expect(quoted({ room: { ...room, isClosed: true } })).toMatchObject({ isAvailable: false, reason: 'not-on-sale' });
    expect(quoted({ agreed: krw(1) })).toMatchObject({ isAvailable: false, reason: 'price-changed' });
  });
  test('says that nobody checked the nights when it is not known which are free: the reservation would be accepted', () =>
    expect(quoted({ free: undefined })).toMatchObject({ isAvailable: true, reason: 'not-checked', alternatives: [] }));
  test('is refused as the reservation would be', () => {
    const asked = { wish, room, agreed: undefined, free: allFree };
    expect(quoteStay({ ...asked, room: undefined }, at, day)).toMatchObject({ refusal: 'no-such-room' });
    expect(quoteStay({ ...asked, wish: { ...wish, guests: 9 } }, at, day)).toMatchObject({
      refusal: 'too-many-guests',
    });
    expect(quoteStay(asked, at + 30 * day, day)).toMatchObject({ refusal: 'in-the-past' });
  });
  test('looks at no night before today', () => {
    expect(nightsAround(wish, room, at)).toEqual({ from: '2026-12-12', to: '2027-01-09' });
    expect(nightsAround(wish, room, at - 30 * day).from).toBe('2026-12-10');
  });
  test('does not ask property about what is no stay', async () => {
    let asked = 0;
    const nights = { free: () => Promise.resolve((asked++, allFree)) };
    const rooms = { find: () => Promise.resolve(room), isEmpty: () => Promise.resolve(false) };
    const ports = { rooms, nights, payWithin: day };
    expect(await quoteReservation(ports, { wish: { ...wish, guests: 9 }, agreed: undefined }, at)).toMatchObject({
      refusal: 'too-many-guests',
    });
    expect(asked).toBe(0);
    expect(await quoteReservation(ports, { wish, agreed: undefined }, at)).toMatchObject({ isAvailable: true });
    expect(asked).toBe(1);
  });
});

test('a reservation at the quoted total is never refused with another price, and its cancellation refunds what the quote said (B1)', () => {
  // A small generator of its own: the same two hundred quotes in every run.
  let seed = 11;
  const pick = (count: number): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 8) % count;
  for (let nth = 0; nth < 200; nth++) {
    const of = {
      ...room,
      pricePerNight: krw(1 + pick(300_000)),
      timeZone: ['Asia/Seoul', 'America/New_York'][pick(2)]!,
    };
    const checkIn = daysAfter('2026-12-24', pick(150));
    const wanted = { ...wish, checkIn, checkOut: daysAfter(checkIn, 1 + pick(30)) };
    const when = instantAt(daysAfter(checkIn, -pick(20)), pick(14), of.timeZone);
    const quote = quoted({ wish: wanted, room: of }, when);
    const decision = reservations.decide(reservations.initial, {
      ...{ type: 'RequestReservation', wish: wanted, room: of, agreed: quote.total, limits: [], at: when },
    });
    if (!decision.accepted) throw new Error(decision.refusal);
    expect(quote.lines).toMatchObject([{ amount: quote.total }]);
    expect(times(quote.lines[0]!.unitPrice, quote.lines[0]!.quantity)).toEqual(quote.total);
    const paid: ReservationEvent[] = [
      ...decision.events,
      { type: 'ReservationConfirmed' },
      { type: 'ReservationPaid' },
    ];
    const state = paid.reduce(reservations.evolve, reservations.initial);
    let from = when;
    for (const { until = 0, percent, refund } of quote.refundSteps) {
      for (const moment of [from, until - 1])
        expect(previewCancellation(state, moment)).toMatchObject({ percent, refund });
      from = until;
    }
    expect(previewCancellation(state, from)).toBe('not-cancellable');
  }
});

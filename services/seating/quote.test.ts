import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import type { Cafe } from './cafe.ts';
import { previewCancellation } from './cancellation.ts';
import { quoteSeat, type SeatQuote } from './quote.ts';
import { selections, type SelectionEvent, type Wish } from './selection.ts';
import { at, cafe as small, end, start } from './testing/sample.ts';
import { quoteSelection } from './usecases.ts';

const cafe: Cafe = { ...small, seats: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, label: id.toUpperCase() })) };
const wish: Wish = { customerId: '', cafeId: 'books', seatId: 'b', period: { start, end } };
const allFree = new Map(cafe.seats.map(({ id }) => [id, 'free' as const]));
const payWithin = minutes(10);

type Asked = Parameters<typeof quoteSeat>[0];
const ask = (more: Partial<Asked>, when = at) =>
  quoteSeat({ wish, cafe, agreed: undefined, seats: allFree, ...more }, when, payWithin);
function quoted(more: Partial<Asked> = {}): SeatQuote {
  const quote = ask(more);
  if ('refusal' in quote) throw new Error(quote.refusal);
  return quote;
}

describe('a quote for a seat (B1)', () => {
  test('says what it costs by the hour, until when it is held, and what a cancellation refunds', () =>
    expect(quoted()).toEqual({
      isAvailable: true,
      reason: undefined,
      lines: [{ text: 'Books & Window · B', quantity: 2, unitPrice: krw(2_000), amount: krw(4_000) }],
      total: krw(4_000),
      refundSteps: [{ until: start, percent: 100, refund: krw(4_000) }],
      holdUntil: at + payWithin,
      alternatives: [],
    }));
  test('shows up to three other seats, the nearest first, when the seat is taken or blocked', () => {
    for (const state of ['taken', 'blocked'] as const) {
      const seats = new Map([...allFree, ['b', state] as const, ['c', 'taken' as const]]);
      const { isAvailable, reason, alternatives } = quoted({ seats });
      expect({ isAvailable, reason }).toEqual({ isAvailable: false, reason: `seat-${state}` });
      expect(alternatives).toEqual([
        { seatId: 'a', label: 'A', total: krw(4_000) },
        { seatId: 'd', label: 'D', total: krw(4_000) },
        { seatId: 'e', label: 'E', total: krw(4_000) },
      ]);
    }
    expect(quoted({ seats: new Map() })).toMatchObject({ isAvailable: false, alternatives: [] });
  });
  test('is not available in a closed cafe, or at another total than the agreed one', () => {
    expect(quoted({ cafe: { ...cafe, isClosed: true } })).toMatchObject({ isAvailable: false, reason: 'not-on-sale' });
    expect(quoted({ agreed: krw(1) })).toMatchObject({ isAvailable: false, reason: 'price-changed' });
  });
  test('says that nobody checked the seat when its state is not known: the selection would be accepted', () =>
    expect(quoted({ seats: undefined })).toMatchObject({ isAvailable: true, reason: 'not-checked', alternatives: [] }));
  test('is refused as the selection would be', () => {
    expect(ask({ cafe: undefined })).toMatchObject({ refusal: 'no-such-seat' });
    expect(ask({ wish: { ...wish, seatId: 'z' } })).toMatchObject({ refusal: 'no-such-seat' });
    expect(ask({ wish: { ...wish, period: { start, end: end + 1 } } })).toMatchObject({
      refusal: 'ends-off-the-half-hour',
    });
    expect(ask({}, start)).toMatchObject({ refusal: 'begun-already' });
  });
  test('asks studycafe only about a seat that can be selected', async () => {
    const asked: string[] = [];
    const seats = { states: async (id: string) => void asked.push(id) };
    const ports = { seats, payWithin };
    expect(await quoteSelection(ports, { wish, agreed: undefined }, cafe, start)).toMatchObject({
      refusal: 'begun-already',
    });
    expect(asked).toEqual([]);
    expect(await quoteSelection(ports, { wish, agreed: undefined }, cafe, at)).toMatchObject({ reason: 'not-checked' });
    expect(asked).toEqual(['books']);
  });
});

test('a selection at the quoted total is never refused with another price, and its cancellation refunds what the quote said (B1)', () => {
  for (let nth = 1; nth <= 200; nth++) {
    const of: Cafe = { ...cafe, pricePerHour: krw(100 + nth * 37) };
    const period = { start, end: start + (1 + (nth % 20)) * minutes(30) };
    const wanted = { ...wish, customerId: 'customer', period };
    const quote = quoted({ cafe: of, wish: wanted });
    const decision = selections.decide(selections.initial, {
      ...{ type: 'SelectSeat', wish: wanted, cafe: of, agreed: quote.total, limits: [], at },
    });
    if (!decision.accepted) throw new Error(decision.refusal);
    const paid: SelectionEvent[] = [...decision.events, { type: 'SelectionHeld' }, { type: 'SelectionPaid' }];
    const state = paid.reduce(selections.evolve, selections.initial);
    for (const { until = 0, percent, refund } of quote.refundSteps) {
      for (const moment of [at, until - 1])
        expect(previewCancellation(state, moment)).toMatchObject({ paid: quote.total, percent, refund });
      expect(previewCancellation(state, until)).toBe('not-cancellable');
    }
  }
});

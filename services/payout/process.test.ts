import { describe, expect, test } from '@jest/globals';
import type { Consequences } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import { decide, evolve, payouts, type Input, type Payout, type Standing } from './payout.ts';
import { payout, payoutAccount, type Message } from './process.ts';

const order = { kind: 'tutoring.purchase', id: 'order' };
const account = { bank: 'Kookmin', number: '123-456', holder: 'Kim' };
const now = 5_000;
const request: Input = { type: 'RequestPayout', order, payeeId: 'seller', gross: krw(50_000), at: now };
const reverse: Input = { type: 'ReversePayout', order, at: now };
const prepare = (standing: Partial<Standing> = {}): Input => ({
  type: 'PrepareTransfer',
  id: 'order',
  standing: { account: { ...account, version: 1 }, balance: 45_000, transfers: 6, ...standing },
  at: now,
});
const transferred: Input = { type: 'Transferred', at: now };
const unanswered: Input = { type: 'TransferUnanswered', retryAt: 6_000 };
const completed = { type: 'PayoutCompleted', order, net: krw(45_000) };
const reversed = { type: 'PayoutReversed', order };

/** What follows from the last of `inputs`. */
function after(...inputs: Input[]): Consequences<Message> {
  let state: Payout = payouts.initial;
  let consequences: Consequences<Message> = {};
  for (const input of inputs) {
    const decision = decide(state, input);
    const events = decision.accepted ? decision.events : [];
    state = events.reduce(evolve, state);
    consequences = payout.consequences(events, { id: 'order', state, version: 1, createdAt: now, updatedAt: now });
  }
  return consequences;
}

describe('what follows', () => {
  test('a request is looked at once', () => expect(after(request)).toEqual({ timers: [{ name: 'send', at: now }] }));
  test('the intent is kept before the bank is asked, under the next number of that seller’s transfers', () =>
    expect(after(request, prepare())).toEqual({ timers: [{ name: 'send', at: now }], claims: [{ key: 'seller/7' }] }));
  test('without an answer the bank is asked again', () => {
    expect(after(request, prepare(), unanswered)).toEqual({ timers: [{ name: 'send', at: 6_000 }] });
    expect(after(request, prepare(), reverse, unanswered)).toEqual({ timers: [{ name: 'settle', at: 6_000 }] });
  });
  test('whoever asked hears that the seller has the money, again when asked again', () => {
    expect(after(request, prepare(), transferred)).toEqual({ messages: [completed] });
    expect(after(request, prepare(), transferred, request)).toEqual({ messages: [{ ...completed, again: true }] });
    expect(after(request, prepare(), request)).toEqual({ messages: [] });
  });
  test('where there is no account it is looked for once more: one that came in between knew of nobody who waits', () =>
    expect(after(request, prepare({ account: undefined }))).toEqual({ timers: [{ name: 'send', at: now }] }));
  test('where the bank refuses it an account is looked for once more: a better one that came meanwhile knew of nobody who waits', () => {
    const refused: Input = { type: 'NotTransferred', reason: 'NO_SUCH_ACCOUNT', at: now };
    expect(after(request, prepare(), refused)).toEqual({ timers: [{ name: 'send', at: now }] });
    expect(after(request, prepare(), refused, prepare())).toEqual({}); // the same one is not tried again
    expect(after(request, prepare(), refused, prepare({ account: { ...account, version: 2 } }))).toMatchObject({ claims: [{ key: 'seller/7' }] });
    expect(after(request, prepare(), reverse, refused)).toEqual({});
  });
  test('a reversal is answered at once, whatever stands', () => {
    for (const past of [[], [request], [request, prepare({ account: undefined })], [request, prepare(), transferred]])
      expect(after(...past, reverse)).toEqual({ messages: [reversed], stopTimers: ['send'], timers: [] });
    expect(after(request, prepare(), reverse)).toEqual({ messages: [reversed], stopTimers: ['send'], timers: [{ name: 'settle', at: now }] });
    expect(after(request, reverse, reverse)).toEqual({ messages: [{ ...reversed, again: true }] });
    expect(after(reverse, request)).toEqual({ messages: [{ ...reversed, again: true }] });
  });
  test('a new account wakes what waits for one', () => {
    const kept = { id: 'seller', state: { status: 'registered' as const, account }, version: 1, createdAt: now, updatedAt: now };
    expect(payoutAccount.consequences([{ type: 'AccountRegistered', account }], kept)).toEqual({ timers: [{ name: 'wake', at: now }] });
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Consequences } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import { decide, evolve, payouts, type Input, type Payout, type Standing } from './payout.ts';
import { payout, payoutAccount, type Message } from './process.ts';

const order = { kind: 'tutoring.purchase', id: 'order' };
const account = { bank: 'Kookmin', number: '123-456', holder: 'Kim' };
const now = 5_000;
const request: Input = { type: 'RequestPayout', order, payeeId: 'seller', gross: krw(50_000), due: 8_000, at: now };
const release: Input = { type: 'ReleasePayout', order, due: 9_000 };
const elapse: Input = { type: 'HoldElapsed', at: 9_000 };
/** Asked for, released, and its hold is over. */
const isDue = [request, release, elapse] as const;
const reverse: Input = { type: 'ReversePayout', unlessSent: false, order, at: now };
const prepare = (standing: Partial<Standing> = {}): Input => ({
  type: 'PrepareTransfer',
  id: 'order',
  standing: {
    account: { ...account, version: 1, usableFrom: 0 },
    balance: 45_000,
    transfers: 6,
    sentLately: 0,
    firstSentAt: 0,
    ...standing,
  },
  payment: { payeeId: 'seller', paid: krw(50_000) },
  ceilings: { transfer: 100_000, day: 100_000, newSeller: 100_000, newFor: 1 },
  at: now,
});
const transferred: Input = { type: 'Transferred', at: now };
const unanswered: Input = { type: 'Unanswered', retryAt: 6_000 };
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
  test('a request is answered, and its hold has a clock; a release moves it, and is answered', () => {
    const answered = (due: number, reason = '') => [{ type: 'PayoutHeld', order, net: krw(45_000), due, reason }];
    expect(after(request)).toEqual({ messages: answered(8_000), timers: [{ name: 'due', at: 8_000 }] });
    expect(after(request, release)).toEqual({ messages: answered(9_000), timers: [{ name: 'due', at: 9_000 }] });
    expect(after(release)).toEqual({ messages: [], timers: [] });
    expect(after(release, request)).toEqual({ messages: answered(9_000), timers: [{ name: 'due', at: 9_000 }] });
    expect(after(request, elapse)).toEqual({ messages: answered(9_000, 'NOT_RELEASED') });
  });
  test('what is due, or approved by an operator, is looked at once', () => {
    expect(after(...isDue)).toEqual({ timers: [{ name: 'send', at: now }] });
    expect(
      after(...isDue, prepare({ balance: 200_000, sentLately: 99_000 }), { type: 'ApprovePayout', by: 'operator' }),
    ).toEqual({
      timers: [{ name: 'send', at: now }],
    });
  });
  test('while payment does not answer, it is asked again', () =>
    expect(after(...isDue, unanswered)).toEqual({ timers: [{ name: 'send', at: 6_000 }] }));
  test('the intent is kept before the bank is asked, under the next number of that seller’s transfers', () =>
    expect(after(...isDue, prepare())).toEqual({ timers: [{ name: 'send', at: now }], claims: [{ key: 'seller/7' }] }));
  test('without an answer the bank is asked again', () => {
    expect(after(...isDue, prepare(), unanswered)).toEqual({ timers: [{ name: 'send', at: 6_000 }] });
    expect(after(...isDue, prepare(), reverse, unanswered)).toEqual({ timers: [{ name: 'settle', at: 6_000 }] });
  });
  test('whoever asked hears that the seller has the money, again when asked again', () => {
    expect(after(...isDue, prepare(), transferred)).toEqual({ messages: [completed] });
    expect(after(...isDue, prepare(), transferred, request)).toEqual({ messages: [{ ...completed, again: true }] });
    expect(after(...isDue, prepare(), request)).toEqual({ messages: [] });
  });
  test('where there is no account it is looked for once more: one that came in between knew of nobody who waits', () =>
    expect(after(...isDue, prepare({ account: undefined }))).toEqual({ timers: [{ name: 'send', at: now }] }));
  test('where the bank refuses it an account is looked for once more: a better one that came meanwhile knew of nobody who waits', () => {
    const refused: Input = { type: 'NotTransferred', reason: 'NO_SUCH_ACCOUNT', at: now };
    expect(after(...isDue, prepare(), refused)).toEqual({ timers: [{ name: 'send', at: now }] });
    expect(after(...isDue, prepare(), refused, prepare())).toEqual({}); // the same one is not tried again
    expect(
      after(...isDue, prepare(), refused, prepare({ account: { ...account, version: 2, usableFrom: 0 } })),
    ).toMatchObject({ claims: [{ key: 'seller/7' }] });
    expect(after(...isDue, prepare(), reverse, refused)).toEqual({});
  });
  test('a reversal is answered at once, whatever stands', () => {
    for (const past of [[], [request], [...isDue, prepare({ account: undefined })], [...isDue, prepare(), transferred]])
      expect(after(...past, reverse)).toEqual({ messages: [reversed], stopTimers: ['due', 'send'], timers: [] });
    expect(after(...isDue, prepare(), reverse)).toEqual({
      messages: [reversed],
      stopTimers: ['due', 'send'],
      timers: [{ name: 'settle', at: now }],
    });
    expect(after(request, reverse, reverse)).toEqual({ messages: [{ ...reversed, again: true }] });
    expect(after(reverse, request)).toEqual({ messages: [{ ...reversed, again: true }] });
  });
  test('a new account wakes what waits for one', () => {
    const kept = {
      id: 'seller',
      state: { status: 'registered' as const, account },
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    expect(payoutAccount.consequences([{ type: 'AccountRegistered', account }], kept)).toEqual({
      timers: [{ name: 'wake', at: now }],
      messages: [],
    });
    expect(payoutAccount.consequences([{ type: 'AccountChanged', account, at: now }], kept)).toEqual({
      timers: [{ name: 'wake', at: now }],
      messages: [{ type: 'PayoutAccountChanged', payeeId: 'seller', changedAt: now }],
    });
  });
});

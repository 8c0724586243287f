import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { balanceOf, earned, returned, reversed, transferred } from './journal.ts';
import { payouts, type Input, type Payout, type PayoutEvent, type Standing, type Terms, type Transfer } from './payout.ts';
import { samplePolicy, share } from './policy.ts';

const order = { kind: 'tutoring.purchase', id: 'order' };
const to = { bank: 'Kookmin', number: '123-456', holder: 'Kim' };
const terms: Terms = { payeeId: 'seller', gross: krw(50_000), policy: samplePolicy, commission: krw(5_000), net: krw(45_000) };
const standing = (balance: number, more: Partial<Standing> = {}): Standing => ({ account: { ...to, version: 3 }, balance, transfers: 6, ...more });
const transfer = (amount = 45_000, key = 'order'): Transfer => ({ key, amount: krw(amount), to });

const requested: PayoutEvent = { type: 'PayoutRequested', order, terms, at: 1 };
const intended = (what = transfer()): PayoutEvent => ({ type: 'TransferIntended', transfer: what, accountVersion: 3, number: 7, at: 2 });
const completed: PayoutEvent = { type: 'PayoutCompleted' };
const missing: PayoutEvent = { type: 'AccountMissing' };
const refused: PayoutEvent = { type: 'TransferReturned', reason: 'ACCOUNT_REFUSED', at: 3 };
const reversedEvent: PayoutEvent = { type: 'PayoutReversed', order, at: 4 };
const settled: PayoutEvent = { type: 'DoubtSettled', at: 5 };
const repeated: PayoutEvent = { type: 'AnswerRepeated' };

const request: Input = { type: 'RequestPayout', order, payeeId: 'seller', gross: krw(50_000), at: 1 };
const reverse: Input = { type: 'ReversePayout', order, at: 4 };
const prepare = (how: Standing): Input => ({ type: 'PrepareTransfer', id: 'order', standing: how, at: 2 });
const { given } = spec(payouts);
const after = (...events: PayoutEvent[]): Payout => events.reduce(payouts.evolve, payouts.initial);
const booked = (...events: PayoutEvent[]): [string, number][] => {
  const state = after(...events);
  return 'journal' in state ? state.journal.map((each) => [each.type, balanceOf([each], 'SELLER')]) : [];
};

describe('the commission', () => {
  const price = fc.integer({ min: 0, max: 100_000_000 }).map(krw);
  const percent = fc.integer({ min: 0, max: 100 });
  test('and what the seller gets are the whole price, always', () =>
    fc.assert(
      fc.property(price, percent, (gross, share100) => {
        const { commission, net } = share(gross, { version: 'any', percent: share100 });
        expect(commission.amount + net.amount).toBe(gross.amount);
        expect([commission, net].every(({ amount }) => Number.isInteger(amount) && amount >= 0)).toBe(true);
      }),
    ));
  test('is rounded down, in the seller’s favour, by less than one won', () =>
    fc.assert(
      fc.property(price, percent, (gross, share100) => {
        const exact = (gross.amount * share100) / 100;
        const { commission } = share(gross, { version: 'any', percent: share100 });
        expect(commission.amount <= exact && exact - commission.amount < 1).toBe(true);
      }),
    ));
});

test('each entry of the books sums to zero, whatever the price', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000_000 }), (amount) => {
      const shares = share(krw(amount), samplePolicy);
      for (const { postings } of [earned(1, shares), transferred(2, amount), returned(3, amount), reversed(4, shares)])
        expect(postings.reduce((sum, posting) => sum + posting.amount, 0)).toBe(0);
    }),
  ));

describe('a payout', () => {
  test('is the price less the commission, at the rate of the moment (T3)', () => given().when(request).then(requested));
  test('is sent to the account that the seller has registered (T3)', () => given(requested).when(prepare(standing(45_000))).then(intended()));
  test('waits where there is no account, and is sent once there is one (T3)', () => {
    given(requested).when(prepare(standing(45_000, { account: undefined }))).then(missing);
    given(requested, missing).when(prepare(standing(45_000, { account: undefined }))).thenNothing();
    given(requested, missing).when(prepare(standing(45_000))).then(intended());
  });
  test('is complete when the bank has sent it', () => given(requested, intended()).when({ type: 'Transferred', at: 3 }).then(completed));
  test('waits for another account when the bank refuses the one there is, and asks by another key', () => {
    given(requested, intended()).when({ type: 'NotTransferred', reason: 'ACCOUNT_REFUSED', at: 3 }).then(refused);
    given(requested, intended(), refused).when(prepare(standing(45_000))).thenNothing();
    given(requested, intended(), refused)
      .when(prepare(standing(45_000, { account: { ...to, version: 4 } })))
      .then({ ...intended(transfer(45_000, 'order-2')), accountVersion: 4 } as PayoutEvent);
  });
  test('settles what the seller owes before anything is sent', () => {
    given(requested).when(prepare(standing(15_000))).then(intended(transfer(15_000)));
    given(requested).when(prepare(standing(-30_000))).then(completed);
    given(requested, missing).when(prepare(standing(0, { account: undefined }))).then(completed);
  });
  test('is never more than its own part of what is due', () => given(requested).when(prepare(standing(200_000))).then(intended()));
});

describe('a reversal (T9)', () => {
  test('of what was not sent leaves nothing', () => {
    for (const past of [[requested], [requested, missing], [requested, intended(), refused]]) {
      given(...past).when(reverse).then(reversedEvent);
      const state = after(...past, reversedEvent);
      expect('journal' in state && balanceOf(state.journal, 'SELLER')).toBe(0);
    }
  });
  test('of what was sent is owed by the seller', () =>
    expect(booked(requested, intended(), completed, reversedEvent)).toEqual([
      ['EARNED', 45_000],
      ['TRANSFERRED', -45_000],
      ['REVERSED', -45_000],
    ]));
  test('of a transfer in doubt is booked once the bank has said what became of it', () => {
    const inDoubt = [requested, intended(), reversedEvent] as const;
    expect(after(...inDoubt).status).toBe('reversing');
    expect(booked(...inDoubt)).toHaveLength(2);
    given(...inDoubt).when({ type: 'Transferred', at: 5 }).then(settled);
    expect(booked(...inDoubt, settled)).toEqual([['EARNED', 45_000], ['TRANSFERRED', -45_000], ['REVERSED', -45_000]]);
    given(...inDoubt).when({ type: 'NotTransferred', reason: 'VOIDED', at: 3 }).then({ ...refused, reason: 'VOIDED' } as PayoutEvent);
    expect(booked(...inDoubt, refused)).toEqual([['EARNED', 45_000], ['TRANSFERRED', -45_000], ['RETURNED', 45_000], ['REVERSED', -45_000]]);
  });
  test('that comes first leaves a tombstone: nothing is paid after it', () => {
    given().when(reverse).then(reversedEvent);
    given(reversedEvent).when(request).then(repeated);
  });
});

describe('every state meets every input', () => {
  const histories: Record<Payout['status'], PayoutEvent[]> = {
    none: [],
    pending: [requested],
    sending: [requested, intended()],
    'waiting-account': [requested, missing],
    completed: [requested, intended(), completed],
    reversing: [requested, intended(), reversedEvent],
    reversed: [requested, reversedEvent],
    tombstone: [reversedEvent],
  };
  const inputs: { [Type in Input['type']]: Input } = {
    RequestPayout: request,
    ReversePayout: reverse,
    PrepareTransfer: prepare(standing(45_000)),
    Transferred: { type: 'Transferred', at: 3 },
    NotTransferred: { type: 'NotTransferred', reason: 'ACCOUNT_REFUSED', at: 3 },
    TransferUnanswered: { type: 'TransferUnanswered', retryAt: 9 },
  };
  const inDoubt = (event: PayoutEvent['type']) => ({ sending: event, reversing: event });
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<Payout['status'], PayoutEvent['type']>>> = {
    RequestPayout: { ...Object.fromEntries(Object.keys(histories).map((status) => [status, 'AnswerRepeated'])), none: 'PayoutRequested' },
    ReversePayout: {
      ...{ none: 'PayoutReversed', pending: 'PayoutReversed', sending: 'PayoutReversed', 'waiting-account': 'PayoutReversed', completed: 'PayoutReversed' },
      ...{ reversing: 'AnswerRepeated', reversed: 'AnswerRepeated', tombstone: 'AnswerRepeated' },
    },
    PrepareTransfer: { pending: 'TransferIntended', 'waiting-account': 'TransferIntended' },
    Transferred: { sending: 'PayoutCompleted', reversing: 'DoubtSettled' },
    NotTransferred: inDoubt('TransferReturned'),
    TransferUnanswered: inDoubt('TransferPostponed'),
  };
  const pairs = (Object.keys(histories) as Payout['status'][]).flatMap((status) =>
    (Object.keys(inputs) as Input['type'][]).map((input) => [status, input, table[input][status]] as const),
  );
  test.each(pairs)('%s + %s → %s', (status, input, expected) => {
    expect(after(...histories[status]).status).toBe(status);
    const decision = payouts.decide(after(...histories[status]), inputs[input]);
    expect(decision.accepted && decision.events.map(({ type }) => type)).toEqual(expected ? [expected] : []);
  });
});

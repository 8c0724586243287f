import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { masked } from './adapters/masked.ts';
import type { Ceilings, PaymentRecord, Review } from './holding.ts';
import { balanceOf, earned, returned, reversed, transferred } from './journal.ts';
import {
  payouts,
  type Input,
  type Payout,
  type PayoutEvent,
  type Standing,
  type Terms,
  type Transfer,
} from './payout.ts';
import { samplePolicy, share } from './policy.ts';

const order = { kind: 'tutoring.purchase', id: 'order' };
const to = { bank: 'Kookmin', number: '123-456', holder: 'Kim' };
const terms: Terms = {
  payeeId: 'seller',
  gross: krw(50_000),
  policy: samplePolicy,
  commission: krw(5_000),
  net: krw(45_000),
};
const account = { ...to, version: 3, usableFrom: 0 };
const standing = (balance: number, more: Partial<Standing> = {}): Standing => ({
  ...{ account, balance, transfers: 6, sentLately: 0, firstSentAt: -1_000 },
  ...more,
});
const ceilings: Ceilings = { transfer: 100_000, day: 150_000, newSeller: 60_000, newFor: 500 };
const paid: PaymentRecord = { payeeId: 'seller', paid: krw(50_000) };
const transfer = (amount = 45_000, key = 'order'): Transfer => ({ key, amount: krw(amount), to });

const held: PayoutEvent = { type: 'PayoutHeld', order, terms, due: 100, released: false, at: 1 };
const released: PayoutEvent = { type: 'PayoutReleased', order, due: 200 };
const due: PayoutEvent = { type: 'PayoutDue' };
/** Asked for, released, and its hold is over. */
const requested = [held, released, due] as const;
const review = (reason: Review): PayoutEvent => ({ type: 'ReviewNeeded', reason, at: 2 });
const approved: PayoutEvent = { type: 'PayoutApproved', by: 'operator' };
const intended = (what = transfer()): PayoutEvent => ({
  type: 'TransferIntended',
  transfer: what,
  accountVersion: 3,
  number: 7,
  at: 2,
});
const completed: PayoutEvent = { type: 'PayoutCompleted' };
const missing: PayoutEvent = { type: 'AccountMissing' };
const refused: PayoutEvent = { type: 'TransferReturned', reason: 'ACCOUNT_REFUSED', at: 3 };
const reversedEvent: PayoutEvent = { type: 'PayoutReversed', order, at: 4 };
const settled: PayoutEvent = { type: 'DoubtSettled', at: 5 };
const repeated: PayoutEvent = { type: 'AnswerRepeated' };

const request: Input = { type: 'RequestPayout', order, payeeId: 'seller', gross: krw(50_000), due: 100, at: 1 };
const release: Input = { type: 'ReleasePayout', order, due: 200 };
const elapse = (at: number): Input => ({ type: 'HoldElapsed', at });
const reverse: Input = { type: 'ReversePayout', unlessSent: false, order, at: 4 };
const prepare = (how: Standing, payment: PaymentRecord | null = paid): Input => ({
  ...{ type: 'PrepareTransfer', id: 'order', standing: how, payment: payment ?? undefined, ceilings, at: 2 },
});
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
  test('is the price less the commission, at the rate of the moment, and is held (T3)', () =>
    given().when(request).then(held));
  test('is sent to the account that the seller has registered (T3)', () =>
    given(...requested)
      .when(prepare(standing(45_000)))
      .then(intended()));
  test('waits where there is no account, and is sent once there is one (T3)', () => {
    given(...requested)
      .when(prepare(standing(45_000, { account: undefined })))
      .then(missing);
    given(...requested, missing)
      .when(prepare(standing(45_000, { account: undefined })))
      .thenNothing();
    given(...requested, missing)
      .when(prepare(standing(45_000)))
      .then(intended());
  });
  test('is complete when the bank has sent it', () =>
    given(...requested, intended())
      .when({ type: 'Transferred', at: 3 })
      .then(completed));
  test('waits for another account when the bank refuses the one there is, and asks by another key', () => {
    given(...requested, intended())
      .when({ type: 'NotTransferred', reason: 'ACCOUNT_REFUSED', at: 3 })
      .then(refused);
    given(...requested, intended(), refused)
      .when(prepare(standing(45_000)))
      .thenNothing();
    given(...requested, intended(), refused)
      .when(prepare(standing(45_000, { account: { ...account, version: 4 } })))
      .then({ ...intended(transfer(45_000, 'order-2')), accountVersion: 4 } as PayoutEvent);
  });
  test('settles what the seller owes before anything is sent', () => {
    given(...requested)
      .when(prepare(standing(15_000)))
      .then(intended(transfer(15_000)));
    given(...requested)
      .when(prepare(standing(-30_000)))
      .then(completed);
    given(...requested, missing)
      .when(prepare(standing(0, { account: undefined })))
      .then(completed);
  });
  test('is never more than its own part of what is due', () =>
    given(...requested)
      .when(prepare(standing(200_000)))
      .then(intended()));
});

describe('a reversal (T9)', () => {
  test('of what was not sent leaves nothing', () => {
    for (const past of [
      [held],
      [held, released],
      [...requested],
      [...requested, missing],
      [...requested, intended(), refused],
    ]) {
      given(...past)
        .when(reverse)
        .then(reversedEvent);
      const state = after(...past, reversedEvent);
      expect('journal' in state && balanceOf(state.journal, 'SELLER')).toBe(0);
    }
  });
  test('of what was sent is owed by the seller', () =>
    expect(booked(...requested, intended(), completed, reversedEvent)).toEqual([
      ['EARNED', 45_000],
      ['TRANSFERRED', -45_000],
      ['REVERSED', -45_000],
    ]));
  test('of a transfer in doubt is booked once the bank has said what became of it', () => {
    const inDoubt = [...requested, intended(), reversedEvent] as const;
    expect(after(...inDoubt).status).toBe('reversing');
    expect(booked(...inDoubt)).toHaveLength(2);
    given(...inDoubt)
      .when({ type: 'Transferred', at: 5 })
      .then(settled);
    expect(booked(...inDoubt, settled)).toEqual([
      ['EARNED', 45_000],
      ['TRANSFERRED', -45_000],
      ['REVERSED', -45_000],
    ]);
    given(...inDoubt)
      .when({ type: 'NotTransferred', reason: 'VOIDED', at: 3 })
      .then({ ...refused, reason: 'VOIDED' } as PayoutEvent);
    expect(booked(...inDoubt, refused)).toEqual([
      ['EARNED', 45_000],
      ['TRANSFERRED', -45_000],
      ['RETURNED', 45_000],
      ['REVERSED', -45_000],
    ]);
  });
  test('that comes first leaves a tombstone: nothing is paid after it', () => {
    given().when(reverse).then(reversedEvent);
    given(reversedEvent).when(request).then(repeated);
  });
});

describe('a held payout', () => {
  test('is due when the hold is over after its release, and not before', () => {
    given(held, released).when(elapse(199)).thenNothing();
    given(held, released).when(elapse(200)).then(due);
    given(held, released)
      .when(prepare(standing(45_000)))
      .thenNothing();
  });
  test('whose release comes before its request is held until the hold after the release is over', () => {
    given().when(release).then(released);
    given(released)
      .when(request)
      .then({ ...held, due: 200, released: true } as PayoutEvent);
  });
  test('that is released early is due no earlier than the hold after the expected time, whichever of the two comes first', () => {
    const early: Input = { ...release, due: 40 };
    given(held)
      .when(early)
      .then({ ...released, due: 100 } as PayoutEvent);
    given()
      .when(early)
      .then({ ...released, due: 40 } as PayoutEvent);
    given({ ...released, due: 40 } as PayoutEvent)
      .when(request)
      .then({ ...held, released: true } as PayoutEvent);
  });
  test('is released once, however often it is asked', () =>
    given(held, released)
      .when({ ...release, due: 900 } as Input)
      .then(repeated));
  test('is taken back unless it was sent, where its order asks for that', () => {
    const unlessSent: Input = { ...reverse, unlessSent: true } as Input;
    for (const past of [[], [held], [held, review('NOT_RELEASED')], [...requested], [...requested, missing]])
      given(...past)
        .when(unlessSent)
        .then(reversedEvent);
    for (const past of [[intended()], [intended(), completed]])
      given(...requested, ...past)
        .when(unlessSent)
        .then(repeated);
    expect(after(...requested, intended(), completed, repeated).status).toBe('completed');
  });
  test('that is reversed moves no money at the bank, whatever is asked after it', () => {
    expect(booked(held, reversedEvent)).toEqual([
      ['EARNED', 45_000],
      ['REVERSED', -45_000],
    ]);
    for (const late of [request, release]) given(held, reversedEvent).when(late).then(repeated);
    given(released, reversedEvent).when(request).then(repeated);
    given(held, reversedEvent).when(elapse(900)).thenNothing();
  });
  test('that nobody releases waits for an operator, who cannot approve it, and goes on when it is released after all', () => {
    given(held).when(elapse(99)).thenNothing();
    given(held)
      .when(elapse(100))
      .then({ ...review('NOT_RELEASED'), at: 100 } as PayoutEvent);
    given(held, review('NOT_RELEASED')).when({ type: 'ApprovePayout', by: 'operator' }).thenRefused('not-released');
    given(held, review('NOT_RELEASED')).when(release).then(released);
    given(held, review('NOT_RELEASED'), released).when(elapse(200)).then(due);
  });
});

describe('nothing is sent without an operator', () => {
  test.each<[string, PaymentRecord | null]>([
    ['payment knows nothing of', null],
    ['was paid to somebody else', { ...paid, payeeId: 'other' }],
    ['was paid in part', { ...paid, paid: krw(49_999) }],
    ['was paid in another currency', { ...paid, paid: { amount: 50_000, currency: 'USD' } }],
  ])('for an order that %s', (_, record) => {
    given(...requested)
      .when(prepare(standing(45_000), record))
      .then(review('PAYMENT_MISMATCH'));
    given(...requested, review('PAYMENT_MISMATCH'), approved)
      .when(prepare(standing(45_000), record))
      .then(review('PAYMENT_MISMATCH'));
  });
  test.each<[string, Review, Partial<Standing>, number]>([
    ['above the ceiling of a transfer', 'ABOVE_TRANSFER_CEILING', {}, 40_000],
    ['above the ceiling of 24 hours', 'ABOVE_DAILY_CEILING', { sentLately: 105_001 }, 100_000],
    [
      'above the ceiling of a new seller, who was never sent anything',
      'ABOVE_NEW_SELLER_CEILING',
      { firstSentAt: undefined, sentLately: 15_001 },
      100_000,
    ],
    [
      'above the ceiling of a new seller, who was first sent something a short time ago',
      'ABOVE_NEW_SELLER_CEILING',
      { firstSentAt: -497, sentLately: 15_001 },
      100_000,
    ],
  ])('%s; once one approves it, it is sent', (_, reason, more, transferCeiling) => {
    const input = { ...prepare(standing(45_000, more)), ceilings: { ...ceilings, transfer: transferCeiling } } as Input;
    given(...requested)
      .when(input)
      .then(review(reason));
    given(...requested, review(reason))
      .when({ type: 'ApprovePayout', by: 'operator' })
      .then(approved);
    given(...requested, review(reason), approved)
      .when(input)
      .then(intended());
  });
  test('up to the ceilings it is', () => {
    given(...requested)
      .when(prepare(standing(45_000, { sentLately: 105_000 })))
      .then(intended());
    given(...requested)
      .when(prepare(standing(45_000, { sentLately: 15_000, firstSentAt: undefined })))
      .then(intended());
  });
  test('and the operator is not the one who gets it', () => {
    given(...requested, review('ABOVE_DAILY_CEILING'))
      .when({ type: 'ApprovePayout', by: 'seller' })
      .thenRefused('own-request');
    given(...requested)
      .when({ type: 'ApprovePayout', by: 'operator' })
      .thenRefused('not-in-review');
    given().when({ type: 'ApprovePayout', by: 'operator' }).thenRefused('no-such-payout');
    given(...requested, review('ABOVE_DAILY_CEILING'), approved)
      .when({ type: 'ApprovePayout', by: 'operator' })
      .thenNothing();
  });
});

describe('a changed account', () => {
  test('gets nothing until the wait after the change is over; then the payout goes on by itself', () => {
    const changed = standing(45_000, { account: { ...account, usableFrom: 500 } });
    const extended: PayoutEvent = { type: 'HoldExtended', due: 500, accountVersion: 3 };
    given(...requested)
      .when(prepare(changed))
      .then(extended);
    given(...requested, missing)
      .when(prepare(changed))
      .then(extended);
    given(...requested, extended)
      .when(elapse(499))
      .thenNothing();
    given(...requested, extended)
      .when(elapse(500))
      .then(due);
    given(...requested, extended, due)
      .when(prepare(changed))
      .then(intended()); // though our own clock is behind the timer's
    const again = standing(45_000, { account: { ...account, version: 4, usableFrom: 900 } });
    given(...requested, extended, due)
      .when(prepare(again))
      .then({ ...extended, due: 900, accountVersion: 4 } as PayoutEvent);
  });
  test('shows all digits but the last four as asterisks', () =>
    expect(masked('110-123-456789')).toBe('***-***-**6789'));
});

describe('every state meets every input', () => {
  const histories: Record<Payout['status'], PayoutEvent[]> = {
    none: [],
    held: [held],
    pending: [...requested],
    sending: [...requested, intended()],
    'waiting-account': [...requested, missing],
    completed: [...requested, intended(), completed],
    reversing: [...requested, intended(), reversedEvent],
    reversed: [held, reversedEvent],
    'released-early': [released],
    tombstone: [reversedEvent],
  };
  const inputs: { [Type in Input['type']]: Input } = {
    RequestPayout: request,
    ReversePayout: reverse,
    PrepareTransfer: prepare(standing(45_000)),
    Transferred: { type: 'Transferred', at: 3 },
    NotTransferred: { type: 'NotTransferred', reason: 'ACCOUNT_REFUSED', at: 3 },
    Unanswered: { type: 'Unanswered', retryAt: 9 },
    ReleasePayout: release,
    ApprovePayout: { type: 'ApprovePayout', by: 'operator' },
    HoldElapsed: elapse(100),
  };
  const inDoubt = (event: PayoutEvent['type']) => ({ sending: event, reversing: event });
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<Payout['status'], PayoutEvent['type']>>> = {
    RequestPayout: {
      ...Object.fromEntries(Object.keys(histories).map((status) => [status, 'AnswerRepeated'])),
      none: 'PayoutHeld',
      'released-early': 'PayoutHeld',
    },
    ReleasePayout: {
      ...Object.fromEntries(Object.keys(histories).map((status) => [status, 'AnswerRepeated'])),
      none: 'PayoutReleased',
      held: 'PayoutReleased',
    },
    ApprovePayout: {},
    HoldElapsed: { held: 'ReviewNeeded' },
    ReversePayout: {
      ...{
        none: 'PayoutReversed',
        held: 'PayoutReversed',
        'released-early': 'PayoutReversed',
        pending: 'PayoutReversed',
        sending: 'PayoutReversed',
        'waiting-account': 'PayoutReversed',
        completed: 'PayoutReversed',
      },
      ...{ reversing: 'AnswerRepeated', reversed: 'AnswerRepeated', tombstone: 'AnswerRepeated' },
    },
    PrepareTransfer: { pending: 'TransferIntended', 'waiting-account': 'TransferIntended' },
    Transferred: { sending: 'PayoutCompleted', reversing: 'DoubtSettled' },
    NotTransferred: inDoubt('TransferReturned'),
    Unanswered: {
      ...inDoubt('TransferPostponed'),
      pending: 'TransferPostponed',
      'waiting-account': 'TransferPostponed',
    },
  };
  const pairs = (Object.keys(histories) as Payout['status'][]).flatMap((status) =>
    (Object.keys(inputs) as Input['type'][]).map((input) => [status, input, table[input][status]] as const),
  );
  test.each(pairs)('%s + %s → %s', (status, input, expected) => {
    expect(after(...histories[status]).status).toBe(status);
    const decision = payouts.decide(after(...histories[status]), inputs[input]);
    if (input === 'ApprovePayout') return expect(decision).toMatchObject({ accepted: false }); // there is nothing to approve
    expect(decision.accepted && decision.events.map(({ type }) => type)).toEqual(expected ? [expected] : []);
  });
});

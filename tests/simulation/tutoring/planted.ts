import { accept } from '#kernel/decision.ts';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { folds, follows, hears, wrong } from '../planting.ts';

type Status = { status: string };

const unsaid = (what: string) => (of: AnyStored) =>
  follows(of, ({ messages = [], ...rest }) => ({ ...rest, messages: messages.filter(({ type }) => type !== what) }));

/** Mistakes that can be made in the cores of tutoring and payout. */
export const planted: Readonly<Record<string, Planted>> = {
  ...plantedIn('purchase', 'PurchaseRequested', 'terms', 'price'),
  'a start time without a key': { noClaims: true },
  'a start time is kept when the payment is declined': wrong('purchase', (of) =>
    follows(of, ({ releases, ...what }, event) => (event.type === 'PurchasePaymentFailed' ? what : { ...what, ...(releases && { releases }) })),
  ),
  'a cancellation forgets the payout': wrong('purchase', unsaid('ReversePayout')),
  'a cancellation forgets the money': wrong('purchase', unsaid('CancelPayment')),
  'money goes back before the lecture has let itself be cancelled': wrong('purchase', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.flatMap((message) => (message.type === 'CancelLecture' ? [message, { to: 'payout', type: 'ReversePayout' }] : [message])),
    })),
  ),
  'a late payment revives what is being cancelled: money and goods': wrong('purchase', (of) =>
    hears(of, 'PaymentCompleted', (state: Status, input) => (state.status === 'cancelling' ? accept({ type: 'PurchasePaid' }) : of.decide(state, input))),
  ),
  'the end of a lecture is not heard while its cancellation is under way': wrong('purchase', (of) =>
    hears(of, 'LectureEnded', (state: Status, input) => (state.status === 'ready' ? of.decide(state, input) : accept())),
  ),
  'an unknown transfer is taken for a failure': wrong('payout', (of) =>
    folds(of, 'TransferPostponed', (state, { retryAt: at }: { retryAt: number }) => of.evolve(state, { type: 'TransferReturned', reason: 'NO_ANSWER', at })),
  ),
  'a payout in doubt is reversed before it is settled': wrong('payout', (of) =>
    folds(of, 'PayoutReversed', (state: Status, event) => {
      const after = of.evolve(state, event) as Status;
      return after.status === 'reversing' ? of.evolve(after, { type: 'DoubtSettled', at: 0 }) : after;
    }),
  ),
  'a reversal is told and not booked': wrong('payout', (of) =>
    folds(of, 'PayoutReversed', (state: Status, event) => (state.status === 'completed' ? { ...state, status: 'reversed' } : of.evolve(state, event))),
  ),
  'nobody wakes the payouts that wait for an account': wrong('payout_account', (of) => follows(of, () => ({}))),
  'a better account that comes while the bank is asked about another is forgotten': wrong('payout', (of) =>
    follows(of, (what, event) => (event.type === 'TransferReturned' ? { ...what, timers: [] } : what)),
  ),
  'nobody sends again what was not answered': wrong('payout', (of) => follows(of, (what, event) => (event.type === 'TransferPostponed' ? { ...what, timers: [] } : what))),
};

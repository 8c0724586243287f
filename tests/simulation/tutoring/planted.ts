import { accept } from '#kernel/decision.ts';
import { minutes } from '#kernel/time.ts';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import { plantedCancels } from '../cancelling.ts';
import { plantedRetries, saidLate } from '../cards.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { asksNoMore, folds, follows, hears, silentWhenAskedAgain, wrong } from '../planting.ts';

type Status = { status: string };

const unsaid = (what: string) => (of: AnyStored) =>
  follows(of, ({ messages = [], ...rest }) => ({ ...rest, messages: messages.filter(({ type }) => type !== what) }));

/** Of the whole price. */
const refund = { to: 'payment', type: 'CancelPayment', keep: { amount: 0, currency: 'KRW' }, askedAt: 1 };

const withoutClaims = (prefix: string) => (of: AnyStored) =>
  follows(of, ({ claims = [], ...what }) => ({ ...what, claims: claims.filter(({ key }) => !key.startsWith(prefix)) }));

/** Mistakes that can be made in the cores of tutoring and payout. */
export const planted: Readonly<Record<string, Planted>> = {
  ...plantedCancels('purchase'),
  ...plantedIn('purchase', 'PurchaseRequested', 'terms', 'price'),
  ...saidLate('purchase'),
  ...plantedRetries('purchase', 'PurchasePaymentFailed', []),
  'as many lessons as a seller likes wait for an administrator': wrong('lesson', withoutClaims('waiting/')),
  'a rejected lesson still counts as waiting': wrong('lesson', (of) =>
    follows(of, ({ releases, ...what }, event) =>
      event.type === 'LessonSaleRejected' ? what : { ...what, ...(releases && { releases }) },
    ),
  ),
  'a start time without a key': { noClaims: true },
  'a start time is kept when the payment is declined': wrong('purchase', (of) =>
    follows(of, ({ releases, ...what }, event) =>
      event.type === 'PurchasePaymentFailed' ? what : { ...what, ...(releases && { releases }) },
    ),
  ),
  'a seller’s time is no seller’s: another lesson is sold at the same hour': wrong(
    'purchase',
    withoutClaims('seller/'),
  ),
  'a buyer’s time is no buyer’s: two lectures at the same hour': wrong('purchase', withoutClaims('buyer/')),
  'a lecture takes the quarter-hour in which it begins alone': wrong('purchase', (of) =>
    follows(of, ({ claims = [], ...what }) => ({ ...what, claims: claims.slice(0, 3) })),
  ),
  'the time of a cancelled lecture is never given back': wrong('purchase', (of) =>
    follows(of, ({ releases, ...what }, event) =>
      event.type === 'PurchaseCancelled' ? what : { ...what, ...(releases && { releases }) },
    ),
  ),
  'a payout is sent as soon as it is asked for': wrong('payout', (of) => ({
    ...folds(of, 'PayoutHeld', (state, event: object) => of.evolve(state, { ...event, due: 0, released: true })),
    ...follows(of, (what, event) =>
      event.type === 'PayoutHeld' ? { ...what, timers: [{ name: 'due', at: 0 }] } : what,
    ),
  })),
  'a payout is sent by the plan, whether or not the lecture was held': wrong('payout', (of) =>
    folds(of, 'PayoutHeld', (state, event: object) => of.evolve(state, { ...event, released: true })),
  ),
  'a released payout is not held any longer': wrong('payout', (of) =>
    folds(of, 'PayoutReleased', (state, event: object) => of.evolve(state, { ...event, due: 0 })),
  ),
  'a lecture that ended early is paid out early': wrong('payout', (of) =>
    hears(of, 'ReleasePayout', (state: Status, input: object) =>
      of.decide(state.status === 'held' ? { ...state, due: 0 } : state, input),
    ),
  ),
  'a lecture counts as begun when its room opens': wrong('lecture', (of) =>
    folds(of, 'LectureScheduled', (state, event: object) => {
      const { terms } = event as { terms: { startTime: number } };
      return of.evolve(state, { ...event, terms: { ...terms, startTime: terms.startTime - minutes(10) } });
    }),
  ),
  'a completed purchase forgets the payout': wrong('purchase', unsaid('ReleasePayout')),
  'the reversal of a held payout is told and not booked': wrong('payout', (of) =>
    folds(of, 'PayoutReversed', (state: Status, event) => (state.status === 'held' ? state : of.evolve(state, event))),
  ),
  'a payout that was sent is reversed for who cancels after the lecture': wrong('payout', (of) =>
    hears(of, 'ReversePayout', (state: Status, input: object) => of.decide(state, { ...input, unlessSent: false })),
  ),
  'money goes back before the payout of a held lecture is stopped': wrong('purchase', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.flatMap((message) =>
        'unlessSent' in message && message.unlessSent ? [message, refund] : [message],
      ),
    })),
  ),
  'a purchase whose seller was paid is cancelled for ever': wrong('purchase', (of) =>
    hears(of, 'PayoutCompleted', () => accept()),
  ),
  'a cancellation forgets the payout': wrong('purchase', unsaid('ReversePayout')),
  'a cancellation forgets the money': wrong('purchase', unsaid('CancelPayment')),
  'money goes back before the lecture has let itself be cancelled': wrong('purchase', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.flatMap((message) =>
        message.type === 'CancelLecture' ? [message, { to: 'payout', type: 'ReversePayout' }] : [message],
      ),
    })),
  ),
  'a late payment revives what is being cancelled: money and goods': wrong('purchase', (of) =>
    hears(of, 'PaymentCompleted', (state: Status, input) =>
      state.status === 'cancelling' ? accept({ type: 'PurchasePaid' }) : of.decide(state, input),
    ),
  ),
  'an unknown transfer is taken for a failure': wrong('payout', (of) =>
    folds(of, 'TransferPostponed', (state, { retryAt: at }: { retryAt: number }) =>
      of.evolve(state, { type: 'TransferReturned', reason: 'NO_ANSWER', at }),
    ),
  ),
  'nobody wakes the payouts that wait for an account': wrong('payout_account', (of) => follows(of, () => ({}))),
  'a better account that comes while the bank is asked about another is forgotten': wrong('payout', (of) =>
    follows(of, (what, event) => (event.type === 'TransferReturned' ? { ...what, timers: [] } : what)),
  ),
  'nobody sends again what was not answered': wrong('payout', (of) =>
    follows(of, (what, event) => (event.type === 'TransferPostponed' ? { ...what, timers: [] } : what)),
  ),
  'a lesson does not ask again': asksNoMore('lesson', 'sale-requested'),
  'a paid purchase does not ask again': asksNoMore('purchase', 'paid'),
  'a purchase does not ask again how its lecture went': asksNoMore('purchase', 'ready'),
  'a completed purchase does not ask again for its payout': asksNoMore('purchase', 'completed'),
  'a purchase does not ask again while it is being cancelled': asksNoMore('purchase', 'cancelling'),
  'lecture is silent when it is asked to schedule again': silentWhenAskedAgain('lecture', 'ScheduleLecture'),
};

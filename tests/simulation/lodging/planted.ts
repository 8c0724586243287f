import { accept } from '#kernel/decision.ts';
import { keepsAPart, plantedCancels } from '../cancelling.ts';
import { forgotten, plantedRetries } from '../cards.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { asksNoMore, follows, hears, noTombstone, silentWhenAskedAgain, together, wrong } from '../planting.ts';

/** Mistakes that can be made in the cores of lodging and property. */
export const planted: Readonly<Record<string, Planted>> = {
  ...plantedCancels('reservation'),
  ...plantedIn('reservation', 'ReservationRequested', 'booking', 'total'),
  ...forgotten('reservation', 'ReservationRequested', 'booking'),
  ...plantedRetries('reservation', 'ReservationPaymentFailed', ['stay']),
  'nights without a key': { noClaims: true },
  'no tombstone for a stay': noTombstone('stay_request', 'StayReleased'),
  'nights not given back': wrong('stay_request', (of) => follows(of, ({ releases: _, ...what }) => what)),
  'the policy counts when the host cancels': keepsAPart('reservation', (cause) => cause === 'CANCELLED_BY_HOST'),
  'the word of the host is not heard any more once the guest cancels': wrong('reservation', (of) =>
    hears(of, 'StayCancelledByHost', (state: { status: string }, input) =>
      ['cancelling', 'cancelled'].includes(state.status) ? accept() : of.decide(state, input),
    ),
  ),
  'whether the payment came first is asked of two clocks, though lodging knew': wrong('payment', (of) =>
    hears(of, 'CancelPayment', (state, { wasPaid: _, ...input }: { wasPaid?: true }) => of.decide(state, input)),
  ),
  'a refund is never raised': wrong('payment', (of) =>
    hears(of, 'CancelPayment', (state: { status: string }, input) =>
      ['refunding', 'cancelled'].includes(state.status) ? accept({ type: 'AnswerRepeated' }) : of.decide(state, input),
    ),
  ),
  'what a refund was raised by is refunded under the key of the first': {
    provider: (provider) => ({
      ...provider,
      refund: (refund) => provider.refund({ ...refund, refundKey: `${refund.key}-refund` }),
    }),
  },
  'a late payment revives what is being cancelled: money and goods': wrong('reservation', (of) =>
    hears(of, 'PaymentCompleted', (state: { status: string }, input) =>
      state.status === 'cancelling' ? accept({ type: 'ReservationPaid' }) : of.decide(state, input),
    ),
  ),
  'a late confirmation revives what is being cancelled': wrong('reservation', (of) =>
    hears(of, 'StayConfirmed', (state: { status: string }, input) =>
      state.status === 'cancelling' ? accept({ type: 'ReservationConfirmed' }) : of.decide(state, input),
    ),
  ),
  'nights are kept when the payment is declined': wrong('reservation', (of) =>
    follows(of, ({ messages = [], ...what }, event) => ({
      ...what,
      messages: ['ReservationPaymentFailed', 'AskedAgain'].includes(event.type)
        ? messages.filter(({ type }) => type !== 'ReleaseStay')
        : messages,
    })),
  ),
  'a cancellation forgets the money': wrong('reservation', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.filter(({ type }) => type !== 'CancelPayment'),
    })),
  ),
  'a host who stays silent is waited for without end, by property and by lodging': together(
    wrong('stay_request', (of) => follows(of, ({ timers: _, ...what }) => what)),
    wrong('reservation', (of) =>
      follows(of, ({ timers, ...what }, event) =>
        ['ReservationRequested', 'AskedAgain'].includes(event.type) ? what : { ...what, ...(timers && { timers }) },
      ),
    ),
  ),
  'a reservation does not ask again in REQUESTED': asksNoMore('reservation', 'requested'),
  'a reservation does not ask again while it is being cancelled': asksNoMore('reservation', 'cancelling'),
  'property is silent when it is asked for a stay again': silentWhenAskedAgain('stay_request', 'RequestStay'),
  'payment is silent when it is asked to cancel again': silentWhenAskedAgain('payment', 'CancelPayment'),
};

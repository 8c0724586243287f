import { accept } from '#kernel/decision.ts';
import { plantedCancels } from '../cancelling.ts';
import { finalDeclines, plantedRetries, saidLate } from '../cards.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { asksNoMore, follows, hears, noTombstone, silentWhenAskedAgain, together, wrong } from '../planting.ts';

/** Mistakes that can be made in the cores of seating and studycafe. */
export const planted: Readonly<Record<string, Planted>> = {
  ...plantedCancels('selection'),
  ...plantedIn('selection', 'SelectionMade', 'booking', 'total'),
  ...saidLate('selection'),
  ...plantedRetries('selection', 'SelectionPaymentFailed', ['seat']),
  'half-hours without a key': { noClaims: true },
  'no tombstone for a seat': noTombstone('registration', 'SeatReleased'),
  'half-hours not given back': wrong('registration', (of) => follows(of, ({ releases: _, ...what }) => what)),
  'a late payment revives what is being cancelled: money and goods': wrong('selection', (of) =>
    hears(of, 'PaymentCompleted', (state: { status: string }, input) =>
      state.status === 'cancelling' ? accept({ type: 'SelectionPaid' }) : of.decide(state, input),
    ),
  ),
  'a late hold revives what is being cancelled': wrong('selection', (of) =>
    hears(of, 'SeatHeld', (state: { status: string }, input) =>
      state.status === 'cancelling' ? accept({ type: 'SelectionHeld' }) : of.decide(state, input),
    ),
  ),
  'the seat is kept when the payment is declined': wrong('selection', (of) =>
    follows(of, ({ messages = [], ...what }, event) => ({
      ...what,
      messages: ['SelectionPaymentFailed', 'AskedAgain'].includes(event.type)
        ? messages.filter(({ type }) => type !== 'ReleaseSeat')
        : messages,
    })),
  ),
  'a cancellation forgets the money': wrong('selection', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.filter(({ type }) => type !== 'CancelPayment'),
    })),
  ),
  'a paid seat is never registered': wrong('selection', (of) =>
    follows(of, ({ messages = [], ...what }) => ({
      ...what,
      messages: messages.filter(({ type }) => type !== 'RegisterSeat'),
    })),
  ),
  'what is over still counts as unpaid': wrong('selection', (of) => follows(of, ({ releases: _, ...what }) => what)),
  'a selection does not ask again in SELECTED': asksNoMore('selection', 'selected'),
  'a paid selection does not ask again for its seat': asksNoMore('selection', 'paid'),
  'a selection does not ask again while it is being cancelled': asksNoMore('selection', 'cancelling'),
  'a declined selection does not ask again for its seat to be given back': together(
    finalDeclines,
    asksNoMore('selection', 'payment-failed'),
  ),
  'studycafe is silent when it is asked to register a seat again': silentWhenAskedAgain('registration', 'RegisterSeat'),
};

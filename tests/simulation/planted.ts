import { accept } from '#kernel/decision.ts';
import type { Consequences } from '#kernel/aggregate.ts';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import type { Provider } from '../../services/payment/ports.ts';
import type { LodgingPlants } from './lodging-history.ts';

type Loose = { type: string; [field: string]: unknown };

/** One core with something wrong in it; all others as they are. */
const wrong = (name: string, change: (of: AnyStored) => Partial<AnyStored>): LodgingPlants => ({
  core: (of) => (of.name === name ? { ...of, ...change(of) } : of),
});

const follows = (of: AnyStored, change: (what: Consequences<Loose>, event: Loose) => Consequences<Loose>): Partial<AnyStored> => ({
  consequences: (events, after) => change(of.consequences(events, after) as Consequences<Loose>, events[0] as Loose),
});

const folds = (of: AnyStored, when: string, wrongly: (state: never, event: never) => unknown): Partial<AnyStored> => ({
  evolve: (state, event) => ((event as Loose).type === when ? wrongly(state as never, event as never) : of.evolve(state, event)),
});

const hears = (of: AnyStored, when: string, wrongly: (state: never, input: never) => unknown): Partial<AnyStored> => ({
  decide: (state, input) => ((input as Loose).type === when ? (wrongly(state as never, input as never) as never) : of.decide(state, input)),
});

const calls = (change: (provider: Provider) => Partial<Provider>): LodgingPlants => ({ provider: (provider) => ({ ...provider, ...change(provider) }) });

let fresh = 0;

/** Mistakes that have been made in systems like this one. The simulation is as strong as the share of them that it finds. */
export const plantedBugs: Readonly<Record<string, LodgingPlants>> = {
  'no inbox': { noInbox: true },
  'acknowledged before the commit': { acknowledgesBeforeCommit: true },
  'marked as sent before it was': { marksBeforeSending: true },
  'messages outside of the transaction': { sendsOutsideTheTransaction: true },
  'a timer is forgotten before its effect': { forgetsTimerBeforeEffect: true },
  'nights without a key': { noClaims: true },
  'no tombstone for a stay': wrong('stay_request', (of) => folds(of, 'StayReleased', (state: { status: string }, event) => (state.status === 'none' ? state : of.evolve(state, event)))),
  'no tombstone for a payment': wrong('payment', (of) =>
    folds(of, 'PaymentCancelled', (state: { status: string }, event) => (state.status === 'none' ? state : of.evolve(state, event))),
  ),
  'nights not given back': wrong('stay_request', (of) => follows(of, ({ releases: _, ...what }) => what)),
  'a refund is forgotten after a late success': wrong('payment', (of) =>
    folds(of, 'PaymentCancelled', (state: { status: string; intent: unknown; order: unknown }, event: { refund: { amount: number } }) =>
      state.status === 'pending'
        ? { status: 'cancelled', order: state.order, intent: state.intent, charged: { ...event.refund, amount: 0 }, refunded: { ...event.refund, amount: 0 } }
        : of.evolve(state, event),
    ),
  ),
  'a refund asks whether it was charged, and does not shut the key': calls((provider) => ({
    void: async ({ key }) => ((await provider.find(key))?.outcome === 'charged' ? 'charged' : 'voided'),
  })),
  'an unstable idempotency key for a charge': calls((provider) => ({
    charge: ({ key, amount }) => provider.charge({ key, amount }).then((answer) => provider.charge({ key: `${key}-${fresh++}`, amount }).then(() => answer)),
  })),
  'an unstable idempotency key for a refund': calls((provider) => ({
    refund: (refund) => provider.refund({ ...refund, refundKey: `${refund.refundKey}-${fresh++}` }),
  })),
  'an unknown outcome is taken for a decline': calls((provider) => ({
    charge: (charge) => provider.charge(charge).catch(() => ({ outcome: 'declined', reason: 'NO_ANSWER', reasonText: '' })),
  })),
  'money is kept of a payment that came after the cancellation': wrong('payment', (of) =>
    hears(of, 'CancelPayment', (state, input: object) => of.decide(state, { ...input, askedAt: Infinity })),
  ),
  'the policy counts when the host cancels': wrong('reservation', (of) =>
    follows(of, ({ messages = [], ...what }, event) => ({
      ...what,
      messages: messages.map((message) => (message.type === 'CancelPayment' && event.cause === 'CANCELLED_BY_HOST' ? { ...message, keep: { amount: 100, currency: 'KRW' } } : message)),
    })),
  ),
  'a late payment revives what is being cancelled: money and goods': wrong('reservation', (of) =>
    hears(of, 'PaymentCompleted', (state: { status: string }, input) => (state.status === 'cancelling' ? accept({ type: 'ReservationPaid' }) : of.decide(state, input))),
  ),
  'a late confirmation revives what is being cancelled': wrong('reservation', (of) =>
    hears(of, 'StayConfirmed', (state: { status: string }, input) => (state.status === 'cancelling' ? accept({ type: 'ReservationConfirmed' }) : of.decide(state, input))),
  ),
  'nights are kept when the payment is declined': wrong('reservation', (of) =>
    follows(of, ({ messages = [], ...what }, event) => ({
      ...what,
      messages: event.type === 'ReservationPaymentFailed' ? messages.filter(({ type }) => type !== 'ReleaseStay') : messages,
    })),
  ),
  'a cancellation forgets the money': wrong('reservation', (of) =>
    follows(of, ({ messages = [], ...what }) => ({ ...what, messages: messages.filter(({ type }) => type !== 'CancelPayment') })),
  ),
  'nobody wakes a refund that was not answered': wrong('payment', (of) =>
    follows(of, (what, event) => (event.type === 'RefundPostponed' ? { ...what, timers: [] } : what)),
  ),
  'a host who stays silent is waited for without end': wrong('stay_request', (of) => follows(of, ({ timers: _, ...what }) => what)),
  'a stale version is accepted by the read model': wrong('order_view', (of) => ({
    evolve: (state: { head?: object }, event) => of.evolve(state.head ? { ...state, head: { ...state.head, version: 0 } } : state, event),
  })),
};

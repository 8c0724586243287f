import type { Provider } from '../../services/payment/ports.ts';
import type { Planted } from './history.ts';
import { folds, follows, hears, noTombstone, wrong } from './planting.ts';

const calls = (change: (provider: Provider) => Partial<Provider>): Planted => ({
  provider: (provider) => ({ ...provider, ...change(provider) }),
});

let fresh = 0;

/**
 * Mistakes that have been made in systems like this one, in what every business stands on. The simulation is as strong as the share of
 * them that it finds.
 */
export const planted: Readonly<Record<string, Planted>> = {
  'acknowledged before the commit': { acknowledgesBeforeCommit: true },
  'marked as sent before it was': { marksBeforeSending: true },
  'messages outside of the transaction': { sendsOutsideTheTransaction: true },
  'a timer is forgotten before its effect': { forgetsTimerBeforeEffect: true },
  'no tombstone for a payment': noTombstone('payment', 'PaymentCancelled'),
  'a refund is forgotten after a late success': wrong('payment', (of) =>
    folds(
      of,
      'PaymentCancelled',
      (state: { status: string; intent: unknown; order: unknown }, event: { refund: { amount: number } }) =>
        state.status === 'pending'
          ? {
              status: 'cancelled',
              order: state.order,
              intent: state.intent,
              charged: { ...event.refund, amount: 0 },
              refunded: { ...event.refund, amount: 0 },
            }
          : of.evolve(state, event),
    ),
  ),
  'a refund asks whether it was charged, and does not shut the key': calls((provider) => ({
    void: async ({ key }) => ((await provider.find(key))?.outcome === 'charged' ? 'charged' : 'voided'),
  })),
  'an unstable idempotency key for a charge': calls((provider) => ({
    charge: ({ key, amount }) =>
      provider
        .charge({ key, amount })
        .then((answer) => provider.charge({ key: `${key}-${fresh++}`, amount }).then(() => answer)),
  })),
  'an unstable idempotency key for a refund': calls((provider) => ({
    refund: (refund) => provider.refund({ ...refund, refundKey: `${refund.refundKey}-${fresh++}` }),
  })),
  'an unknown outcome is taken for a decline': calls((provider) => ({
    charge: (charge) =>
      provider.charge(charge).catch(() => ({ outcome: 'declined', reason: 'NO_ANSWER', reasonText: '' })),
  })),
  'money is kept of a payment that came after the cancellation': wrong('payment', (of) =>
    hears(of, 'CancelPayment', (state, input: object) => of.decide(state, { ...input, askedAt: Infinity })),
  ),
  'nobody wakes a refund that was not answered': wrong('payment', (of) =>
    follows(of, (what, event) => (event.type === 'RefundPostponed' ? { ...what, timers: [] } : what)),
  ),
  'a stale version is accepted by the read model': wrong('order_view', (of) => ({
    evolve: (state: { head?: object }, event) =>
      of.evolve(state.head ? { ...state, head: { ...state.head, version: 0 } } : state, event),
  })),
};

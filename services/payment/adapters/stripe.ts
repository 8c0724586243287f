import Stripe from 'stripe';
import type { Money } from '#kernel/money.ts';
import type { Answer, Charge, LedgerEntry, Provider } from '../ports.ts';

export interface StripeSettings {
  apiKey: string;
  /** Somewhere else than Stripe's own address: stripe-mock. */
  apiUrl: string;
  /** Who pays by what is no part of an order, so every charge is made to this, e.g. the test card `pm_card_visa`. */
  paymentMethod: string;
}

const timeoutMs = 3_000;

/**
 * Payments through Stripe. An order is one PaymentIntent, made under the order's id as idempotency key and only then confirmed:
 * an intent that succeeded or was cancelled can never be confirmed again, which outlasts the day that Stripe remembers keys for.
 * Past that day, the intent is found by its metadata; that index is a minute late, when the key is still known.
 */
export function stripeProvider({ apiKey, apiUrl, paymentMethod }: StripeSettings): Provider {
  const stripe = new Stripe(apiKey, { maxNetworkRetries: 0, timeout: timeoutMs, telemetry: false, ...addressOf(apiUrl) });

  async function intentOf(key: string): Promise<Stripe.PaymentIntent | undefined> {
    const { data } = await stripe.paymentIntents.search({ query: `metadata['order_id']:'${key}'`, limit: 1 });
    return data[0] && (await stripe.paymentIntents.retrieve(data[0].id));
  }

  const openIntent = ({ key, amount }: Charge): Promise<Stripe.PaymentIntent> =>
    stripe.paymentIntents.create(
      { ...wire(amount), payment_method: paymentMethod, automatic_payment_methods: { enabled: true, allow_redirects: 'never' }, metadata: { order_id: key } },
      { idempotencyKey: key },
    );

  /** Runs a change of the intent; where the intent's state forbids it, answers with the intent as it is. */
  async function unlessOver(intent: Stripe.PaymentIntent, change: () => Promise<Stripe.PaymentIntent>): Promise<Stripe.PaymentIntent> {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      if (!(error instanceof Stripe.errors.StripeCardError) && error.code !== 'payment_intent_unexpected_state') throw error;
      return stripe.paymentIntents.retrieve(intent.id);
    }
  }

  return {
    async charge(charge) {
      const intent = await openIntent(charge);
      const confirm = { off_session: true, error_on_requires_action: true };
      return decided(await unlessOver(intent, () => stripe.paymentIntents.confirm(intent.id, confirm)));
    },

    async find(key) {
      const intent = await intentOf(key);
      return intent && answerOf(intent);
    },

    async void(charge) {
      const intent = (await intentOf(charge.key)) ?? (await openIntent(charge));
      if (intent.status === 'canceled') return 'voided'; // the answer to an earlier void may have been lost
      const after = await unlessOver(intent, () => stripe.paymentIntents.cancel(intent.id));
      return decided(after).outcome === 'charged' ? 'charged' : 'voided';
    },

    async refund({ key, refundKey, amount }) {
      const intent = await intentOf(key);
      if (!intent) throw new Error(`Stripe does not show the charge ${key} yet`);
      const known = await stripe.refunds.list({ payment_intent: intent.id, limit: 100 });
      const tries = known.data.filter(({ metadata }) => metadata?.refund_key === refundKey);
      if (tries.some((refund) => !cameToNothing(refund))) return { outcome: 'refunded' };
      try {
        const metadata = { order_id: key, refund_key: refundKey };
        // After one that came to nothing this is another: under the same key Stripe would only repeat what it said then.
        const idempotencyKey = tries.length ? `${refundKey}/${tries.length}` : refundKey;
        const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: amount.amount, metadata }, { idempotencyKey });
        return cameToNothing(refund) ? { outcome: 'refused', reason: reasonOf(refund.failure_reason ?? refund.status ?? undefined) } : { outcome: 'refunded' };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        return { outcome: 'refused', reason: reasonOf(error.code) };
      }
    },

    async *ledger(of) {
      const intent = 'key' in of ? await intentOf(of.key) : undefined;
      if ('key' in of && !intent) return;
      const where = 'key' in of ? { payment_intent: intent?.id ?? '' } : { created: { gte: Math.floor(of.since / 1_000) } };
      for await (const charge of stripe.charges.list({ ...where, limit: 100 })) if (charge.status === 'succeeded') yield* entry('CHARGE', charge);
      for await (const refund of stripe.refunds.list({ ...where, limit: 100 })) if (!cameToNothing(refund)) yield* entry('REFUND', refund);
    },
  };
}

/** What the intent's state says for good, if anything yet. */
function answerOf({ status, last_payment_error: error }: Stripe.PaymentIntent): Answer | undefined {
  switch (status) {
    case 'succeeded':
      return { outcome: 'charged' };
    case 'canceled':
      return { outcome: 'declined', reason: 'VOIDED', reasonText: 'The charge was called off before it was made.' };
    case 'requires_payment_method':
      return error ? { outcome: 'declined', reason: reasonOf(error.decline_code ?? error.code), reasonText: error.message ?? '' } : undefined;
    case 'requires_action':
    case 'requires_capture':
    case 'requires_confirmation':
    case 'processing':
      return undefined;
  }
}

function decided(intent: Stripe.PaymentIntent): Answer {
  const answer = answerOf(intent);
  if (!answer) throw new Error(`Stripe has not decided on ${intent.id} yet: ${intent.status}`);
  return answer;
}

/** The bank did not take it, which it may say days later. */
const cameToNothing = ({ status }: Stripe.Refund): boolean => status === 'failed' || status === 'canceled';

/** `insufficient_funds` → INSUFFICIENT_FUNDS */
const reasonOf = (code: string | undefined): string => (code ?? 'declined').toUpperCase();

/** What was made outside of Jari has no order and is none of our business. */
function* entry(type: LedgerEntry['type'], { metadata, amount, currency, created }: Stripe.Charge | Stripe.Refund): Iterable<LedgerEntry> {
  const key = metadata?.order_id;
  if (key) yield { key, type, amount: { amount, currency: currency.toUpperCase() }, at: created * 1_000 };
}

const wire = ({ amount, currency }: Money): { amount: number; currency: string } => ({ amount, currency: currency.toLowerCase() });

function addressOf(url: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (!url) return {};
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port || (protocol === 'http:' ? '80' : '443'), protocol: protocol === 'http:' ? 'http' : 'https' };
}

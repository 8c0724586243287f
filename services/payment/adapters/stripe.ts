import Stripe from 'stripe';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Money } from '#kernel/money.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import { orderIdOf } from '../keys.ts';
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
 * Payments through Stripe. A charge is one PaymentIntent, made under the charge's key as idempotency key and only then confirmed:
 * an intent that succeeded or was cancelled can never be confirmed again, which outlasts the day that Stripe remembers keys for.
 * Past that day, the intent is found by its metadata; that index is a minute late, an hour at worst, when the key is still known.
 */
export function stripeProvider({ apiKey, apiUrl, paymentMethod }: StripeSettings): Provider {
  const stripe = new Stripe(apiKey, {
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    ...addressOf(apiUrl),
  });

  /** Oldest first. There is one, unless another was made by hand, or by us when we still asked anew after a day. */
  const intentsOf = async (key: string): Promise<Stripe.PaymentIntent[]> =>
    (await intentsOfOrder(orderIdOf(key))).filter(({ metadata }) => (metadata.charge_key ?? orderIdOf(key)) === key);

  async function intentsOfOrder(id: string): Promise<Stripe.PaymentIntent[]> {
    const { data } = await stripe.paymentIntents.search({ query: `metadata['order_id']:'${id}'`, limit: 100 });
    const intents = await Promise.all(data.map(({ id }) => stripe.paymentIntents.retrieve(id))); // the index shows them as they were
    return intents.sort((a, b) => a.created - b.created);
  }

  /** Makes what will be confirmed; a refusal means that there is nothing to charge, and never will be. */
  async function openIntent({ key, amount }: Charge): Promise<Stripe.PaymentIntent | Refused> {
    try {
      return await stripe.paymentIntents.create(
        {
          ...wire(amount),
          payment_method: paymentMethod,
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          metadata: { order_id: orderIdOf(key), ...(key !== orderIdOf(key) && { charge_key: key }) },
        },
        { idempotencyKey: key },
      );
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
  }

  async function confirmed({ id }: Stripe.PaymentIntent): Promise<Answer> {
    try {
      return decided(await stripe.paymentIntents.confirm(id, { off_session: true, error_on_requires_action: true }));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const intent = await stripe.paymentIntents.retrieve(id);
      return isIdle(intent) ? declinedBy(error) : decided(intent);
    }
  }

  /** As it is where it cannot be cancelled, being over or under way. */
  async function cancelled(intent: Stripe.PaymentIntent): Promise<Stripe.PaymentIntent> {
    if (intent.status === 'canceled') return intent; // the answer to an earlier void may have been lost
    try {
      return await stripe.paymentIntents.cancel(intent.id);
    } catch (error) {
      if (!isRefusal(error) || error.code !== 'payment_intent_unexpected_state') throw error;
      return stripe.paymentIntents.retrieve(intent.id);
    }
  }

  /** A refund stands in the list where it was made; that a bank sent it back, maybe weeks later, is an event of its own. */
  async function* sentBack(since: { created: { gte: number } }): AsyncIterable<LedgerEntry> {
    const types = ['refund.failed', 'charge.refund.updated']; // the second from accounts with an API version before 2024-10-28
    for await (const { type, data, created } of stripe.events.list({ types, ...since, limit: 100 })) {
      if ((type !== 'refund.failed' && type !== 'charge.refund.updated') || stands(data.object)) continue;
      const refund = await stripe.refunds.retrieve(data.object.id, { expand: ['payment_intent'] });
      yield* entry('REFUND', { ...refund, amount: 0, created });
    }
  }

  return withPauses({
    async charge(charge) {
      const known = await intentsOf(charge.key);
      if (known.some((intent) => !isOf(intent, charge.amount)))
        throw new Error(`Stripe knows the charge ${charge.key} with another amount`);
      const said = saidOf(known);
      if (said) return said;
      const intent = known[0] ?? (await openIntent(charge));
      return isRefusal(intent) ? declinedBy(intent) : confirmed(intent);
    },

    async find(key) {
      return saidOf(await intentsOf(key));
    },

    async void(charge) {
      const intents = await intentsOf(charge.key);
      if (!intents.length) {
        const intent = await openIntent(charge);
        if (isRefusal(intent)) return 'voided';
        intents.push(intent);
      }
      const answers = (await Promise.all(intents.map(cancelled))).map(decided);
      return answers.some(({ outcome }) => outcome === 'charged') ? 'charged' : 'voided';
    },

    async refund({ key, refundKey, amount }) {
      const intents = await intentsOfOrder(key);
      const intent = intents.find(({ status }) => status === 'succeeded') ?? intents[0];
      if (!intent) throw new Error(`Stripe does not show the charge ${key} yet`);
      const { data: known } = await stripe.refunds.list({ payment_intent: intent.id, limit: 100 });
      const metadata = { order_id: key, refund_key: refundKey };
      const ours = known.filter((refund) => refund.metadata?.refund_key === refundKey);
      const due = (): number => ours.filter(stands).reduce((rest, refund) => rest - refund.amount, amount.amount);
      // What somebody gave back by hand is taken for this refund, and marked: it must not count for another one as well.
      for (const refund of known)
        if (due() > 0 && isByHand(refund)) ours.push(await stripe.refunds.update(refund.id, { metadata }));
      if (due() <= 0) return outcomeOf(ours.filter(stands));
      try {
        // After others this is another: under the same key Stripe would only repeat what it said then.
        const idempotencyKey = ours.length ? `${refundKey}/${ours.length}` : refundKey;
        const refund = await stripe.refunds.create(
          { payment_intent: intent.id, amount: due(), metadata },
          { idempotencyKey },
        );
        const outcome = outcomeOf([...ours.filter(stands), refund]);
        // Banks that take days would fail again and again in silence, so that one came to nothing is said as it is tried once more.
        const lost = ours.find((each) => !stands(each));
        return outcome.outcome === 'pending' && lost ? refusedAs(lost.failure_reason ?? lost.status) : outcome;
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        return refusedAs(error.code);
      }
    },

    async *ledger(of) {
      const since = 'since' in of ? { created: { gte: Math.floor(of.since / 1_000) } } : undefined;
      const parts = 'key' in of ? (await intentsOfOrder(of.key)).map(({ id }) => ({ payment_intent: id })) : [since];
      for (const where of parts) {
        for await (const charge of stripe.charges.list({ ...where, limit: 100 }))
          if (charge.status === 'succeeded') yield* entry('CHARGE', charge);
        const refunds = stripe.refunds.list({ ...where, limit: 100, expand: ['data.payment_intent'] });
        for await (const refund of refunds) if (stands(refund)) yield* entry('REFUND', refund);
      }
      if (since) yield* sentBack(since);
    },
  });
}

/** What Stripe refuses with 429 asks for a pause. */
function withPauses(provider: Provider): Provider {
  const said = (error: unknown): never => {
    throw error instanceof Stripe.errors.StripeRateLimitError
      ? tooManyCalls('Stripe', error.headers?.['retry-after'])
      : error;
  };
  return {
    charge: (charge) => provider.charge(charge).catch(said),
    find: (key) => provider.find(key).catch(said),
    void: (charge) => provider.void(charge).catch(said),
    refund: (refund) => provider.refund(refund).catch(said),
    ledger: (of) => provider.ledger(of),
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
      return error
        ? { outcome: 'declined', reason: reasonOf(error.decline_code ?? error.code), reasonText: error.message ?? '' }
        : undefined;
    case 'requires_action':
    case 'requires_capture':
    case 'requires_confirmation':
    case 'processing':
      return undefined;
  }
}

/** What those intents of an order say together that were confirmed or cancelled: that one has charged, before that one may yet, before a no. */
function saidOf(intents: readonly Stripe.PaymentIntent[]): Answer | undefined {
  const begun = intents.filter((intent) => !isIdle(intent));
  const telling =
    begun.find(({ status }) => status === 'succeeded') ?? begun.find((intent) => !answerOf(intent)) ?? begun[0];
  return telling && decided(telling);
}

/** It is the bank that we wait for, not Stripe: the way to Stripe must not be shut for it, so this is an answer about what was asked. */
function decided(intent: Stripe.PaymentIntent): Answer {
  const answer = answerOf(intent);
  if (!answer)
    throw new RpcError(
      'FAILED_PRECONDITION',
      'UNDECIDED',
      `Stripe has not decided on ${intent.id} yet: ${intent.status}`,
    );
  return answer;
}

type Refused = InstanceType<typeof Stripe.errors.StripeCardError | typeof Stripe.errors.StripeInvalidRequestError>;

/** A no to what was asked, today and tomorrow. A limit, a key in use, a wrong API key are none: they say nothing of what was asked. */
const isRefusal = (error: unknown): error is Refused =>
  error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError;

const declinedBy = (refused: Refused): Answer => ({
  outcome: 'declined',
  reason: reasonOf(refused.decline_code ?? refused.code),
  reasonText: refused.message,
});

/** Nothing is charged, and nothing will be unless it is confirmed; what a bank said no to is not idle any more, but decided. */
const isIdle = (intent: Stripe.PaymentIntent): boolean =>
  intent.status === 'requires_confirmation' ||
  (intent.status === 'requires_payment_method' && !intent.last_payment_error);

type Refunded = Awaited<ReturnType<Provider['refund']>>;

/** What all parts of one refund say together. */
function outcomeOf(parts: readonly Stripe.Refund[]): Refunded {
  const lost = parts.find((refund) => !stands(refund));
  if (lost) return refusedAs(lost.failure_reason ?? lost.status);
  if (parts.every(({ status }) => status === 'succeeded')) return { outcome: 'refunded' };
  // The rest is for the banks to do, but this waits until there is money in the account at Stripe.
  const unfunded = parts.find(({ pending_reason: why }) => why === 'insufficient_funds');
  return unfunded ? refusedAs(unfunded.pending_reason) : { outcome: 'pending' };
}

const refusedAs = (code: string | null | undefined): Refunded => ({ outcome: 'refused', reason: reasonOf(code) });

/** It is given back or will be, as far as is known: the bank may send it back days later. */
const stands = ({ status }: Stripe.Refund): boolean => status !== 'failed' && status !== 'canceled';

const isByHand = (refund: Stripe.Refund): boolean => stands(refund) && !refund.metadata?.refund_key;

/** `insufficient_funds` → INSUFFICIENT_FUNDS */
const reasonOf = (code: string | null | undefined): string => (code ?? 'declined').toUpperCase();

/** What was charged outside of Jari has no order and is none of our business. What is given back by hand has the charge's. */
function* entry(
  type: LedgerEntry['type'],
  { payment_intent: of, metadata, amount, currency, created }: Stripe.Charge | Stripe.Refund,
): Iterable<LedgerEntry> {
  const key = metadata?.order_id ?? (of && typeof of === 'object' ? of.metadata.order_id : undefined);
  if (key) yield { key, type, amount: { amount, currency: currency.toUpperCase() }, at: created * 1_000 };
}

const isOf = (intent: Stripe.PaymentIntent, amount: Money): boolean =>
  intent.amount === amount.amount && intent.currency === amount.currency.toLowerCase();

const wire = ({ amount, currency }: Money): { amount: number; currency: string } => ({
  amount,
  currency: currency.toLowerCase(),
});

function addressOf(url: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (!url) return {};
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname,
    port: port || (protocol === 'http:' ? '80' : '443'),
    protocol: protocol === 'http:' ? 'http' : 'https',
  };
}

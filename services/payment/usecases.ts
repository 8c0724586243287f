import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { minutes, seconds, type Instant } from '#kernel/time.ts';
import { pauseAfter, type Unanswered } from '#kernel/unanswered.ts';
import { chargeKeyOf, refundKeyOf } from './keys.ts';
import {
  decide,
  isPartyTo,
  type Input,
  type Intent,
  type Payment,
  type Person,
  type Refunding,
  type Refusal,
} from './payment.ts';
import type { FindCard } from './cards.ts';
import type { Answer, Charge, Payments, Ports } from './ports.ts';

type Pending = Extract<Payment, { status: 'pending' }>;

/** A payment that `by` may see, or undefined. */
export async function readPayment(
  payments: Payments,
  id: string,
  by: Person,
): Promise<StoredAggregate<Payment> | undefined> {
  const kept = await payments.get(id);
  return kept && isPartyTo(kept.state, by) ? kept : undefined;
}

/** What `by` pays or is paid, newest first; an admin sees all. */
export async function listPayments(
  payments: Payments,
  by: Person,
  status: Payment['status'] | undefined,
  page: { size: number; after?: string },
): Promise<StoredAggregate<Payment>[]> {
  const where = status ? { status } : {};
  if (by.admin) return payments.list(where, page);
  const [paid, received] = await Promise.all([
    payments.list({ ...where, payerId: by.id }, page),
    payments.list({ ...where, payeeId: by.id }, page),
  ]);
  const byId = new Map([...paid, ...received].map((kept) => [kept.id, kept]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, page.size);
}

/** Has a waiting payment tried again now (L9), or charged to another card of the payer after a decline (B5). */
export async function retryPayment(
  { payments, findCard, now }: Pick<Ports, 'payments' | 'now'> & { findCard: FindCard },
  id: string,
  by: Person,
  paymentMethodId: string | undefined,
): Promise<Updated<Payment, Refusal>> {
  const chosen = paymentMethodId === undefined ? {} : { card: (await findCard(by.id, paymentMethodId)).card ?? null };
  return payments.update(id, (state) => decide(state, { type: 'RetryPayment', by, at: now(), ...chosen }));
}

/**
 * Charges while the payer waits (R2, R7). An answer that was lost is asked for once more; the timer sees to it if we die meanwhile. A
 * payment that is pending after this is in doubt: it may yet be charged, until it is called off.
 */
export async function pay(ports: Ports, order: OrderRef, intent: Intent): Promise<Updated<Payment, Refusal>> {
  const attendedUntil = ports.now() + attendedMs;
  const look = (): Promise<Updated<Payment, Refusal>> =>
    ports.payments.update(order.id, (state) => decide(state, { type: 'Pay', order, intent, attendedUntil }));
  let seen = await look();
  for (let attempts = 0; attempts < 2 && seen.accepted && seen.after.state.status === 'pending'; attempts++) {
    await attempt(ports, order.id);
    seen = await look();
  }
  return seen;
}

/** The timer `attempt`: has the provider charge a pending payment. The intent is committed before it, the outcome after it. */
export async function attempt(ports: Ports, id: string): Promise<void> {
  const kept = await ports.payments.get(id);
  if (kept?.state.status !== 'pending') return;
  const input = await charge(ports, kept, kept.state);
  await ports.payments.update(id, (state) => decide(state, input));
}

async function charge(
  { provider, declines, turn, now, random }: Ports,
  kept: StoredAggregate<Payment>,
  state: Pending,
): Promise<Input> {
  const asked = chargeOf(kept.id, state.intent);
  const { payerId, card, isCardChosen } = state.intent;
  if (card === null)
    return isCardChosen
      ? { type: 'Declined', reason: unknownPaymentMethod, reasonText: 'the chosen card is not one of the payer’s' }
      : { type: 'Declined', reason: noPaymentMethod, reasonText: 'the payer has no card' };
  const mayHaveBeenSent = isInDoubt(kept, state, now());
  // What may have been charged is not declined: the provider says what became of it.
  if (!mayHaveBeenSent && declines.wait(payerId) > 0)
    return {
      type: 'Declined',
      reason: tooManyDeclines,
      reasonText: 'too many payments were declined; try again later',
    };
  try {
    await turn(state.attempts, mayHaveBeenSent ? 2 : 1);
    const answer = (mayHaveBeenSent ? await provider.find(asked.key) : undefined) ?? (await provider.charge(asked));
    if (answer.outcome === 'declined') declines.count(payerId);
    return outcome(answer, now());
  } catch (error) {
    const { notCalled } = error as Unanswered;
    return {
      type: 'ChargeUnanswered',
      retryAt: now() + pauseAfter(error, state.attempts, random),
      ...(notCalled && !mayHaveBeenSent && { unsent: true }),
    };
  }
}

const chargeOf = (id: string, intent: Intent): Charge => ({
  ...{ key: chargeKeyOf(id, intent), amount: intent.amount },
  ...(intent.card && { card: intent.card.reference }),
});

/** Why a payment is declined without asking the provider. */
export const tooManyDeclines = 'TOO_MANY_DECLINES';
export const noPaymentMethod = 'NO_PAYMENT_METHOD';
export const unknownPaymentMethod = 'UNKNOWN_PAYMENT_METHOD';

/** The provider is asked about a charge before it is sent again. Beyond attempts, only a crash can have sent it, and the provider knows a young key for sure. */
function isInDoubt(
  { createdAt, updatedAt }: StoredAggregate<Payment>,
  { attempts, unsent = 0, askedAt = createdAt }: Pending,
  at: Instant,
): boolean {
  if (attempts > unsent) return true;
  return attempts ? at - updatedAt > putOffMs : at - askedAt > youngMs;
}

const outcome = (answer: Answer, at: Instant): Input =>
  answer.outcome === 'charged'
    ? { type: 'Charged', at }
    : { type: 'Declined', reason: answer.reason, reasonText: answer.reasonText };

/** The timer `settle`: has the provider give back what a cancelled payment took, if it took anything. */
export async function settle(ports: Ports, id: string): Promise<void> {
  const kept = await ports.payments.get(id);
  if (kept?.state.status !== 'refunding') return;
  const input = await giveBack(ports, id, kept.state);
  if (input.type === 'RefundRefused') ports.raise({ type: 'RefundRefused', id, reason: input.reason });
  await ports.payments.update(id, (state) => decide(state, input));
}

async function giveBack(
  { provider, turn, now, random }: Ports,
  id: string,
  state: Refunding,
): Promise<Extract<Input, { type: `Refund${string}` }>> {
  const refundKey = refundKeyOf(state);
  try {
    await turn(state.tries, state.inDoubt ? 2 : 1);
    if (state.inDoubt && (await provider.void(chargeOf(id, state.intent))) === 'voided')
      return { type: 'Refunded', refundKey, charged: false };
    const answer = await provider.refund({ key: id, refundKey, amount: state.refund });
    switch (answer.outcome) {
      case 'refunded':
        return { type: 'Refunded', refundKey, charged: true };
      case 'pending':
        return { type: 'RefundUnanswered', refundKey, retryAt: now() + stuckMs };
      case 'refused':
        return { type: 'RefundRefused', refundKey, reason: answer.reason, retryAt: now() + stuckMs };
    }
  } catch (error) {
    return {
      type: 'RefundUnanswered',
      refundKey,
      retryAt: now() + pauseAfter(error, state.tries, random),
    };
  }
}

/** Longer than anybody waits for an answer. */
const attendedMs = seconds(10);
const youngMs = seconds(2);
/** Longer than an attempt that was put off waits for the next. */
const putOffMs = minutes(2);
/** A refund that was refused waits for somebody to mend it, one under way for the bank; asking now and then finds out. */
const stuckMs = seconds(300);

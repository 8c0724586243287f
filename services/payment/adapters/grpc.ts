import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { invalid, notFound, RpcError } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  query,
  refused,
  roles,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import * as proto from '#proto/jari/payment/v1/payment.ts';
import type { FindCard } from '../cards.ts';
import { isRetryable, mostCards, type Payment, type Person, type Refusal } from '../payment.ts';
import { none } from '../refunds.ts';
import type { Ports } from '../ports.ts';
import { refundedOf } from '../process.ts';
import {
  listPayments,
  noPaymentMethod,
  pay,
  readPayment,
  retryPayment,
  tooManyDeclines,
  unknownPaymentMethod,
} from '../usecases.ts';

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-payment': { code: 'NOT_FOUND', text: 'no such payment' },
  'not-pending': {
    code: 'FAILED_PRECONDITION',
    text: 'the payment was completed, cancelled or declined before; a declined one can be charged to another card where it says `retryable`, by its payer, with `payment_method_id`',
  },
  'not-declined': {
    code: 'FAILED_PRECONDITION',
    text: 'another card is being charged; only after that is declined can a further one be charged',
  },
  'too-many-cards-tried': {
    code: 'FAILED_PRECONDITION',
    text: `${mostCards} cards were declined for this order, and an order can try no more; it can be ordered anew`,
  },
  'not-payer': { code: 'PERMISSION_DENIED', text: 'only the payer can choose the card to charge' },
  'unknown-payment-method': cardRefusals['unknown-payment-method'],
};

/** Anybody may pay or be paid: whose payment it is decides, not the role. */
export function paymentRpc(ports: Ports, findCard: FindCard): RpcService {
  const { payments } = ports;
  return rpcService(proto.PaymentServiceService, {
    getPayment: query(roles, async ({ orderId }, caller) => {
      const kept = await readPayment(payments, orderId, person(caller));
      if (!kept) throw notFound('payment');
      return shownTo(person(caller))(kept);
    }),
    listPayments: query(roles, async (request, caller) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => listPayments(payments, person(caller), statuses[request.status], page),
        shownTo(person(caller)),
      );
      return { payments: items, nextPageToken };
    }),
    retryPayment: command(roles, {
      run: ({ orderId, paymentMethodId }, caller) =>
        retryPayment({ ...ports, findCard }, orderId, person(caller), paymentMethodId),
      answer: withoutCard,
      refusals,
      rate: { times: 60, withinMs: minutes(1) },
    }),
    pay: query(['service'], async ({ order, payerId, payeeId, amount, paymentMethodId }) => {
      if (!order) throw invalid({ field: 'order', description: 'is required' });
      const updated = await pay(ports, order, {
        ...{ payerId, payeeId, amount: fromProto(amount) },
        ...(await findCard(payerId, paymentMethodId)),
      });
      if (!updated.accepted) throw notFound('payment');
      return toPaid(updated.after);
    }),
    findPayment: query(['service'], async ({ orderId }) => {
      const kept = await payments.get(orderId);
      if (!kept || kept.state.status === 'none') throw notFound('payment');
      return toPayment(kept);
    }),
  });
}

function toPaid(kept: StoredAggregate<Payment>): proto.Payment {
  const { state } = kept;
  switch (state.status) {
    case 'completed':
      return toPayment(kept);
    case 'declined':
      if (state.reason === tooManyDeclines) throw new RpcError('RESOURCE_EXHAUSTED', tooManyDeclines, state.reasonText);
      if (state.reason === noPaymentMethod) throw refused('no-payment-method', cardRefusals['no-payment-method']);
      if (state.reason === unknownPaymentMethod)
        throw refused('unknown-payment-method', cardRefusals['unknown-payment-method']);
      throw new RpcError('FAILED_PRECONDITION', 'PAYMENT_DECLINED', state.reasonText || state.reason);
    case 'refunding':
    case 'cancelled':
      throw new RpcError('FAILED_PRECONDITION', 'PAYMENT_CANCELLED', 'the payment was cancelled before');
    case 'none':
    case 'pending':
      throw new Unavailable('the payment provider does not answer');
  }
}

const person = (caller: Caller): Person => ({ id: caller.id, admin: has(caller, 'admin') });

/** The card is shown to its owner alone, and to administrators: whoever is paid does not see it. */
const shownTo =
  (viewer: Person) =>
  (kept: StoredAggregate<Payment>): proto.Payment => {
    const payment = toPayment(kept);
    return viewer.admin || viewer.id === payment.payerId ? payment : withoutCard(kept);
  };

const withoutCard = (kept: StoredAggregate<Payment>): proto.Payment => ({ ...toPayment(kept), card: undefined });

function toPayment({ id, state, createdAt, updatedAt }: StoredAggregate<Payment>): proto.Payment {
  if (state.status === 'none') throw new Error(`payment ${id} was answered before it was asked for`);
  const { amount, card } = state.intent ?? {};
  return {
    id,
    status: proto.Payment_Status[state.status.toUpperCase() as Uppercase<typeof state.status>],
    order: state.order,
    payerId: state.intent?.payerId ?? '',
    payeeId: state.intent?.payeeId ?? '',
    amount: amount && toProto(amount),
    refunded: toProto(
      state.status === 'refunding' || state.status === 'cancelled' ? refundedOf(state) : none(state.intent.amount),
    ),
    ...reasonOf(state),
    retryable: isRetryable(state),
    card: card ? { brand: card.brand, last4: card.last4 } : undefined,
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

function reasonOf(state: Payment): { reason: string; reasonText: string } {
  if (state.status === 'declined') return { reason: state.reason, reasonText: state.reasonText };
  if (state.status === 'refunding' && state.stuck) return { reason: state.stuck, reasonText: '' };
  return { reason: '', reasonText: '' };
}

const statuses: Record<proto.Payment_Status, Exclude<Payment['status'], 'none'> | undefined> = {
  [proto.Payment_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Payment_Status.PENDING]: 'pending',
  [proto.Payment_Status.COMPLETED]: 'completed',
  [proto.Payment_Status.DECLINED]: 'declined',
  [proto.Payment_Status.REFUNDING]: 'refunding',
  [proto.Payment_Status.CANCELLED]: 'cancelled',
};

import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { ordering } from '#adapters/rpc/ordering.ts';
import { cancellations } from '#adapters/rpc/rate.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { cancellerIn, cancellers, textRequired } from '#adapters/rpc/canceller.ts';
import { notFound, RpcError } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { quoteAnswer } from '#adapters/rpc/quote.ts';
import {
  command,
  has,
  openQuery,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/rental/v1/rental.ts';
import { isAccepted } from '../cancellation.ts';
import { firstPayment } from '../contract.ts';
import type { Refusal, Rental } from '../rental.ts';
import { cancelRental, previewOf, quoteFor, readRental, rent, type Ports, type Reader } from '../usecases.ts';
import { reasonOf } from './messages.ts';

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-product': { code: 'NOT_FOUND', text: 'no such product' },
  'not-on-sale': { code: 'FAILED_PRECONDITION', text: 'the product is closed; no new rentals are taken' },
  'not-a-dispenser': { code: 'INVALID_ARGUMENT', text: 'only dispensers can be rented', field: 'product_id' },
  'price-changed': {
    code: 'FAILED_PRECONDITION',
    text: 'deposit and first month are now {total_units} {total_currency}; nothing is charged',
  },
  'too-many-holds': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; wait until one of them is paid',
  },
  'payment-declined': { code: 'FAILED_PRECONDITION', text: 'the payment was declined; nothing is charged' },
  ...cardRefusals,
  'too-many-declines': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'too many of your payments were declined; nothing is charged; try again later',
  },
  'payment-undone': { code: 'FAILED_PRECONDITION', text: 'the payment took too long and is refunded; rent again' },
  'no-such-rental': { code: 'NOT_FOUND', text: 'no such rental' },
  'text-required': textRequired,
  'not-cancellable': { code: 'FAILED_PRECONDITION', text: 'the dispenser is installed, or the rental has ended' },
};

const readers = ['customer', 'admin', 'agent'] as const;

export const rentalRpc = (ports: Ports): RpcService =>
  rpcService(proto.RentalServiceService, {
    createRental: command(['customer'], {
      run: ({ productId, months, address, agreedTotal, paymentMethodId }, caller) => {
        const wish = { customerId: caller.id, productId, months, address, paymentMethodId };
        return rent(ports, newId(), { wish, agreed: agreedTotal && fromProto(agreedTotal) });
      },
      answer: toRental,
      refusals,
      ...ordering,
    }),
    quoteRental: openQuery(async ({ productId, months, address, agreedTotal }) => {
      const wish = { customerId: '', productId, months, address };
      const quote = await quoteFor(ports, { wish, agreed: agreedTotal && fromProto(agreedTotal) });
      return quoteAnswer(quote, refusals, (other) => other);
    }),
    getRental: query(readers, async ({ rentalId }, caller) => {
      const kept = await readRental(ports, rentalId, reader(caller));
      if (!kept) throw notFound('rental');
      return toRental(kept);
    }),
    listRentals: query(readers, async (request, caller) => {
      const { id, seesAll } = reader(caller);
      const status = statuses[request.status];
      const { items, nextPageToken } = await paged(
        request,
        (page) => ports.rentals.list({ ...(seesAll ? {} : { customerId: id }), ...(status ? { status } : {}) }, page),
        toRental,
      );
      return { rentals: items, nextPageToken };
    }),
    cancelRental: command(cancellers(), {
      run: (request, caller) => cancelRental(ports, request.rentalId, cancellerIn(request, caller)),
      answer: toRental,
      refusals,
      rate: cancellations,
    }),
    previewCancellation: query(readers, async ({ rentalId }, caller) => {
      const preview = await previewOf(ports, rentalId, reader(caller));
      if (preview === 'no-such-rental') throw notFound('rental');
      if (preview === 'not-cancellable')
        throw new RpcError('FAILED_PRECONDITION', 'NOT_CANCELLABLE', refusals[preview].text);
      const { paid, refund, percent, stage } = preview;
      return { paid: toProto(paid), refund: toProto(refund), percent, reason: statusWord(stage) };
    }),
  });

const reader = (caller: Caller): Reader => ({ id: caller.id, seesAll: has(caller, 'admin', 'agent') });

function toRental({ id, state, createdAt, updatedAt }: StoredAggregate<Rental>): proto.Rental {
  if (!isAccepted(state)) throw new Error(`rental ${id} was answered before it was accepted`);
  const { contract } = state;
  return {
    id,
    status: proto.Rental_Status[statusWord(state.status) as keyof typeof proto.Rental_Status],
    customerId: contract.customerId,
    productId: contract.productId,
    months: contract.months,
    address: contract.address,
    monthlyFee: toProto(contract.monthlyFee),
    deposit: toProto(contract.deposit),
    paid: toProto(firstPayment(contract)),
    ...reasonOf(state),
    cancelRefused: 'cancelRefused' in state ? state.cancelRefused : '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.Rental_Status, Rental['status'] | undefined> = {
  [proto.Rental_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Rental_Status.RECEIVED]: 'received',
  [proto.Rental_Status.BACKORDERED]: 'backordered',
  [proto.Rental_Status.STOCK_CONFIRMED]: 'stock-confirmed',
  [proto.Rental_Status.DELIVERING]: 'delivering',
  [proto.Rental_Status.INSTALLED]: 'installed',
  [proto.Rental_Status.CANCELLING]: 'cancelling',
  [proto.Rental_Status.CANCELLED]: 'cancelled',
};

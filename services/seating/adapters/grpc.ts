import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Cards } from '#kernel/card.ts';
import { newId } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { orderReason } from '#adapters/bus/order-reason.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { ordering } from '#adapters/rpc/ordering.ts';
import { cancellations } from '#adapters/rpc/rate.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { cancellerIn, cancellers, textRequired } from '#adapters/rpc/canceller.ts';
import { invalid, notFound, RpcError, type FieldViolation } from '#adapters/rpc/errors.ts';
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
import * as proto from '#proto/jari/seating/v1/seating.ts';
import type { Cafe } from '../cafe.ts';
import type { Ports, Seats } from '../ports.ts';
import type { Refusal, Selection, Wish } from '../selection.ts';
import { latestStart, wrongTimes, type WrongTime } from '../times.ts';
import { cancelSelection, previewOf, quoteSelection, readSelection, selectSeat } from '../usecases.ts';

const timeRefusals: Record<WrongTime, { code: 'INVALID_ARGUMENT'; text: string; field: 'start_time' | 'end_time' }> = {
  'begins-off-the-half-hour': {
    code: 'INVALID_ARGUMENT',
    text: 'must be on a half-hour of the cafe’s clock, such as 09:30',
    field: 'start_time',
  },
  'ends-off-the-half-hour': {
    code: 'INVALID_ARGUMENT',
    text: 'must be on a half-hour of the cafe’s clock, such as 09:30',
    field: 'end_time',
  },
  'ends-before-it-begins': { code: 'INVALID_ARGUMENT', text: 'must be after start_time', field: 'end_time' },
  'begun-already': { code: 'INVALID_ARGUMENT', text: 'must be in the future', field: 'start_time' },
  'too-far-ahead': { code: 'INVALID_ARGUMENT', text: 'must be on {latest} or earlier', field: 'start_time' },
  'too-long': { code: 'INVALID_ARGUMENT', text: 'must be at most 12 hours after start_time', field: 'end_time' },
  'outside-opening-hours': {
    code: 'INVALID_ARGUMENT',
    text: 'must be within the opening hours, until end_time',
    field: 'start_time',
  },
};

const refusals: Record<Refusal, RefusalStatus> = {
  ...timeRefusals,
  'no-such-seat': { code: 'NOT_FOUND', text: 'no such seat' },
  'not-on-sale': { code: 'FAILED_PRECONDITION', text: 'the cafe is closed; no new selections are taken' },
  ...cardRefusals,
  'price-changed': {
    code: 'FAILED_PRECONDITION',
    text: 'the total is now {total_units} {total_currency}; nothing is selected',
  },
  'too-many-holds': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; pay or cancel one of them first',
  },
  'already-selected': { code: 'FAILED_PRECONDITION', text: 'this selection exists already' },
  'no-such-selection': { code: 'NOT_FOUND', text: 'no such selection' },
  'text-required': textRequired,
  'not-cancellable': {
    code: 'FAILED_PRECONDITION',
    text: 'the selection has ended, or its period has begun; administrators can cancel until the period is over',
  },
};

const readers = ['customer', 'admin', 'agent'] as const;

/** `payWithin`: how long a held seat may remain unpaid, in milliseconds. */
export function seatingRpc(
  ports: Ports & { seats: Seats; cards: Cards; payWithin: number },
  now: () => Instant,
): RpcService {
  /** The core refuses for the first violation; the answer lists all of them. */
  const checked = (wish: Wish, cafe: Cafe | undefined): void => {
    const wrong = cafe ? wrongTimes(wish.period, cafe, now()) : [];
    if (wrong.length) throw invalid(...wrong.map((each) => violation(each, cafe?.timeZone ?? '', now())));
  };
  return rpcService(proto.SeatingServiceService, {
    createSeatSelection: command(['customer'], {
      run: async (request, caller) => {
        const wish = { ...wishOf(request, caller.id), paymentMethodId: request.paymentMethodId };
        const cafe = await ports.cafes.find(wish.cafeId);
        checked(wish, cafe);
        const agreed = request.agreedTotal && fromProto(request.agreedTotal);
        return selectSeat(ports, newId(), { wish, agreed }, cafe, now());
      },
      answer: toSelection,
      refusals,
      ...ordering,
    }),
    quoteSeatSelection: openQuery(async (request) => {
      const wish = wishOf(request, '');
      const cafe = await ports.cafes.find(wish.cafeId);
      checked(wish, cafe);
      const agreed = request.agreedTotal && fromProto(request.agreedTotal);
      const quote = await quoteSelection(ports, { wish, agreed }, cafe, now());
      return quoteAnswer(quote, refusals, (other) => other);
    }),
    getSeatSelection: query(readers, async ({ seatSelectionId }, caller) => {
      const kept = await readSelection(ports, seatSelectionId, reader(caller));
      if (!kept) throw notFound('selection');
      return toSelection(kept);
    }),
    listSeatSelections: query(readers, async (request, caller) => {
      const { id, seesAll } = reader(caller);
      const status = statuses[request.status];
      const { items, nextPageToken } = await paged(
        request,
        (page) =>
          ports.selections.list({ ...(seesAll ? {} : { customerId: id }), ...(status ? { status } : {}) }, page),
        toSelection,
      );
      return { seatSelections: items, nextPageToken };
    }),
    cancelSeatSelection: command(cancellers(), {
      run: (request, caller) => cancelSelection(ports, request.seatSelectionId, cancellerIn(request, caller), now()),
      answer: toSelection,
      refusals,
      rate: cancellations,
    }),
    previewCancellation: query(readers, async ({ seatSelectionId }, caller) => {
      const preview = await previewOf(ports, seatSelectionId, reader(caller), now());
      if (preview === 'no-such-selection') throw notFound('selection');
      if (preview === 'not-cancellable')
        throw new RpcError('FAILED_PRECONDITION', 'NOT_CANCELLABLE', refusals[preview].text);
      return { ...preview, paid: toProto(preview.paid), refund: toProto(preview.refund) };
    }),
  });
}

const reader = (caller: Caller): { id: string; seesAll: boolean } => ({
  id: caller.id,
  seesAll: has(caller, 'admin', 'agent'),
});

const violation = (wrong: WrongTime, timeZone: string, at: Instant): FieldViolation => ({
  field: timeRefusals[wrong].field,
  description: timeRefusals[wrong].text.replace('{latest}', () => latestStart(at, timeZone)),
});

/** The proto's rules say that both times are there. */
const wishOf = (
  { cafeId, seatId, startTime, endTime }: proto.CreateSeatSelectionRequest | proto.QuoteSeatSelectionRequest,
  customerId: string,
): Wish => ({
  customerId,
  cafeId,
  seatId,
  period: { start: startTime?.getTime() ?? 0, end: endTime?.getTime() ?? 0 },
});

function toSelection({ id, state, createdAt, updatedAt }: StoredAggregate<Selection>): proto.SeatSelection {
  if (state.status === 'none') throw new Error(`selection ${id} was answered before it was made`);
  const { customerId, cafeId, seatId, period, total } = state.booking;
  return {
    id,
    status: proto.SeatSelection_Status[statusWord(state.status) as keyof typeof proto.SeatSelection_Status],
    customerId,
    cafeId,
    seatId,
    startTime: new Date(period.start),
    endTime: new Date(period.end),
    total: toProto(total),
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.SeatSelection_Status, Exclude<Selection['status'], 'none'> | undefined> = {
  [proto.SeatSelection_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.SeatSelection_Status.SELECTED]: 'selected',
  [proto.SeatSelection_Status.HELD]: 'held',
  [proto.SeatSelection_Status.PAYMENT_PENDING]: 'payment-pending',
  [proto.SeatSelection_Status.PAID]: 'paid',
  [proto.SeatSelection_Status.REGISTERED]: 'registered',
  [proto.SeatSelection_Status.COMPLETED]: 'completed',
  [proto.SeatSelection_Status.REFUSED]: 'refused',
  [proto.SeatSelection_Status.PAYMENT_FAILED]: 'payment-failed',
  [proto.SeatSelection_Status.CANCELLING]: 'cancelling',
  [proto.SeatSelection_Status.CANCELLED]: 'cancelled',
};

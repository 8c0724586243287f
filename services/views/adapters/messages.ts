import { type Addressed, inputFor } from '#adapters/service/service.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import { CapabilityEvent, CoreEvent, Order_Next_Who, Order_Phase, type Order } from '#proto/jari/order/v1/order.ts';
import type { Head, OrderUpdate, PaymentStatus, Phase } from '../order-view.ts';
import { sentence } from '../sentence.ts';
import { orderViews, timelineLines } from './store.ts';

/** What an event of any service means to the read models: nothing, or a line in one order's history. */
export function orderUpdates(envelope: Envelope): readonly Addressed[] {
  if (envelope.routingKey.startsWith('order.')) return inputsOf(updateByCore(envelope));
  return isAboutAnOrder(envelope) && !CapabilityEvent.decode(envelope.payload).again
    ? inputsOf(updateByCapability(envelope))
    : []; // what is repeated is no news
}

/** The order as it stands now, and the line of its history. */
const inputsOf = ({ id, input }: { id: string; input: OrderUpdate }): readonly Addressed[] => [
  { ...inputFor(orderViews, id, input), batchable: true },
  { ...inputFor(timelineLines, input.entry.id, { orderId: id, entry: input.entry }), batchable: true },
];

function updateByCore(envelope: Envelope): { id: string; input: OrderUpdate } {
  const head = headOf(envelope);
  const entry = {
    ...entryOf(envelope, sentence(envelope.type, head.reason, head.reasonText)),
    ...(head.reasonText && { reasonText: head.reasonText }),
  };
  return { id: head.order.id, input: { entry, head } };
}

function updateByCapability(envelope: Envelope): { id: string; input: OrderUpdate } {
  const entry = entryOf(envelope, sentence(envelope.type));
  const status = paymentStatuses[envelope.type];
  const input: OrderUpdate = status
    ? { entry, payment: { status, version: Number(CapabilityEvent.decode(envelope.payload).version) } }
    : { entry };
  return { id: envelope.subject, input };
}

const paymentStatuses: Readonly<Record<string, PaymentStatus>> = {
  'jari.payment.v1.PaymentDeferred': 'PENDING',
  'jari.payment.v1.PaymentCompleted': 'COMPLETED',
  'jari.payment.v1.PaymentDeclined': 'DECLINED',
  'jari.payment.v1.PaymentCancelled': 'CANCELLED',
};

const entryOf = ({ id, type, source, time, causationId }: Envelope, text: string): OrderUpdate['entry'] => ({
  id,
  type,
  source,
  at: time,
  text,
  cause: causationId,
});

/** A core event without an order breaks the contract: it is thrown, and waits among the dead letters for somebody to look at it. */
function headOf({ payload, type }: Envelope): Head {
  const { order } = CoreEvent.decode(payload);
  const phase = phases.get(order?.phase);
  if (!order?.ref || !phase || !order.createTime)
    throw new Error(`${type} lacks its order's ref, phase or create_time`);
  return {
    order: order.ref,
    customerId: order.customerId,
    providerId: order.providerId,
    title: order.title,
    status: order.status,
    phase,
    version: Number(order.version),
    ...(order.total && { total: fromProto(order.total) }),
    attributes: order.attributes,
    reason: order.reason,
    reasonText: order.reasonText,
    createTime: order.createTime.getTime(),
    updateTime: (order.updateTime ?? order.createTime).getTime(),
    ...waiting(order),
  };
}

/** What the order waits for. A word that this version does not know is nobody's turn. */
const waiting = ({ next, deadline }: Order): Pick<Head, 'next' | 'deadline'> => ({
  ...(next && { next: { who: turns.get(next.who) ?? 'NOBODY', what: next.what } }),
  ...(deadline?.at && { deadline: { at: deadline.at.getTime(), what: deadline.what } }),
});

const turns = new Map<Order_Next_Who, 'CUSTOMER' | 'PROVIDER'>([
  [Order_Next_Who.CUSTOMER, 'CUSTOMER'],
  [Order_Next_Who.PROVIDER, 'PROVIDER'],
]);

const phases = new Map<Order_Phase | undefined, Phase>([
  [Order_Phase.RECEIVED, 'RECEIVED'],
  [Order_Phase.WAITING, 'WAITING'],
  [Order_Phase.ACTIVE, 'ACTIVE'],
  [Order_Phase.DONE, 'DONE'],
  [Order_Phase.REJECTED, 'REJECTED'],
  [Order_Phase.FAILED, 'FAILED'],
  [Order_Phase.CANCELLING, 'CANCELLING'],
  [Order_Phase.CANCELLED, 'CANCELLED'],
]);

/**
 * Field 1 of an event about an order is its ref; catalogue events have something else there (a room, with two ids of its own), which
 * may even decode as one. A ref is believed when its kind looks like one and its id is the envelope's subject.
 */
function isAboutAnOrder({ payload, subject }: Envelope): boolean {
  try {
    const { order } = CapabilityEvent.decode(payload);
    return order !== undefined && /^[a-z]+\.[a-z]+$/.test(order.kind) && uuid.test(order.id) && order.id === subject;
  } catch {
    return false; // field 1 is text that is no message at all
  }
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

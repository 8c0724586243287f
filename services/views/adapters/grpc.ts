import { Temporal } from 'temporal-polyfill';
import { validate } from 'uuid';
import { invalid, notFound, RpcError, statusOf, type FieldViolation } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { has, query, roles, rpcService, stream, type Caller, type RpcService } from '#adapters/rpc/rpc.ts';
import { order_PhaseToJSON, Order_Next_Who, Order_Phase } from '#proto/jari/order/v1/order.ts';
import {
  ListOrdersRequest_As,
  ViewsServiceService,
  type ListOrdersRequest,
  type ListOrdersResponse,
  type Order,
  type WatchOrderRequest,
  type WatchOrderResponse,
  type WatchOrdersRequest,
  type WatchOrdersResponse,
} from '#proto/jari/views/v1/views.ts';
import { isLocalDate, type Instant } from '#kernel/time.ts';
import type { Entry, ShownOrder } from '../order-view.ts';
import type { Filter, OrderFeed, OrderViews, Period, PersonFeed } from '../ports.ts';
import { getKpis, getOrder, listOrders, watchOrder, watchOrders, type Seen, type SeenOfPerson } from '../usecases.ts';
import { entryText, statusText } from '../display-texts.ts';
import type { As, Viewer } from '../visibility.ts';

/** Looks at orders for a caller until that caller leaves. */
export interface Feeds {
  order(signal: AbortSignal): OrderFeed;
  person(signal: AbortSignal): PersonFeed;
}

export const viewsRpc = (views: OrderViews, feeds: Feeds): RpcService =>
  rpcService(ViewsServiceService, {
    listOrders: query(roles, (request: ListOrdersRequest, caller) => list(views, request, caller)),
    getOrder: query(roles, async ({ orderId, timelinePageToken }, caller) => {
      const found = await getOrder(views, viewerOf(caller), orderId, lineOf(timelinePageToken));
      if (!found) throw notFound('order');
      const [oldest] = found.order.timeline;
      return {
        ...orderToProto(found.order, caller),
        timelineNextPageToken: found.hasOlder && oldest ? tokenOf(oldest) : '',
      };
    }),
    watchOrder: stream(roles, (request: WatchOrderRequest, caller, signal) =>
      streamed(watchOrder(feeds.order(signal), viewerOf(caller), request.orderId), (seen) => eventOf(seen, caller)),
    ),
    watchOrders: stream(roles, (_: WatchOrdersRequest, caller, signal) =>
      streamed(watchOrders(feeds.person(signal), viewerOf(caller)), (seen) => personEventOf(seen, caller)),
    ),
    getKpis: query(['admin'], async ({ from, to }) => ({
      kinds: (await getKpis(views, periodOf(from, to))).map((kpi) => ({ ...kpi, requested: BigInt(kpi.requested) })),
    })),
  });

/** The token of a timeline's page names the line that it ends before. */
const tokenOf = ({ at, id }: Pick<Entry, 'at' | 'id'>): string => Buffer.from(`${at}/${id}`).toString('base64url');

function lineOf(token: string): Pick<Entry, 'at' | 'id'> | undefined {
  if (!token) return undefined;
  const [at = '', id = ''] = Buffer.from(token, 'base64url').toString('utf8').split('/');
  if (!/^[0-9]{1,15}$/.test(at) || !validate(id))
    throw invalid({ field: 'timeline_page_token', description: 'must be a token that this order was answered with' });
  return { at: Number(at), id };
}

const viewerOf = (caller: Caller): Viewer => ({
  id: caller.id,
  seesAll: has(caller, 'admin', 'agent'),
  seesStuck: has(caller, 'admin'),
});

async function list(views: OrderViews, request: ListOrdersRequest, caller: Caller): Promise<ListOrdersResponse> {
  const { items, nextPageToken } = await paged(request, async (page) => {
    const orders = await listOrders(views, viewerOf(caller), asOf(request.as), filterOf(request), page);
    if (orders === 'not-allowed')
      throw new RpcError(
        'PERMISSION_DENIED',
        'PERMISSION_DENIED',
        'as=ALL needs the role agent or admin, and stuck=true the role admin',
      );
    return orders.map((order) => orderToProto(order, caller));
  });
  return { orders: items, nextPageToken };
}

function asOf(as: ListOrdersRequest_As): As {
  switch (as) {
    case ListOrdersRequest_As.CUSTOMER:
      return 'CUSTOMER';
    case ListOrdersRequest_As.PROVIDER:
      return 'PROVIDER';
    case ListOrdersRequest_As.ALL:
      return 'ALL';
    case ListOrdersRequest_As.AS_UNSPECIFIED:
      return undefined;
  }
}

/** Ids are the same in either case (RFC 9562), and are kept in one. */
const idOrText = (text: string): string => (validate(text) ? text.toLowerCase() : text);

/** The database knows no text with NUL in it, so no order can match one. */
function filterOf({ kind, phase, attribute, q, stuck }: ListOrdersRequest): Filter {
  const texts = { kind, q, ...Object.fromEntries(attribute.map((text, index) => [`attribute[${index}]`, text])) };
  const wrong = Object.entries(texts).filter(([, text]) => text.includes('\0'));
  if (wrong.length) throw invalid(...wrong.map(([field]) => ({ field, description: 'must not contain NUL' })));
  return {
    ...(kind && { kind }),
    ...(phase !== Order_Phase.PHASE_UNSPECIFIED && { phase: order_PhaseToJSON(phase) }),
    attributes: attribute.map((text) => ({
      name: text.slice(0, text.indexOf(':')),
      value: idOrText(text.slice(text.indexOf(':') + 1)),
    })),
    ...(q && { text: q }),
    ...(stuck && { stuck }),
  };
}

function periodOf(from: string, to: string): Period {
  const [start, end] = [instantOf(from), instantOf(to)];
  const wrong: FieldViolation[] = [];
  if (start === 'malformed')
    wrong.push({ field: 'from', description: 'must be a day, like 2026-12-24, or a time, like 2026-12-24T09:00:00Z' });
  if (end === 'malformed')
    wrong.push({ field: 'to', description: 'must be a day, like 2026-12-24, or a time, like 2026-12-24T09:00:00Z' });
  if (typeof start === 'number' && typeof end === 'number' && end <= start)
    wrong.push({ field: 'to', description: 'must be after from' });
  if (wrong.length) throw invalid(...wrong);
  return { ...(typeof start === 'number' && { from: start }), ...(typeof end === 'number' && { to: end }) };
}

/** A date is its beginning in UTC; empty is no bound. */
function instantOf(text: string): Instant | undefined | 'malformed' {
  if (!text) return undefined;
  try {
    return Temporal.Instant.from(isLocalDate(text) ? `${text}T00:00Z` : text).epochMilliseconds;
  } catch {
    return 'malformed';
  }
}

/** A stream that has begun sends the reason of its end as an event: HTTP/1.1 clients do not see a status that comes after. */
async function* streamed<Told, Event>(
  told: AsyncIterable<Told>,
  eventOf: (one: Told) => Event,
): AsyncIterable<{ event: Event | { $case: 'error'; value: ReturnType<typeof statusOf> } }> {
  let begun = false;
  try {
    for await (const one of told) {
      yield { event: eventOf(one) };
      begun = true;
    }
  } catch (error) {
    if (begun) yield { event: { $case: 'error', value: statusOf(error) } };
    throw error;
  }
}

function eventOf(seen: Seen, caller: Caller): WatchOrderResponse['event'] {
  switch (seen.type) {
    case 'snapshot':
    case 'change':
      return { $case: seen.type, value: orderToProto(seen.order, caller) };
    case 'heartbeat':
      return { $case: 'heartbeat', value: { at: new Date() } };
    case 'gone':
      throw notFound('order');
  }
}

function personEventOf(seen: SeenOfPerson, caller: Caller): WatchOrdersResponse['event'] {
  switch (seen.type) {
    case 'snapshot':
      return { $case: 'snapshot', value: { orders: seen.orders.map((order) => orderToProto(order, caller)) } };
    case 'change':
      return { $case: 'change', value: orderToProto(seen.order, caller) };
    case 'heartbeat':
      return { $case: 'heartbeat', value: { at: new Date() } };
  }
}

const orderToProto = ({ head, payment, timeline }: ShownOrder, { language = 'ko' }: Caller): Order => ({
  id: head.order.id,
  status: head.status,
  statusText: statusText(head, language),
  order: head.order,
  customerId: head.customerId,
  providerId: head.providerId,
  title: head.title,
  phase: Order_Phase[head.phase],
  total: head.total && toProto(head.total),
  paymentStatus: payment?.status ?? '',
  attributes: { ...head.attributes },
  timeline: timeline.map((entry) => ({
    ...{ type: entry.type, source: entry.source, at: new Date(entry.at) },
    ...{ text: entryText(entry, language), cause: ownCause(entry) },
  })),
  timelineNextPageToken: '',
  reason: head.reason,
  reasonText: head.reasonText,
  createTime: new Date(head.createTime),
  updateTime: new Date(head.updateTime),
  next: head.next && { who: Order_Next_Who[head.next.who], what: head.next.what },
  deadline:
    head.deadline && head.deadline.at > Date.now()
      ? { at: new Date(head.deadline.at), what: head.deadline.what }
      : undefined,
});

/** Until 2026-11-30 it could be what a caller had sent as the id of their call. */
const ownCause = ({ cause = '' }: Entry): string => (validate(cause) ? cause : '');

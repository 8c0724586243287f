import { kpiOf, type Kpi } from './kpis.ts';
import { shownEntries, type Entry, type ShownOrder } from './order-view.ts';
import type { Filter, OrderFeed, OrderViews, Page, Period, PersonFeed } from './ports.ts';
import { shownTo, whose, type As, type Viewer } from './visibility.ts';

export async function listOrders(
  views: OrderViews,
  viewer: Viewer,
  as: As,
  filter: Filter,
  page: Page,
): Promise<ShownOrder[] | 'not-allowed'> {
  const seen = filter.stuck && !viewer.seesStuck ? 'not-allowed' : whose(viewer, as);
  return seen === 'not-allowed' ? seen : views.list(seen, viewer.id, filter, page);
}

/** An order with the newest lines of its history, or with those before a line, and whether there are older ones. */
export async function getOrder(
  views: OrderViews,
  viewer: Viewer,
  id: string,
  before?: Pick<Entry, 'at' | 'id'>,
): Promise<{ order: ShownOrder; hasOlder: boolean } | undefined> {
  const found = shownTo(viewer, await views.get(id));
  if (!found) return undefined;
  const lines = before ? (await views.before(id, before, shownEntries)).reverse() : found.timeline.slice(-shownEntries);
  const [oldest] = lines;
  const hasOlder =
    lines.length >= shownEntries && oldest !== undefined && (await views.before(id, oldest, 1)).length > 0;
  return { order: { ...found, timeline: lines }, hasOlder };
}

export type Seen = { type: 'snapshot' | 'change'; order: ShownOrder } | { type: 'heartbeat' } | { type: 'gone' };

/** Ends with `gone` when the order is not, or no longer, there for the viewer. */
export async function* watchOrder(feed: OrderFeed, viewer: Viewer, id: string): AsyncIterable<Seen> {
  let type: 'snapshot' | 'change' = 'snapshot';
  for await (const latest of feed.of(id)) {
    if (latest === 'quiet') {
      yield { type: 'heartbeat' };
      continue;
    }
    const order = shownTo(viewer, latest);
    if (!order) return yield { type: 'gone' };
    yield { type, order };
    type = 'change';
  }
}

export type SeenOfPerson =
  | { type: 'snapshot'; orders: readonly ShownOrder[] }
  | { type: 'change'; order: ShownOrder }
  | { type: 'heartbeat' };

/** The viewer's own orders, also for those who may see all. Without timelines, as in a list. */
export async function* watchOrders(feed: PersonFeed, viewer: Viewer): AsyncIterable<SeenOfPerson> {
  for await (const latest of feed.of(viewer.id)) {
    if (latest === 'quiet') yield { type: 'heartbeat' };
    else if ('newest' in latest)
      yield { type: 'snapshot', orders: latest.newest.flatMap((each) => inList(shownTo(viewer, each))) };
    else for (const order of inList(shownTo(viewer, latest))) yield { type: 'change', order };
  }
}

const inList = (order: ShownOrder | undefined): ShownOrder[] => (order ? [{ ...order, timeline: [] }] : []);

export const getKpis = async (views: OrderViews, period: Period): Promise<Kpi[]> =>
  (await views.count(period)).map(kpiOf);

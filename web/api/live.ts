import { useEffect, useSyncExternalStore } from 'react';
import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from './api.ts';
import { queryClient } from './client.ts';
import { follow } from './stream.ts';

export type Order = Schemas['views.Order'];
type Page = Schemas['views.ListOrdersResponse'];

/** live: each change of the reader's orders arrives as it happens; reconnecting: the stream broke, and is asked for again. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'signedOut';

interface Told {
  state: LiveState;
  /** After a change; without its timeline. */
  order?: Order;
  /** The stream has begun anew: changes before it may have been missed. */
  anew?: true;
}

export const orderKey = (id: string): readonly string[] => ['order', id];
export const ordersKey = ['orders'] as const;

const channel = new BroadcastChannel('jari-orders');
const listeners = new Set<() => void>();
let state: LiveState = 'connecting';
let leave: AbortController | undefined;
/** This tab reads the stream for all. */
let leads = false;

function hear({ state: next, order, anew }: Told): void {
  if (anew) {
    void queryClient.invalidateQueries({ queryKey: ['order'] });
    void queryClient.invalidateQueries({ queryKey: ordersKey });
  }
  if (order) changed(order);
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The new state is shown at once; what else the order has is asked for. */
function changed(order: Order): void {
  queryClient.setQueryData<Order>(
    orderKey(order.id),
    (known) => known && { ...newer(known, order), timeline: known.timeline },
  );
  void queryClient.invalidateQueries({ queryKey: orderKey(order.id) });
  let isListed = false;
  queryClient.setQueriesData<InfiniteData<Page>>({ queryKey: ordersKey }, (lists) => {
    if (!lists) return lists;
    const pages = lists.pages.map((page) => ({
      ...page,
      orders: page.orders.map((known) => {
        isListed ||= known.id === order.id;
        return known.id === order.id ? newer(known, order) : known;
      }),
    }));
    return { ...lists, pages };
  });
  if (!isListed) void queryClient.invalidateQueries({ queryKey: ordersKey });
}

/** A stream and a query may answer at the same time. */
export const newer = (known: Order, told: Order): Order =>
  (known.updateTime ?? '') > (told.updateTime ?? '') ? known : told;

channel.addEventListener('message', ({ data }: MessageEvent<Told | 'ask'>) => {
  if (data === 'ask') {
    // A tab has just come: it learns how the stream does.
    if (leads) channel.postMessage({ state } satisfies Told);
  } else if (leave) hear(data);
});

/** One tab of the browser reads the stream, and tells the others; when it closes, another one goes on. */
function begin(): void {
  leave = new AbortController();
  const { signal } = leave;
  channel.postMessage('ask');
  const lead = async (): Promise<void> => {
    leads = true;
    const tell = (told: Told): void => {
      hear(told);
      channel.postMessage(told);
    };
    const ended = await follow<Schemas['views.WatchOrdersResponse']>('/v1/orders:watch', signal, {
      heard: ({ snapshot, change }) =>
        tell({ state: 'live', ...(change && { order: change }), ...(snapshot && { anew: true }) }),
      broken: () => tell({ state: 'reconnecting' }),
    });
    // Who signs in comes back with a new page.
    if (ended === 'refused') tell({ state: 'signedOut' });
    leads = false;
  };
  void navigator.locks.request('jari-orders', { signal }, lead).catch(() => undefined);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) begin();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    leave?.abort();
    leave = undefined;
    state = 'connecting';
  };
}

/** Keeps the orders in the queries as they are now, while a page with orders is open, and says how the stream does. */
export const useLive = (): LiveState => useSyncExternalStore(subscribe, () => state);

/** Keeps an order of others as it is now for those who may see it, too: the stream of all tabs tells of the reader's own alone. */
export function useLiveOfOthers(id: string, isOfOthers: boolean): void {
  useEffect(() => {
    if (!isOfOthers) return undefined;
    const leaving = new AbortController();
    void follow<Schemas['views.WatchOrderResponse']>(`/v1/orders/${id}:watch`, leaving.signal, {
      heard({ snapshot, change }) {
        const order = snapshot ?? change;
        if (order) changed(order);
      },
      broken: () => undefined,
    });
    return () => leaving.abort();
  }, [id, isOfOthers]);
}

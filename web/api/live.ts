import { useSyncExternalStore } from 'react';
import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from './api.ts';
import { queryClient } from './client.ts';
import { eventsIn } from './server-sent.ts';

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

/** A stream says something at least every 15 seconds. One that is silent for longer is dead, whatever the browser thinks. */
const silenceMs = 40_000;
const pausesMs = [500, 1_000, 2_000, 5_000];

/** Reads the stream of the reader's orders until the signal; comes back by itself when it breaks. */
async function read(tell: (told: Told) => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    signal.addEventListener('abort', stop);
    let silence = setTimeout(stop, silenceMs);
    try {
      const response = await fetch('/v1/orders:watch', {
        headers: { accept: 'text/event-stream', 'accept-language': document.documentElement.lang },
        signal: attempt.signal,
      });
      // Who signs in comes back with a new page.
      if (response.status === 401 || response.status === 403) return tell({ state: 'signedOut' });
      if (response.ok && response.body) {
        for await (const event of eventsIn<Schemas['views.WatchOrdersResponse']>(response.body)) {
          clearTimeout(silence);
          silence = setTimeout(stop, silenceMs);
          if (event.error) break;
          failures = 0;
          tell({ state: 'live', ...(event.change && { order: event.change }), ...(event.snapshot && { anew: true }) });
        }
      }
    } catch {
      // The connection broke, or was silent for too long: as if it had ended.
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
    if (signal.aborted) return;
    tell({ state: 'reconnecting' });
    await pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 5_000, signal);
  }
}

/** Until the time is over, the device is online again, or nobody waits any more. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms * (0.75 + Math.random() / 2));
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });

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
    await read((told) => {
      hear(told);
      channel.postMessage(told);
    }, signal);
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

import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import { inScope } from '#adapters/scope/scope.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import type { Head, OrderUpdate, Payment } from '../order-view.ts';
import { orderViews, timelineLines } from '../adapters/store.ts';

/** An order's head as its core might tell it. */
export const headWith = (head: Partial<Head> & { id?: string }): Head => {
  const { id = v7(), ...some } = head;
  return {
    order: { kind: 'lodging.reservation', id },
    customerId: 'guest',
    providerId: 'host',
    title: 'Pine Lodge 2',
    status: 'REQUESTED',
    phase: 'RECEIVED',
    version: 1,
    total: krw(256_000),
    attributes: {},
    reason: '',
    reasonText: '',
    createTime: Date.now(),
    updateTime: Date.now(),
    ...some,
  };
};

const entry = (name: string): OrderUpdate['entry'] => ({
  id: v7(),
  type: `jari.any.v1.${name.replaceAll(' ', '')}`,
  source: '/any',
  at: Date.now(),
  text: name,
});

/** Stores what the service would store on hearing of the order; answers with the order's id. */
export async function tell(
  store: Store,
  head: Partial<Head> & { id?: string },
  ...payments: readonly Payment[]
): Promise<string> {
  const told = headWith(head);
  await hears(store, told.order.id, { entry: entry('Told'), head: told });
  for (const payment of payments) await hears(store, told.order.id, { entry: entry('Paid'), payment });
  return told.order.id;
}

/** Stores an event about an order. */
export const tellEvent = (store: Store, id: string, told: Partial<OrderUpdate['entry']>): Promise<void> =>
  hears(store, id, { entry: { ...entry('Told'), ...told } });

/** Stores a capability's event about an order. */
export const tellCapability = (store: Store, id: string): Promise<void> =>
  hears(store, id, { entry: entry('CapabilityTold') });

/** Stores `count` events about an order, one after the other. */
export async function tellMany(store: Store, id: string, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth++) await hears(store, id, { entry: entry(`Line ${nth}`) });
}

async function hears(store: Store, id: string, heard: OrderUpdate): Promise<void> {
  const { entry: line } = heard;
  await inScope(
    { correlationId: id, causationId: line.id, once: { by: 'message', consumer: 'views', messageId: line.id } },
    async () => {
      await store.update(orderViews, id, (view) => orderViews.decide(view, heard));
    },
  );
  await store.update(timelineLines, line.id, (kept) => timelineLines.decide(kept, { orderId: id, entry: line }));
}

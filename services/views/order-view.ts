import type { Aggregate } from '#kernel/aggregate.ts';
import { accept } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { Next } from '#kernel/next.ts';
import type { Instant } from '#kernel/time.ts';

export type Phase = 'RECEIVED' | 'WAITING' | 'ACTIVE' | 'DONE' | 'REJECTED' | 'FAILED' | 'CANCELLING' | 'CANCELLED';
export type PaymentStatus = 'PENDING' | 'COMPLETED' | 'DECLINED' | 'CANCELLED';

/** What a core service says of its order, whatever its business. */
export interface Head {
  order: OrderRef;
  customerId: string;
  /** Empty where the platform itself provides. */
  providerId: string;
  title: string;
  /** State in the terms of the business. */
  status: string;
  phase: Phase;
  /** The core aggregate's. */
  version: number;
  total?: Money;
  attributes: Readonly<Record<string, string>>;
  reason: string;
  reasonText: string;
  createTime: Instant;
  updateTime: Instant;
  /** Absent in a state at rest, and where an earlier version published the order. */
  next?: { who: Next['who']; what: string };
  deadline?: { at: Instant; what: string };
}

export interface Payment {
  status: PaymentStatus;
  /** The payment's own. */
  version: number;
}

/** A line of an order's history; its id is the message's. */
export interface Entry {
  id: string;
  /** `jari.lodging.v1.ReservationPaid` */
  type: string;
  /** `/lodging` */
  source: string;
  at: Instant;
  /** The name of the event as a sentence, with its reason. */
  text: string;
  /** What a person wrote of it. Absent where nobody did, and in lines of an earlier version. */
  reasonText?: string;
  /** Id of the message or call that it came of; absent in lines of an earlier version. */
  cause?: string;
}

/** An event about an order, as far as any reader can understand it without knowing the business. */
export interface OrderUpdate {
  entry: Entry;
  head?: Head;
  payment?: Payment;
}

/** Id of the message; decides between two messages of the same version. */
type Said<What> = What & { by: string };

/** All that is shown of one order. Built from events alone, and the same in whatever order and however often they come. */
export interface OrderView {
  /** Absent until the core's first event arrives: until then the order is not shown. */
  head?: Said<Head>;
  payment?: Said<Payment>;
  /** Whether it ever got past being received, was ever paid, was ever declined: KPIs count what happened, not what is left of it. */
  confirmed: boolean;
  paid: boolean;
  declined: boolean;
  /** The newest of them, oldest first; all are kept one by one (timeline.ts). */
  timeline: readonly Entry[];
}

/** An order of which an event of its core has arrived. */
export type ShownOrder = OrderView & { head: Head };

export const isShown = (view: OrderView): view is ShownOrder => view.head !== undefined;

const beyondReceived: readonly Phase[] = ['WAITING', 'ACTIVE', 'DONE'];

export function evolve(view: OrderView, { entry, head, payment }: OrderUpdate): OrderView {
  const latestHead = newest(view.head, head && { ...head, by: entry.id });
  const latestPayment = newest(view.payment, payment && { ...payment, by: entry.id });
  return {
    ...(latestHead && { head: latestHead }),
    ...(latestPayment && { payment: latestPayment }),
    confirmed: view.confirmed || (head !== undefined && beyondReceived.includes(head.phase)),
    paid: view.paid || payment?.status === 'COMPLETED',
    declined: view.declined || payment?.status === 'DECLINED',
    timeline: [...view.timeline, entry].sort(byTime).slice(-shownEntries),
  };
}

/** As much of an order's history as is shown with it: a row must not grow with all that ever happened. */
export const shownEntries = 100;

const newest = <What extends { version: number; by: string }>(
  known: What | undefined,
  told: What | undefined,
): What | undefined => (known && told ? (isLater(told, known) ? told : known) : (known ?? told));

const isLater = (a: { version: number; by: string }, b: { version: number; by: string }): boolean =>
  a.version === b.version ? a.by > b.by : a.version > b.version;

const byTime = (a: Entry, b: Entry): number => a.at - b.at || (a.id < b.id ? -1 : 1);

/** The read model of one order; its id is the order's. */
export const orderView: Aggregate<OrderView, OrderUpdate, OrderUpdate, never, never> = {
  name: 'order_view',
  initial: { confirmed: false, paid: false, declined: false, timeline: [] },
  decide: (view, heard) => (view.timeline.some(({ id }) => id === heard.entry.id) ? accept() : accept(heard)),
  evolve,
  consequences: () => ({}),
};

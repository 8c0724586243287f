import { deepStrictEqual } from 'node:assert';
import type { Reservation } from '../../../services/lodging/reservation.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import { claimsOn, datesOf } from '../../../services/property/nights.ts';
import { hear } from '../../../services/views/adapters/messages.ts';
import { orderView, type Heard, type OrderView } from '../../../services/views/order-view.ts';
import { acceptedIds, type Account, type Intent } from './journal.ts';
import type { Entry, Snapshot } from './snapshot.ts';

/** The promise, by the numbers of reliability.md: each answers with what is wrong, in words. Resting (6) is the checker's, which waits for it. */
export const invariants: Readonly<Record<string, (all: Snapshot) => string[]>> = {
  '1 nothing accepted is lost or doubled': nothingLost,
  '2 charged once, and kept what is due': money,
  '4 no night sold twice': nights,
  'services agree': agreement,
  '7 the read model is what the log says': readModel,
  'no dead letters': ({ deadLetters }) => [...deadLetters],
};

const asked = <What extends Intent['what']>({ journal }: Pick<Snapshot, 'journal'>, what: What): (Account & { intent: Extract<Intent, { what: What }> })[] =>
  journal.filter((account): account is Account & { intent: Extract<Intent, { what: What }> } => account.intent.what === what);

/** Ids of the reservations that the client was told of. */
export const told = (all: Pick<Snapshot, 'journal'>): string[] => asked(all, 'reserve').flatMap(acceptedIds);

function nothingLost(all: Snapshot): string[] {
  const sent = new Set(all.messages.map(({ subject, type }) => `${subject} ${type}`));
  const wrong: string[] = [];
  for (const account of asked(all, 'reserve')) {
    const ids = acceptedIds(account);
    if (ids.length > 1) wrong.push(`one key, two orders: ${ids.join(' and ')}`);
    for (const id of ids) {
      if (!all.reservations.has(id)) wrong.push(`accepted and lost: ${id}`);
      for (const type of ['jari.lodging.v1.ReservationRequested', 'jari.property.v1.RequestStay'])
        if (!sent.has(`${id} ${type}`)) wrong.push(`accepted without its message ${type}: ${id}`);
    }
  }
  // What the client never learned of may have been done; anything beyond that was done twice.
  const rooms = new Set(asked(all, 'reserve').map(({ intent }) => intent.roomId));
  const known = new Set(told(all));
  const untold = [...all.reservations].filter(([id, { state }]) => state.status !== 'none' && rooms.has(state.booking.roomId) && !known.has(id));
  const unknown = asked(all, 'reserve').filter(({ outcomes }) => !outcomes.some(({ outcome }) => outcome.is !== 'unknown'));
  if (untold.length > unknown.length) wrong.push(`${untold.length} orders that nobody was told of, with ${unknown.length} calls unanswered: ${untold.map(([id]) => id).join()}`);

  for (const { intent, outcomes } of asked(all, 'cancel'))
    if (outcomes.some(({ outcome }) => outcome.is === 'accepted') && !['cancelling', 'cancelled'].includes(all.reservations.get(intent.id)?.state.status ?? ''))
      wrong.push(`cancelled and forgotten: ${intent.id}`);
  for (const { intent, outcomes } of asked(all, 'confirm'))
    if (outcomes.some(({ outcome }) => outcome.is === 'accepted') && !['confirmed', 'released'].includes(all.stays.get(intent.id)?.state.status ?? ''))
      wrong.push(`confirmed and forgotten: ${intent.id}`);
  return wrong;
}

function money(all: Snapshot): string[] {
  const wrong: string[] = [];
  const entries = Map.groupBy(all.ledger, ({ order_id }) => order_id);
  const keeps = new Map(asked(all, 'cancel').map(({ intent }) => [intent.id, intent.keeps]));
  for (const id of entries.keys()) if (!all.payments.has(id)) wrong.push(`charged for no payment of ours: ${id}`);
  for (const [id, { state }] of all.payments) {
    const booked = entries.get(id) ?? [];
    const charges = booked.filter(({ type }) => type === 'CHARGE').length;
    if (charges > 1) wrong.push(`charged ${charges} times: ${id}`);
    const due = dueByOurBooks(state);
    if (due !== undefined && net(booked) !== due) wrong.push(`our books say ${due}, the provider's ${net(booked)}: ${id}`);
  }
  for (const [id, { state }] of all.reservations) {
    const due = dueByOrder(state, keeps.get(id));
    if (due !== undefined && net(entries.get(id) ?? []) !== due) wrong.push(`${state.status}, so ${due} is due, and the provider has ${net(entries.get(id) ?? [])}: ${id}`);
  }
  return wrong;
}

const net = (entries: readonly Entry[]): number => entries.reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? amount : -amount), 0);

/** Undefined while it is not decided. */
function dueByOurBooks(state: Payment): number | undefined {
  switch (state.status) {
    case 'completed':
      return state.intent.amount.amount;
    case 'cancelled':
      return state.charged.amount - state.refunded.amount;
    case 'none':
    case 'declined':
      return 0;
    case 'pending':
    case 'refunding':
      return undefined;
  }
}

function dueByOrder(state: Reservation, keeps: number | undefined): number | undefined {
  switch (state.status) {
    case 'paid':
    case 'completed':
      return state.booking.total.amount;
    case 'none':
    case 'requested':
    case 'rejected':
    case 'payment-failed':
      return 0;
    case 'cancelled':
      return state.cause === 'CANCELLED_BY_GUEST' ? keeps : 0;
    case 'confirmed':
    case 'payment-pending':
    case 'cancelling':
      return undefined;
  }
}

function nights(all: Snapshot): string[] {
  const wrong: string[] = [];
  const sold = new Map<string, string>();
  for (const [id, { state }] of all.stays) {
    if (state.status !== 'confirmed') continue;
    const { roomId, checkIn, checkOut } = state.stay;
    for (const { key } of claimsOn(roomId, datesOf({ roomId, from: checkIn, to: checkOut }))) {
      const other = sold.get(key);
      if (other) wrong.push(`sold twice: ${key} to ${other} and ${id}`);
      sold.set(key, id);
    }
  }
  const held = new Map(all.claims.map(({ key, holder }) => [key, holder]));
  for (const [key, id] of sold) if (held.get(key) !== id) wrong.push(`sold, and not held for it: ${key} of ${id}`);
  for (const [key, holder] of held) if (sold.get(key) !== holder && !key.startsWith(`${holder}/`)) wrong.push(`held for nobody: ${key} by ${holder}`);
  return wrong;
}

/** What each of three services says of the same order. */
function agreement(all: Snapshot): string[] {
  return told(all).flatMap((id) => {
    const status = all.reservations.get(id)?.state.status;
    const expected = status && settled[status];
    if (!expected) return [];
    const [stay, payment] = [all.stays.get(id)?.state.status ?? 'none', all.payments.get(id)?.state.status ?? 'none'];
    return expected.stay.includes(stay) && expected.payment.includes(payment) ? [] : [`lodging says ${status}, property ${stay}, payment ${payment}: ${id}`];
  });
}

const settled: Partial<Record<Reservation['status'], { stay: readonly string[]; payment: readonly string[] }>> = {
  paid: { stay: ['confirmed'], payment: ['completed'] },
  rejected: { stay: ['rejected'], payment: ['none'] },
  'payment-failed': { stay: ['released'], payment: ['declined'] },
  cancelled: { stay: ['released', 'rejected', 'tombstone'], payment: ['cancelled'] },
};

function readModel(all: Snapshot): string[] {
  const rebuilt = new Map<string, OrderView>();
  for (const message of all.messages) {
    if (message.kind !== 'event') continue;
    for (const { id, input } of hear(message)) {
      const before = rebuilt.get(id) ?? orderView.initial;
      const decision = orderView.decide(before, input as Heard);
      rebuilt.set(id, decision.accepted ? decision.events.reduce(orderView.evolve, before) : before);
    }
  }
  const wrong = [...rebuilt].flatMap(([id, view]) => (isSame(view, all.views.get(id)?.state) ? [] : [`the log says otherwise: ${id}`]));
  for (const [id, { version, state }] of all.reservations) {
    const head = all.views.get(id)?.state.head;
    const shown = state.status.toUpperCase().replaceAll('-', '_');
    // Its inner changes are not told: the version shown may be older, never the status.
    if (head?.status !== shown || head.version > version) wrong.push(`lodging says ${shown} (${version}), the view ${head?.status} (${head?.version}): ${id}`);
  }
  return wrong;
}

function isSame(one: object, other: object | undefined): boolean {
  try {
    deepStrictEqual(JSON.parse(JSON.stringify(one)), other);
    return true;
  } catch {
    return false;
  }
}

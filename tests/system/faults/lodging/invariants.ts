import type { Reservation } from '../../../../services/lodging/reservation.ts';
import type { Payment } from '../../../../services/payment/payment.ts';
import { claimsOn, datesOf } from '../../../../services/property/nights.ts';
import { asked, told } from '../journal.ts';
import { nothingLost, readModel } from '../promises.ts';
import type { Entry, Snapshot } from './snapshot.ts';

export const invariants: Readonly<Record<string, (all: Snapshot) => string[]>> = {
  '1 nothing accepted is lost or doubled': (all) => [
    ...nothingLost(all, ['jari.lodging.v1.ReservationRequested', 'jari.property.v1.RequestStay']),
    ...nothingForgotten(all),
  ],
  '2 charged once, and kept what is due': money,
  '4 no night sold twice': nights,
  'services agree': agreement,
  '7 the read model is what the log says': readModel,
  'no dead letters': ({ deadLetters }) => [...deadLetters],
};

function nothingForgotten(all: Snapshot): string[] {
  const wrong: string[] = [];
  for (const { intent, outcomes } of asked(all.journal, 'cancel'))
    if (
      outcomes.some(({ outcome }) => outcome.is === 'accepted') &&
      !['cancelling', 'cancelled'].includes(all.reservations.get(intent.id)?.state.status ?? '')
    )
      wrong.push(`cancelled and forgotten: ${intent.id}`);
  for (const { intent, outcomes } of asked(all.journal, 'confirm'))
    if (
      outcomes.some(({ outcome }) => outcome.is === 'accepted') &&
      !['confirmed', 'released'].includes(all.stays.get(intent.id)?.state.status ?? '')
    )
      wrong.push(`confirmed and forgotten: ${intent.id}`);
  return wrong;
}

function money(all: Snapshot): string[] {
  const wrong: string[] = [];
  const entries = Map.groupBy(all.ledger, ({ order_id }) => order_id);
  const keeps = new Map(asked(all.journal, 'cancel').map(({ intent }) => [intent.id, intent.keeps]));
  for (const id of entries.keys()) if (!all.payments.has(id)) wrong.push(`charged for no payment of ours: ${id}`);
  for (const [id, { state }] of all.payments) {
    const booked = entries.get(id) ?? [];
    const charges = booked.filter(({ type }) => type === 'CHARGE').length;
    if (charges > 1) wrong.push(`charged ${charges} times: ${id}`);
    const due = dueByOurBooks(state);
    if (due !== undefined && net(booked) !== due)
      wrong.push(`our books say ${due}, the provider's ${net(booked)}: ${id}`);
  }
  for (const [id, { state }] of all.reservations) {
    const due = dueByOrder(state, keeps.get(id));
    if (due !== undefined && net(entries.get(id) ?? []) !== due)
      wrong.push(`${state.status}, so ${due} is due, and the provider has ${net(entries.get(id) ?? [])}: ${id}`);
  }
  return wrong;
}

const net = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? amount : -amount), 0);

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
  for (const [key, holder] of held)
    if (sold.get(key) !== holder && !key.startsWith(`${holder}/`)) wrong.push(`held for nobody: ${key} by ${holder}`);
  return wrong;
}

/** What each of three services says of the same order. */
function agreement(all: Snapshot): string[] {
  return told(all.journal).flatMap((id) => {
    const status = all.reservations.get(id)?.state.status;
    const expected = status && settled[status];
    if (!expected) return [];
    const [stay, payment] = [all.stays.get(id)?.state.status ?? 'none', all.payments.get(id)?.state.status ?? 'none'];
    return expected.stay.includes(stay) && expected.payment.includes(payment)
      ? []
      : [`lodging says ${status}, property ${stay}, payment ${payment}: ${id}`];
  });
}

const settled: Partial<Record<Reservation['status'], { stay: readonly string[]; payment: readonly string[] }>> = {
  paid: { stay: ['confirmed'], payment: ['completed'] },
  rejected: { stay: ['rejected'], payment: ['none'] },
  'payment-failed': { stay: ['released'], payment: ['declined', 'cancelled'] },
  cancelled: { stay: ['released', 'rejected', 'tombstone'], payment: ['cancelled'] },
};

import type { FakeBank } from '../../../services/payout/testing/fake-bank.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import { endOf } from '../../../services/tutoring/hours.ts';
import { isAskedToStop, type Purchase } from '../../../services/tutoring/purchase.ts';
import { sentAt } from '../invariants.ts';
import { skewMs, type World } from '../world.ts';

/** How long payouts are held, and how long a changed account waits; shorter than by default, so that histories get past them. */
export const holdMs = 20_000;

const seen = new WeakMap<World, string[]>();

/** What was wrong at the moment of a transfer, whatever became of it. */
export const wrongTransfers = (world: World): readonly string[] => seen.get(world) ?? [];

/** Looks at the platform's money each time the bank has sent some. */
export function watched(world: World, bank: FakeBank): FakeBank {
  const found: string[] = [];
  seen.set(world, found);
  const { transfer } = bank;
  bank.transfer = async (orderId, what) => {
    const before = bank.entries.length;
    try {
      return await transfer(orderId, what);
    } finally {
      if (bank.entries.length > before) found.push(...tooMuch(world, bank), ...tooEarly(world, orderId));
    }
  };
  return bank;
}

/** 5: at no moment is more out at the bank than has come in and cannot be refunded: what buyers paid for lectures that were held. */
function tooMuch(world: World, { entries }: FakeBank): string[] {
  const kept = new Set(
    world
      .stored<Purchase>('tutoring', 'purchase')
      .filter(({ state }) => state.status === 'completed' || isAskedToStop(state))
      .map(({ id }) => id),
  );
  const paid = world
    .stored<Payment>('payment', 'payment')
    .filter(({ id, state }) => kept.has(id) && state.status === 'completed');
  const come = paid.reduce(
    (sum, { state }) => sum + (state.status === 'completed' ? state.intent.amount.amount : 0),
    0,
  );
  const out = entries.reduce((sum, { amount }) => sum + amount.amount, 0);
  return out > come ? [`5: ${out} is out at the bank, and ${come} has come in that cannot be refunded`] : [];
}

/** 5: nothing is sent before the hold after the lecture is over, nor before the hold after its planned end. */
function tooEarly(world: World, orderId: string): string[] {
  const completedAt = sentAt(world, 'tutoring', 'PurchaseCompleted', orderId) ?? Infinity;
  const state = world.stored<Purchase>('tutoring', 'purchase').find(({ id }) => id === orderId)?.state;
  const plannedEnd = state && state.status !== 'none' ? endOf(state.terms) : Infinity;
  return world.now < Math.max(completedAt, plannedEnd) + holdMs - skewMs
    ? [`5: ${orderId} was paid out before its hold was over`]
    : [];
}

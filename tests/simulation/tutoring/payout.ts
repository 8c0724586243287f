import { outOfScope } from '#adapters/scope/scope.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { toBank } from '../../../services/payout/adapters/sealed-account.ts';
import { payoutRpc } from '../../../services/payout/adapters/grpc.ts';
import { subscriptions } from '../../../services/payout/adapters/messages.ts';
import { accountOf as accountIn, storedAccount, storedPayout } from '../../../services/payout/adapters/store.ts';
import type { PayoutAccount } from '../../../services/payout/account.ts';
import { fakeBank, type FakeBank } from '../../../services/payout/testing/fake-bank.ts';
import type { PaymentRecord } from '../../../services/payout/holding.ts';
import { balanceOf } from '../../../services/payout/journal.ts';
import type { Payout, Standing } from '../../../services/payout/payout.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import type { Bank, Ports } from '../../../services/payout/ports.ts';
import { endHold, send, settle, wake } from '../../../services/payout/usecases.ts';
import { holdMs, watched } from './outgoings.ts';
import type { Simulated, World } from '../world.ts';

const banks = new WeakMap<World, FakeBank>();

/** The bank of one history, whose books nobody else writes. */
export const bankOf = (world: World): FakeBank =>
  banks.get(world) ??
  banks
    .set(
      world,
      watched(
        world,
        fakeBank(() => world.now),
      ),
    )
    .get(world)!;

export type Made = Extract<Payout, { terms: unknown }>;

export const payoutsIn = (world: World): { id: string; state: Made }[] =>
  world.stored<Payout>('payout', 'payout').flatMap(({ id, state }) => ('terms' in state ? [{ id, state }] : []));

/** Payout, on a bank at the end of a rough road. */
export const payout: Simulated = {
  name: 'payout',
  plug({ store, now: sameInstant }, world) {
    // Later is later, though the world's clock stands still: the books are checked in the order in which they were written.
    let tick = 0;
    const now = (): number => sameInstant() + ++tick / 1_000;
    const sealing = sealingFor('payout', { current: 'the secret of the simulation', old: [] });
    const ports: Ports = {
      payouts: {
        update: (id, decide) => store.update(storedPayout, id, decide),
        prepare: (id, payeeId, decide) => store.update(storedPayout, id, decide, async () => standing(world, payeeId)),
        get: (id) => store.get(storedPayout, id),
        list: async ({ payeeId }, { after }) =>
          after
            ? []
            : world
                .stored<Payout>('payout', 'payout')
                .filter(({ state }) => state.status === 'waiting-account' && state.terms.payeeId === payeeId),
      },
      accounts: {
        update: (id, decide) => store.update(storedAccount, id, decide),
        get: (id) => store.get(storedAccount, id),
      },
      bank: toBank(roughRoad(world, bankOf(world)), sealing),
      turn: async () => {},
      paidOrders: { find: (id) => travels(world, async () => recordOf(world, id)) },
      ceilings: { transfer: Infinity, day: Infinity, newSeller: Infinity, newFor: 0 },
      raise: () => undefined,
      now,
      random: () => world.choices.pick(10) / 10,
    };
    return {
      rpc: [
        payoutRpc({
          ...ports,
          statements: {
            balance: async () => ({ balance: 0, held: 0 }),
            entries: async () => [],
            entriesAfter: async () => [],
          },
          sealing,
        }),
      ],
      subscriptions: subscriptions(storedPayout, now, holdMs),
      timers: {
        'payout/due': (id, at) => endHold(ports, id, at),
        'payout/send': (id) => send(ports, id),
        'payout/settle': (id) => settle(ports, id),
        'payout_account/wake': (id) => outOfScope(() => wake(ports, id)),
      },
    };
  },
};

export const accountOf = (world: World, payeeId: string): Standing['account'] => {
  const kept = world.stored<PayoutAccount>('payout', 'payout_account').find(({ id }) => id === payeeId);
  return kept && accountIn(kept, holdMs);
};

/** What payment's own record says of an order. */
function recordOf(world: World, id: string): PaymentRecord | undefined {
  if (world.isAway('payment')) throw new Error('payment does not answer');
  const state = world.stored<Payment>('payment', 'payment').find((each) => each.id === id)?.state;
  return state?.status === 'completed' ? { payeeId: state.intent.payeeId, paid: state.intent.amount } : undefined;
}

function standing(world: World, payeeId: string): Standing {
  const own = payoutsIn(world).filter(({ state }) => state.terms.payeeId === payeeId);
  return {
    account: accountOf(world, payeeId),
    balance: own.reduce(
      (sum, { state }) => (state.status === 'held' ? sum : sum + balanceOf(state.journal, 'SELLER')),
      0,
    ),
    transfers: own.reduce(
      (sum, { state }) => sum + state.journal.filter(({ type }) => type === 'TRANSFERRED').length,
      0,
    ),
    ...{ sentLately: 0, firstSentAt: undefined },
  };
}

/** A call may never arrive, its answer may be lost, or it may arrive when its sender has given up. */
async function travels<Result>(world: World, call: () => Promise<Result>): Promise<Result> {
  if (!world.faults || !world.choices.once(6)) return call();
  switch (world.choices.pick(3)) {
    case 0:
      throw new Error('the call was lost');
    case 1:
      await call();
      throw new Error('the answer was lost');
    default:
      world.late.push(async () => void (await call().catch(() => undefined)));
      throw new Error('the call is late');
  }
}

const roughRoad = (world: World, bank: FakeBank): Bank => ({
  transfer: (orderId, transfer) => travels(world, () => bank.transfer(orderId, transfer)),
  find: (key) => travels(world, () => bank.find(key)),
  void: (key) => travels(world, () => bank.void(key)),
});

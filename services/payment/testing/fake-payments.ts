import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import { decide, payments, type Input, type Payment } from '../payment.ts';
import { books } from '../books.ts';
import type { ComparedBooks, Declines, Payments } from '../ports.ts';
import { payment, type Message } from '../process.ts';

/** Payments in memory, with what follows from them. Passes the contract of the real store. */
export interface FakePayments extends Payments {
  /** As if a command had come. */
  hear(id: string, input: Input): Promise<void>;
  /** Every message sent, oldest first. */
  readonly sent: readonly Message[];
  /** When each timer is due, by `id/name`. */
  readonly timers: Map<string, Instant>;
}

export function fakePayments(now: () => Instant): FakePayments {
  const stored = new Map<string, StoredAggregate<Payment>>();
  const sent: Message[] = [];
  const timers = new Map<string, Instant>();
  const fake: FakePayments = {
    sent,
    timers,
    async update(id, decideOn) {
      const before = stored.get(id) ?? { id, state: payments.initial, version: 0, createdAt: now(), updatedAt: now() };
      const decision = decideOn(before.state);
      if (!decision.accepted) return decision;
      if (!decision.events.length) return { accepted: true, after: before };
      const after = {
        ...before,
        state: decision.events.reduce(payments.evolve, before.state),
        version: before.version + 1,
        updatedAt: now(),
      };
      const consequences = payment.consequences(decision.events, after);
      stored.set(id, after);
      sent.push(...(consequences.messages ?? []));
      for (const { name, at } of consequences.timers ?? []) timers.set(`${id}/${name}`, at);
      return { accepted: true, after };
    },
    get: async (id) => stored.get(id),
    list: async ({ status, payerId, payeeId }, { size, after }) =>
      [...stored.values()]
        .filter(({ id }) => after === undefined || id < after)
        .filter(({ state }) => status === undefined || state.status === status)
        .filter(({ state }) => payerId === undefined || intentOf(state)?.payerId === payerId)
        .filter(({ state }) => payeeId === undefined || intentOf(state)?.payeeId === payeeId)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, size),
    async *changedSince(since) {
      for (const kept of stored.values()) if (kept.updatedAt >= since) yield kept;
    },
    async hear(id, input) {
      await fake.update(id, (state) => decide(state, input));
    },
  };
  return fake;
}

const intentOf = (state: Payment) => (state.status === 'none' ? null : state.intent);

/** Any number of charges may be declined. */
export const declinesUnlimited: Declines = { wait: () => 0, count: () => {} };

export function fakeBooks(): ComparedBooks {
  let state = books.initial;
  return { get: async () => state, compared: async (input) => (state = books.evolve(state, input)) };
}

import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import { askAgainFrom } from '#adapters/mikro-orm/ask-again.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { cafes, type Cafe, type CafeReplica } from '../cafe.ts';
import type { Cafes, Selections } from '../ports.ts';
import { consequencesWith, type Message, type PaymentTimeouts } from '../process.ts';
import { selections, type Input, type Refusal, type Selection, type SelectionEvent } from '../selection.ts';
import { CafeEntity, SelectionEntity } from './entities.ts';
import { encodeWith } from './messages.ts';

export type StoredSelections = Stored<Selection, Input, SelectionEvent, Refusal, Message>;
export const storedSelections = (timeouts: PaymentTimeouts): StoredSelections => ({
  ...selections,
  name: 'selection',
  consequences: consequencesWith(timeouts),
  encode: encodeWith(timeouts),
});

/** Seating's copy of the cafes causes nothing. */
export const storedCafes: Stored<CafeReplica, Cafe, Cafe, never, never> = {
  ...cafes,
  name: 'cafe',
  consequences: () => ({}),
  encode: (none: never) => none,
};

export const migrations = [
  {
    name: 'seating-1',
    up: [
      `create table selection (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        customer_id uuid generated always as ((state->'booking'->>'customerId')::uuid) stored,
        status text generated always as (state->>'status') stored
      )`,
      'create index selection_of_customer on selection (customer_id, id desc)',
      'create index selection_by_status on selection (status, id desc)',
      `create table cafe (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
    ],
  },
  // Selections of earlier versions have no timer to ask again by.
  {
    name: 'seating-2',
    up: [askAgainFrom('selection', `status in ('selected', 'held', 'payment-pending', 'paid', 'cancelling')`)],
  },
];

export const mikroOrmSelections = (store: Store, stored: StoredSelections, mostUnpaid: number): Selections => ({
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  get: (id) => store.get(stored, id),
  list: ({ customerId, status }, page) => store.list(stored, SelectionEntity, { customerId, status }, page),
  limits: (id, customerId) =>
    limitsFor(store, id, [{ key: `unpaid/${customerId}`, most: mostUnpaid, of: 'unpaid selections' }]),
});

export const mikroOrmCafes = (store: Store): Cafes => ({
  async find(id) {
    const kept = await store.get(storedCafes, id);
    return kept?.state.status === 'open' ? kept.state.cafe : undefined;
  },
  isEmpty: async () => (await store.list(storedCafes, CafeEntity, {}, { size: 1 })).length === 0,
});

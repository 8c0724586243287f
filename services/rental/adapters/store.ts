import { earlierAttempt } from '#adapters/mikro-orm/earlier-attempt.ts';
import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import { askAgainFrom } from '#adapters/mikro-orm/ask-again.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Products, Rentals } from '../ports.ts';
import { consequencesWith, type Message, type PaymentTimeouts } from '../process.ts';
import { products, type Product, type ProductReplica } from '../product.ts';
import { rentals, type Input, type Refusal, type Rental, type RentalEvent } from '../rental.ts';
import { ProductEntity, RentalEntity } from './entities.ts';
import { encode } from './messages.ts';

export type StoredRentals = Stored<Rental, Input, RentalEvent, Refusal, Message>;
export const storedRentals = (timeouts: PaymentTimeouts): StoredRentals => ({
  ...rentals,
  name: 'rental',
  consequences: consequencesWith(timeouts),
  encode,
});

/** Rental's copy of the products causes nothing. */
export const storedProducts: Stored<ProductReplica, Product, Product, never, never> = {
  ...products,
  name: 'product',
  consequences: () => ({}),
  encode: (none: never) => none,
};

export const migrations = [
  {
    name: 'rental-1',
    up: [
      `create table rental (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        customer_id uuid generated always as ((state #>> '{contract,customerId}')::uuid) stored,
        status text generated always as (state->>'status') stored,
        -- What is not paid is nobody's business.
        accepted boolean generated always as (state->>'status' not in ('paying', 'unpaid')) stored
      )`,
      'create index rental_of_customer on rental (customer_id, id desc)',
      'create index rental_by_status on rental (status, id desc)',
      `create table product (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
    ],
  },
  // Rentals of earlier versions have no timer to ask again by.
  {
    name: 'rental-2',
    up: [
      askAgainFrom('rental', `status in ('received', 'backordered', 'stock-confirmed', 'delivering', 'cancelling')`),
    ],
  },
];

export const mikroOrmRentals = (store: Store, stored: StoredRentals, mostUnpaid: number): Rentals => ({
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  updateWithoutProof: (id, decide, facts) => withoutProof(() => store.update(stored, id, decide, facts)),
  get: (id) => store.get(stored, id),
  list: ({ customerId, status }, page) =>
    store.list(stored, RentalEntity, { accepted: true, customerId, status }, page),
  async earlierAttempt() {
    const { id, mark } = await earlierAttempt(store);
    const rental = id && (await store.get(stored, id));
    return { mark, ...(rental && { rental }) };
  },
  limits: (id, customerId) =>
    limitsFor(store, id, [{ key: `unpaid/${customerId}`, most: mostUnpaid, of: 'unpaid rentals' }]),
});

export const mikroOrmProducts = (store: Store): Products => ({
  async find(id) {
    const kept = await store.get(storedProducts, id);
    return kept?.state.status === 'listed' ? kept.state.product : undefined;
  },
  newest: async () =>
    (await store.list(storedProducts, ProductEntity, {}, { size: 200 })).flatMap(({ state }) =>
      state.status === 'listed' ? [state.product] : [],
    ),
  isEmpty: async () => (await store.list(storedProducts, ProductEntity, {}, { size: 1 })).length === 0,
});

import { reachable, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import type { Products } from '../ports.ts';
import type { Message } from '../process.ts';
import { products } from '../process.ts';
import type { Product, ProductEvent, ProductInput, ProductRefusal } from '../product.ts';
import { encode } from './messages.ts';

export type StoredProducts = Stored<Product, ProductInput, ProductEvent, ProductRefusal, Message>;
export const storedProducts: StoredProducts = { ...products, encode };

export const migrations = [
  {
    name: 'inventory-1',
    up: [
      // The counts stand in columns for the constraint alone: what breaks it is not stored, whatever the code believes.
      `create table product (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state->>'status') stored,
        kind text generated always as (state #>> '{terms,kind}') stored,
        on_hand integer generated always as ((state #> '{stock,onHand}')::integer) stored,
        held integer generated always as ((state #> '{stock,held}')::integer) stored,
        committed integer generated always as ((state #> '{stock,committed}')::integer) stored,
        constraint no_unit_is_promised_twice check (held between 0 and on_hand and committed >= 0)
      )`,
      'create index product_by_kind on product (kind, id desc)',
    ],
  },
];

export const mikroOrmProducts = (store: Store): Products => ({
  update: (id, decide) => store.update(storedProducts, id, decide),
  get: (id) => store.get(storedProducts, id),
  list: ({ kind }, page) => store.list(storedProducts, { status: 'listed', kind }, page),
  ids: () =>
    reachable(async () => {
      const rows = await store.read().execute<{ id: string }[]>(`select id::text from product where status = 'listed' order by id`);
      return rows.map(({ id }) => id);
    }),
});

import { idsOf, tablesIn } from '#adapters/mikro-orm/queries.ts';
import {
  boundedSearchFunctions,
  containing,
  search,
  searchFunctions,
  when,
  type Condition,
} from '#adapters/mikro-orm/search.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import type { Products } from '../ports.ts';
import type { Message } from '../process.ts';
import { products } from '../process.ts';
import type { Product, ProductEvent, ProductInput, ProductRefusal } from '../product.ts';
import { standingAfter, stepsOf } from '../steps.ts';
import { type entities } from './entities.ts';
import { encode } from './messages.ts';

export type StoredProducts = Stored<Product, ProductInput, ProductEvent, ProductRefusal, Message>;
export const storedProducts: StoredProducts = { ...products, encode };

export const migrations = [
  {
    name: 'inventory-1',
    up: [
      // The counts are columns for the constraint alone: the database refuses a row that violates it, whatever the code does.
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
  {
    // What each order has moves from the products' rows to the claims; only the line stays. The code before this one does not look
    // there: the two do not run side by side.
    name: 'inventory-2',
    up: [
      `insert into claim (key, holder)
        select product.id || '/' || hold.key || '/' || step, product.id
        from product, jsonb_each(state #> '{stock,holds}') hold, unnest(case hold.value ->> 'stage'
          when 'held' then array['met', 'held/' || (hold.value ->> 'quantity')]
          when 'committed' then array['met', 'held/' || (hold.value ->> 'quantity'), 'over']
          when 'released' then array['met', 'released']
          else array['met'] end) step`,
      `update product set state = jsonb_set(state #- '{stock,holds}', '{stock,line}', (
          select coalesce(jsonb_agg(jsonb_build_object(
            'order', jsonb_build_object('kind', state #> array['stock', 'holds', id, 'kind'], 'id', id),
            'quantity', state #> array['stock', 'holds', id, 'quantity']) order by place), '[]')
          from jsonb_array_elements_text(state #> '{stock,line}') with ordinality waits (id, place)))
        where status = 'listed'`,
    ],
  },
  {
    name: 'inventory-3',
    up: [
      ...searchFunctions,
      `alter table product
        add column search text generated always as (folded((state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,family}', '') || ' ' ||
      coalesce(jsonb_path_query_array(state, '$.terms.options.*')::text, '') || ' ' || coalesce(state #>> '{terms,description}', ''))) stored,
        add column grams text[] generated always as (grams(folded((state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,family}', '') || ' ' ||
      coalesce(jsonb_path_query_array(state, '$.terms.options.*')::text, '') || ' ' || coalesce(state #>> '{terms,description}', '')))) stored,
        add column closed boolean generated always as (coalesce((state -> 'isClosed')::boolean, false)) stored`,
      'create index product_search on product using gin (grams)',
    ],
  },
  { name: 'inventory-4', up: [...boundedSearchFunctions] },
];

export const mikroOrmProducts = (store: Store): Products => ({
  update: (id, decide, facts) => store.update(storedProducts, id, decide, facts),
  get: (id) => store.get(storedProducts, id),
  standing: async (id, orderId) => standingAfter((await store.claims(...stepsOf(id, orderId))).map(({ key }) => key)),
  list: ({ kind, text = '', seesClosed }, page) => {
    const open: Condition[] = seesClosed ? [] : [['not kept.closed']];
    const ofKind = when(kind, (value): Condition => ['kept.kind = ?', value]);
    return search(store, storedProducts, [...open, ...ofKind, ...containing(text)], page);
  },
  ids: () =>
    idsOf(
      tablesIn<typeof entities>(store).selectFrom('product').select('id').where('status', '=', 'listed').orderBy('id'),
    ),
});

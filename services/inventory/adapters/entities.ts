import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index, newestFirst, searchColumns } from '#adapters/mikro-orm/columns.ts';
import type { Product } from '../product.ts';

export const ProductEntity = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    ...aggregateColumns<Product>(),
    status: generated.text(`state ->> 'status'`),
    kind: generated.text(`state #>> '{terms,kind}'`),
    onHand: generated.integer(`(state #> '{stock,onHand}')::integer`),
    held: generated.integer(`(state #> '{stock,held}')::integer`),
    committed: generated.integer(`(state #> '{stock,committed}')::integer`),
    ...searchColumns(`(state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,family}', '') || ' ' ||
      coalesce(jsonb_path_query_array(state, '$.terms.options.*')::text, '') || ' ' || coalesce(state #>> '{terms,description}', '')`),
    closed: generated.boolean(`coalesce((state -> 'isClosed')::boolean, false)`),
  },
  indexes: [newestFirst('product_by_kind', 'kind'), index('product_search', 'using gin (grams)')],
  checks: [{ name: 'no_unit_is_promised_twice', expression: 'held >= 0 and held <= on_hand and committed >= 0' }],
});

export const entities = [ProductEntity];

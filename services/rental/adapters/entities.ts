import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Rental } from '../rental.ts';
import type { ProductReplica } from '../product.ts';

export const RentalEntity = defineEntity({
  name: 'Rental',
  tableName: 'rental',
  properties: {
    ...aggregateColumns<Rental>(),
    customerId: generated.uuid(`(state #>> '{contract,customerId}')::uuid`),
    status: generated.text(`state ->> 'status'`),
    accepted: generated.boolean(`state ->> 'status' <> all (array['paying', 'unpaid'])`),
  },
  indexes: [newestFirst('rental_of_customer', 'customer_id'), newestFirst('rental_by_status', 'status')],
});

export const ProductEntity = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: aggregateColumns<ProductReplica>(),
});

export const entities = [RentalEntity, ProductEntity];

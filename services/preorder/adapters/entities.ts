import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Preorder } from '../preorder.ts';

export const PreorderEntity = defineEntity({
  name: 'Preorder',
  tableName: 'preorder',
  properties: {
    ...aggregateColumns<Preorder>(),
    customerId: generated.uuid(`(state #>> '{booking,customerId}')::uuid`),
    made: generated.boolean(`(state -> 'progress') is not null`),
    status: generated.text(`coalesce(state ->> 'stage', state ->> 'status')`),
  },
  indexes: [newestFirst('preorder_of_customer', 'customer_id'), newestFirst('preorder_by_status', 'status')],
});

export const entities = [PreorderEntity];

import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Selection } from '../selection.ts';
import type { CafeReplica } from '../cafe.ts';

export const SelectionEntity = defineEntity({
  name: 'Selection',
  tableName: 'selection',
  properties: {
    ...aggregateColumns<Selection>(),
    customerId: generated.uuid(`(state -> 'booking' ->> 'customerId')::uuid`),
    status: generated.text(`state ->> 'status'`),
  },
  indexes: [newestFirst('selection_of_customer', 'customer_id'), newestFirst('selection_by_status', 'status')],
});

export const CafeEntity = defineEntity({
  name: 'Cafe',
  tableName: 'cafe',
  properties: aggregateColumns<CafeReplica>(),
});

export const entities = [SelectionEntity, CafeEntity];

import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Delivery } from '../delivery.ts';

export const DeliveryEntity = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    ...aggregateColumns<Delivery>(),
    status: generated.text(`state ->> 'status'`),
    asked: generated.boolean(`(state -> 'address') is not null`),
    courierId: generated.text(`coalesce(state #>> '{handOver,courierId}', '')`),
  },
  indexes: [newestFirst('delivery_by_status', 'status'), newestFirst('delivery_of_courier', 'courier_id')],
});

export const entities = [DeliveryEntity];

import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import type { Delivery, DeliveryEvent, DeliveryInput, DeliveryRefusal } from '../delivery.ts';
import type { Deliveries } from '../ports.ts';
import { deliveries, type Message } from '../process.ts';
import { encode } from './messages.ts';

export const storedDeliveries: Stored<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal, Message> = { ...deliveries, encode };

export const migrations = [
  {
    name: 'delivery-1',
    up: [
      `create table delivery (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state->>'status') stored,
        asked boolean generated always as ((state->'address') is not null) stored
      )`,
      'create index delivery_by_status on delivery (status, id desc)',
    ],
  },
];

export const mikroOrmDeliveries = (store: Store): Deliveries => ({
  update: (id, decide) => store.update(storedDeliveries, id, decide),
  list: ({ status }, page) => store.list(storedDeliveries, { asked: true, status }, page),
});

import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import { currentScope, inScope } from '#adapters/scope/scope.ts';
import type { Delivery, DeliveryEvent, DeliveryInput, DeliveryRefusal } from '../delivery.ts';
import type { Deliveries } from '../ports.ts';
import { deliveriesWith, type Message } from '../process.ts';
import { DeliveryEntity } from './entities.ts';
import { encode } from './messages.ts';

export type StoredDeliveries = Stored<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal, Message>;

export const storedDeliveries = (addressMs: number): StoredDeliveries => ({ ...deliveriesWith(addressMs), encode });

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
  {
    name: 'delivery-2',
    up: [
      // Empty while nobody has taken it, as in rows of the version before.
      `alter table delivery add column courier_id text generated always as (coalesce(state #>> '{handOver,courierId}', '')) stored`,
      'create index delivery_of_courier on delivery (courier_id, id desc)',
      // Addresses of deliveries that ended before this version are erased, too.
      `insert into timer (id, aggregate, aggregate_id, name, due_at)
        select gen_random_uuid(), 'delivery', id, 'forget-address', updated_at + interval '30 days' from delivery where asked and status in ('delivered', 'cancelled')`,
    ],
  },
];

export function mikroOrmDeliveries(store: Store, stored: StoredDeliveries, mostOpen: number): Deliveries {
  const update: Deliveries['update'] = (id, decide, facts) => store.update(stored, id, decide, facts);
  return {
    get: (id) => store.get(stored, id),
    update,
    updateWithoutProof(id, decide, facts) {
      // The command's idempotency key belongs to the transaction that decides the command.
      const { once: _, ...scope } = currentScope() ?? { correlationId: id, causationId: id };
      return inScope(scope, () => update(id, decide, facts));
    },
    limits: (id, courierId) =>
      limitsFor(store, id, [{ key: `courier/${courierId}`, most: mostOpen, of: 'open deliveries' }]),
    list({ status, courierId }, { size, after }) {
      if (courierId === undefined)
        return store.list(
          stored,
          DeliveryEntity,
          { asked: true, status },
          { size, ...(after !== undefined && { after }) },
        );
      return store.where(stored, 'delivery-for-courier', forCourier, [size, courierId, status ?? null, after ?? null]);
    },
  };
}

/** Two walks along an index, newest first: the courier's own, and the pool. */
const forCourier = `where kept.id in (
    (select id from delivery where courier_id = $2 and asked and ($3::text is null or status = $3) and ($4::uuid is null or id < $4) order by id desc limit $1)
    union all
    (select id from delivery where courier_id = '' and status in ('scheduled', 'started') and ($3::text is null or status = $3) and ($4::uuid is null or id < $4) order by id desc limit $1)
  ) order by kept.id desc limit $1`;

import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Preorders } from '../ports.ts';
import { preorders, type Input, type Preorder, type PreorderEvent, type Refusal } from '../preorder.ts';
import { consequences, type Message } from '../process.ts';
import { encode } from './messages.ts';

export const storedPreorders: Stored<Preorder, Input, PreorderEvent, Refusal, Message> = { ...preorders, name: 'preorder', consequences, encode };

export const migrations = [
  {
    name: 'preorder-1',
    up: [
      `create table preorder (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        customer_id uuid generated always as ((state #>> '{booking,customerId}')::uuid) stored,
        made boolean generated always as ((state -> 'progress') is not null) stored,
        status text generated always as (coalesce(state ->> 'stage', state ->> 'status')) stored
      )`,
      'create index preorder_of_customer on preorder (customer_id, id desc)',
      'create index preorder_by_status on preorder (status, id desc)',
    ],
  },
];

export const mikroOrmPreorders = (store: Store): Preorders => ({
  update: (id, decide) => store.update(storedPreorders, id, decide),
  note: (id, decide) => withoutProof(() => store.update(storedPreorders, id, decide)),
  get: (id) => store.get(storedPreorders, id),
  list: ({ customerId, status }, page) => store.list(storedPreorders, { made: true, customer_id: customerId, status }, page),
});

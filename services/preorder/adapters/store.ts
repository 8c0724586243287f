import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Preorders } from '../ports.ts';
import { preorders, type Input, type Preorder, type PreorderEvent, type Refusal } from '../preorder.ts';
import { consequencesWith, type Message } from '../process.ts';
import { encode } from './messages.ts';

export type StoredPreorders = Stored<Preorder, Input, PreorderEvent, Refusal, Message>;
/** An intention that is no pre-order after `intentMs` is given up. */
export const storedPreorders = (intentMs: number): StoredPreorders => ({
  ...preorders,
  name: 'preorder',
  consequences: consequencesWith(intentMs),
  encode,
});

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

export const mikroOrmPreorders = (store: Store, stored: StoredPreorders): Preorders => ({
  update: (id, decide) => store.update(stored, id, decide),
  note: (id, decide) => withoutProof(() => store.update(stored, id, decide)),
  get: (id) => store.get(stored, id),
  list: ({ customerId, status }, page) => store.list(stored, { made: true, customer_id: customerId, status }, page),
});

import { askAgainFrom } from '#adapters/mikro-orm/ask-again.ts';
import { earlierAttempt } from '#adapters/mikro-orm/earlier-attempt.ts';
import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Preorders } from '../ports.ts';
import { preorders, type Input, type Preorder, type PreorderEvent, type Refusal } from '../preorder.ts';
import { consequencesWith, type Message, type Waits } from '../process.ts';
import { PreorderEntity } from './entities.ts';
import { encodeWith } from './messages.ts';

export type StoredPreorders = Stored<Preorder, Input, PreorderEvent, Refusal, Message>;
export const storedPreorders = (waits: Waits): StoredPreorders => ({
  ...preorders,
  name: 'preorder',
  consequences: consequencesWith(waits),
  encode: encodeWith(waits),
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
  // Pre-orders of earlier versions have no timer to ask again by.
  { name: 'preorder-2', up: [askAgainFrom('preorder', `made and status <> 'cancelled'`)] },
];

/** `open`: pre-orders of a customer; `phones`: of one product in them. 0 is no limit. */
export const mikroOrmPreorders = (
  store: Store,
  stored: StoredPreorders,
  { open, phones }: { open: number; phones: number },
): Preorders => ({
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  updateWithoutProof: (id, decide, facts) => withoutProof(() => store.update(stored, id, decide, facts)),
  get: (id) => store.get(stored, id),
  list: ({ customerId, status }, page) => store.list(stored, PreorderEntity, { made: true, customerId, status }, page),
  async earlierAttempt() {
    const { id, mark } = await earlierAttempt(store);
    const preorder = id && (await store.get(stored, id));
    return { mark, ...(preorder && { preorder }) };
  },
  limits: (id, { customerId, productId, quantity }) =>
    limitsFor(store, id, [
      { key: `open/${customerId}`, most: open, of: 'open pre-orders' },
      {
        key: `phones/${customerId}/${productId}`,
        most: phones,
        want: quantity,
        of: 'phones of one model in open pre-orders',
      },
    ]),
});

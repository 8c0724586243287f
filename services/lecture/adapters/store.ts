import type { Store } from '#adapters/mikro-orm/store.ts';
import type { Lectures, Mailboxes } from '../ports.ts';
import { LectureEntity } from './entities.ts';
import { storedLectures, storedMailboxes } from './messages.ts';

/** Generated columns are for filtering alone; all that is shown comes from `state`. */
export const migrations = [
  {
    name: 'lecture-1',
    up: [
      `create table lesson (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create table lecture (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state ->> 'status') stored,
        buyer_id text generated always as (state #>> '{terms,buyerId}') stored,
        seller_id text generated always as (state #>> '{terms,sellerId}') stored
      )`,
      'create index lecture_of_buyer on lecture (buyer_id, id desc)',
      'create index lecture_of_seller on lecture (seller_id, id desc)',
      `create table mailbox (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
    ],
  },
];

export const mikroOrmLectures = (store: Store): Lectures => ({
  get: (id) => store.get(storedLectures, id),
  list: (role, userId, status, page) =>
    store.list(
      storedLectures,
      LectureEntity,
      { ...(role === 'buyer' ? { buyerId: userId } : { sellerId: userId }), status },
      page,
    ),
  update: (id, decide) => store.update(storedLectures, id, decide),
});

export const mikroOrmMailboxes = (store: Store): Mailboxes => ({
  update: (id, decide) => store.update(storedMailboxes, id, decide),
});

import type { Store } from '#adapters/mikro-orm/store.ts';
import { knownParties } from '../process.ts';
import { profile } from '../profile.ts';
import type { Messages, PartiesTo, Profiles } from '../ports.ts';
import { storedMessages, storedParties, storedProfiles } from './messages.ts';

export const migrations = [
  {
    name: 'notification-1',
    up: [
      ...['profile', 'parties'].map(
        (table) => `create table ${table} (
          id uuid primary key,
          version integer not null,
          state jsonb not null,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`,
      ),
      `create table message (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        recipient_id text generated always as (state #>> '{note,recipientId}') stored
      )`,
      'create index message_of_recipient on message (recipient_id, id desc)',
    ],
  },
];

export const mikroOrmMessages = (store: Store): Messages => ({
  get: (id) => store.get(storedMessages, id),
  list: (recipientId, page) => store.list(storedMessages, { recipient_id: recipientId }, page),
  update: (id, decide) => store.update(storedMessages, id, decide),
});

export const mikroOrmProfiles = (store: Store): Profiles => ({
  get: async (userId) => (await store.get(storedProfiles, userId))?.state ?? profile.initial,
  update: (userId, decide) => store.update(storedProfiles, userId, decide),
});

export const mikroOrmPartiesTo =
  (store: Store): PartiesTo =>
  async (orderId) =>
    (await store.get(storedParties, orderId))?.state ?? knownParties.initial;

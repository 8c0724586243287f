import type { Store } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import { sealStored } from '#adapters/mikro-orm/seal-stored.ts';
import { knownParties } from '../process.ts';
import { profile } from '../profile.ts';
import type { Allowances, Mails, Messages, PartiesTo, Profiles } from '../ports.ts';
import { MessageEntity } from './entities.ts';
import { storedAllowances, storedMails, storedMessages, storedParties, storedProfiles } from './messages.ts';

const aggregate = (table: string): string => `create table ${table} (
  id uuid primary key,
  version integer not null,
  state jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
)`;

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
  {
    name: 'notification-2',
    up: [
      aggregate('allowance'),
      aggregate('code_quota'),
      // Contacts that nobody has verified yet. The service seals them as it starts.
      `update profile set state = jsonb_strip_nulls(jsonb_build_object(
        'status', 'kept', 'language', state #>> '{contact,language}', 'codesSent', '[]'::jsonb,
        'phone', case when state #>> '{contact,phone}' <> '' then jsonb_build_object('sealed', state #>> '{contact,phone}', 'verified', false) end,
        'email', case when state #>> '{contact,email}' <> '' then jsonb_build_object('sealed', state #>> '{contact,email}', 'verified', false) end
      )) where state ? 'contact'`,
      // A message finds its address in the profile when it leaves.
      `update message set state = state - 'address' where state ->> 'status' = 'pending'`,
    ],
  },
  { name: 'notification-3', up: [aggregate('mail')] },
  { name: 'notification-4', up: [aggregate('day_total')] },
  { name: 'notification-5', up: [aggregate('mail_quota')] },
];

export const mikroOrmMessages = (store: Store): Messages => ({
  get: (id) => store.get(storedMessages, id),
  list: (recipientId, page) => store.list(storedMessages, MessageEntity, { recipientId }, page),
  update: (id, decide) => store.update(storedMessages, id, decide),
});

export const mikroOrmMails = (store: Store): Mails => ({
  get: async (id) => (await store.get(storedMails, id))?.state ?? storedMails.initial,
  update: (id, decide) => store.update(storedMails, id, decide),
});

export const mikroOrmProfiles = (store: Store): Profiles => ({
  get: async (userId) => (await store.get(storedProfiles, userId))?.state ?? profile.initial,
  kept: (userId) => store.get(storedProfiles, userId),
  update: (userId, decide) => store.update(storedProfiles, userId, decide),
  updateWithoutProof: (userId, decide) => withoutProof(() => store.update(storedProfiles, userId, decide)),
});

export const mikroOrmAllowances =
  (store: Store): Allowances =>
  async (userId, decide) => {
    const updated = await withoutProof(() => store.update(storedAllowances, userId, decide));
    return updated.accepted ? updated.after.state : storedAllowances.initial;
  };

export const mikroOrmPartiesTo =
  (store: Store): PartiesTo =>
  async (orderId) =>
    (await store.get(storedParties, orderId))?.state ?? knownParties.initial;

/** Encrypts contacts of earlier versions and those of an old secret. Returns the number that no secret decrypts. */
export const sealContacts = (store: Store, sealing: Sealing): Promise<number> =>
  sealStored(store, sealing, 'profile', ['phone', 'sealed'], ['email', 'sealed']);

/** The same for mails that wait. */
export const sealMails = (store: Store, sealing: Sealing): Promise<number> =>
  sealStored(store, sealing, 'mail', ['mail', 'address'], ['mail', 'link']);

import { placeOf } from '#adapters/grpc/client-address.ts';
import {
  boundedSearchFunctions,
  containing,
  search,
  searchFunctions,
  when,
  type Condition,
} from '#adapters/mikro-orm/search.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import { idOf } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import { attempts } from '../attempts.ts';
import type { AccountLinks, AttemptCounts, Invitations, Keys, People, Sessions } from '../ports.ts';
import { administratorKeys, ceasedKeys, emailKey, invitationKey } from '../process.ts';
import { InvitationEntity, SessionEntity } from './entities.ts';
import {
  storedAccountLinks,
  storedAttempts,
  storedInvitations,
  storedKeyRings,
  storedPeople,
  storedSessions,
} from './messages.ts';

const aggregate = (table: string, ...generated: readonly string[]): string => `create table ${table} (
  id uuid primary key,
  version integer not null,
  state jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null${generated.map((column) => `,\n  ${column}`).join('')}
)`;

export const migrations = [
  {
    name: 'identity-1',
    up: [
      aggregate('person'),
      aggregate(
        'session',
        `person_id text generated always as (state ->> 'personId') stored`,
        `status text generated always as (state ->> 'status') stored`,
      ),
      'create index session_of_person on session (person_id, status, id desc)',
      aggregate('key_ring'),
      aggregate('attempts'),
    ],
  },
  {
    // People are searched by name and role. The administrators of before are known by their claims from now on.
    name: 'identity-2',
    up: [
      ...searchFunctions,
      `alter table person
        add column search text generated always as (folded(state #>> '{account,name}')) stored,
        add column grams text[] generated always as (grams(folded(state #>> '{account,name}'))) stored,
        add column roles text[] generated always as (texts(state #> '{account,roles}')) stored`,
      'create index person_search on person using gin (grams, roles)',
      `insert into claim (key, holder) select '${administratorKeys}' || id, id from person where roles @> array['admin'] on conflict do nothing`,
    ],
  },
  { name: 'identity-3', up: [aggregate('invitation')] },
  { name: 'identity-4', up: [aggregate('account_link')] },
  { name: 'identity-5', up: [...boundedSearchFunctions] },
];

/** The longest time within which attempts are counted. */
export const longestWindow = minutes(60);

/**
 * Attempts that no longer count, whoever made them. Links that are past, that nobody got, and that the password was changed since. One that verifies
 * says so again until it is past. Sessions a day after they ended, by which time nobody repeats a call that ended one.
 */
export const cleaning = [
  `delete from attempts where state ->> 'status' = 'none'
    or (state ->> 'from')::bigint <= extract(epoch from now()) * 1000 - ${longestWindow}`,
  `delete from account_link where state ->> 'status' = 'dropped' or state ->> 'status' = 'issued' and (
    (state ->> 'expires')::bigint <= extract(epoch from now()) * 1000
    or (state ->> 'passwordChanges')::integer < (
      select coalesce((person.state #>> '{account,passwordChanges}')::integer, 0) from person
      where person.id = (account_link.state ->> 'personId')::uuid))`,
  `delete from session where status = 'ended' and updated_at < now() - interval '1 day'
    or (state ->> 'expires')::bigint <= extract(epoch from now() - interval '1 day') * 1000`,
];

async function holderOf(store: Store, key: string): Promise<string | undefined> {
  const [claim] = await store.claims(key, `${key}\u0001`);
  return claim?.holder;
}

/** Claims with a key that begins so. */
const beginning = (store: Store, prefix: string) => store.claims(prefix, `${prefix}\uffff`);

export const mikroOrmPeople = (store: Store): People => ({
  get: (id) => store.get(storedPeople, id),
  list: ({ text = '', role, id }, page) =>
    search(
      store,
      storedPeople,
      [
        ...containing(text),
        ...when(role, (name): Condition => ['kept.roles @> array[?]', name]),
        ...when(id, (of): Condition => ['kept.id = ?::uuid', of]),
      ],
      page,
    ),
  holderOf: (digest) => holderOf(store, emailKey(digest)),
  async administratorsWithout(id) {
    const [administrators, ceased] = await Promise.all([
      beginning(store, administratorKeys),
      beginning(store, ceasedKeys),
    ]);
    return { another: administrators.some(({ holder }) => holder !== id), ceased: ceased.length };
  },
  update: (id, decide, facts) => store.update(storedPeople, id, decide, facts),
});

export const mikroOrmInvitations = (store: Store): Invitations => ({
  get: (id) => store.get(storedInvitations, id),
  list: (page) => store.list(storedInvitations, InvitationEntity, {}, page),
  takenBy: (id) => holderOf(store, invitationKey(id)),
  update: (id, decide, facts) => store.update(storedInvitations, id, decide, facts),
});

export const mikroOrmAccountLinks = (store: Store): AccountLinks => ({
  get: (id) => store.get(storedAccountLinks, id),
  update: (id, decide) => store.update(storedAccountLinks, id, decide),
});

export const mikroOrmSessions = (store: Store): Sessions => ({
  get: (id) => store.get(storedSessions, id),
  list: (personId, page) => store.list(storedSessions, SessionEntity, { personId, status: 'open' }, page),
  update: (id, decide) => store.update(storedSessions, id, decide),
});

/** There is one ring, and so one id. */
export const keyRingId = idOf('identity', 'key-ring');

export const mikroOrmKeys = (store: Store, make: Keys['make']): Keys => ({
  get: async () => (await store.get(storedKeyRings, keyRingId))?.state ?? storedKeyRings.initial,
  update: (decide) => store.update(storedKeyRings, keyRingId, decide),
  make,
});

export const mikroOrmAttempts = (store: Store, { digest }: Pick<Sealing, 'digest'>): AttemptCounts => ({
  update: (kind, names, input) =>
    withoutProof(() =>
      // The name of an account is no address, and stays as it is.
      store.update(storedAttempts, idOf('attempts', digest([kind, ...names.map(placeOf)].join('/'))), (state) =>
        attempts.decide(state, input),
      ),
    ),
});

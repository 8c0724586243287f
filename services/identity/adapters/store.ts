import type { Store } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import { idOf } from '#kernel/ids.ts';
import { attempts } from '../attempts.ts';
import type { AttemptCounts, Keys, People, Sessions } from '../ports.ts';
import { emailKey } from '../process.ts';
import { SessionEntity } from './entities.ts';
import { storedAttempts, storedKeyRings, storedPeople, storedSessions } from './messages.ts';

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
];

export const mikroOrmPeople = (store: Store): People => ({
  get: (id) => store.get(storedPeople, id),
  async holderOf(digest) {
    const key = emailKey(digest);
    const [claim] = await store.claims(key, `${key}\u0001`);
    return claim?.holder;
  },
  update: (id, decide, facts) => store.update(storedPeople, id, decide, facts),
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
  update: (kind, name, input) =>
    withoutProof(() =>
      store.update(storedAttempts, idOf('attempts', digest(`${kind}/${name}`)), (state) =>
        attempts.decide(state, input),
      ),
    ),
});

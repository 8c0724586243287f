import { firstIdAt } from '#kernel/ids.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import type { Assignments, Dealerships, Ports } from '../ports.ts';
import { AssignmentEntity, DealershipEntity } from './entities.ts';
import { storedDealerships, type StoredAssignments } from './messages.ts';

/** Generated columns are for filtering alone; all that is shown comes from `state`. */
export const migrations = [
  {
    name: 'assignment-1',
    up: [
      `create table dealership (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        dealer_id text generated always as (state #>> '{details,dealerId}') stored
      )`,
      'create index dealership_of_dealer on dealership (dealer_id, id desc)',
      `create table assignment (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state ->> 'status') stored,
        asked boolean generated always as ((state -> 'location') is not null) stored,
        dealer_id text generated always as (state #>> '{placement,dealerId}') stored
      )`,
      'create index assignment_of_dealer on assignment (dealer_id, id desc)',
      'create index assignment_by_status on assignment (status, id desc)',
    ],
  },
];

export const mikroOrmDealerships = (store: Store): Dealerships => ({
  get: (id) => store.get(storedDealerships, id),
  list: ({ dealerId }, page) => store.list(storedDealerships, DealershipEntity, { dealerId }, page),
  update: (id, decide, facts) => store.update(storedDealerships, id, decide, facts),
});

export const mikroOrmAssignments = (store: Store, stored: StoredAssignments): Assignments => ({
  get: (id) => store.get(stored, id),
  list: ({ dealerId, status }, page) => store.list(stored, AssignmentEntity, { asked: true, dealerId, status }, page),
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  waiting: ({ size, after = firstIdAt(0) }) =>
    store.where(stored, 'waiting', `where status = 'unassigned' and kept.id > $2 order by kept.id limit $1`, [
      size,
      after,
    ]),
});

/** Places that are taken are claims: `<dealership>/<day>/<number>`. */
export const mikroOrmTaken =
  (store: Store): Ports['taken'] =>
  async (day, dealershipIds) => {
    const rows = await store.rows<{ id: string; places: string }>(
      'taken',
      // `offset 0`: each is looked up by itself. Joined, a few among many claims make PostgreSQL read them all. One row for each: a day
      // may have thousands of places.
      `select id, string_agg(split_part(key, '/', 3), ',') places from unnest($1::text[]) near (id)
        cross join lateral (select key from claim where key >= (id || $2) collate "C" and key < (id || $3) collate "C" offset 0) taken
        group by id`,
      [dealershipIds, `/${day}/`, `/${day}0`],
    );
    return new Map(rows.map(({ id, places }) => [id, places.split(',').map(Number)]));
  };

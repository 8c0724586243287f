import { idsOf, tablesIn } from '#adapters/mikro-orm/queries.ts';
import {
  boundedSearchFunctions,
  containing,
  having,
  search,
  searchFunctions,
  type Condition,
} from '#adapters/mikro-orm/search.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import type { Blocks, Cafes, Occupancy } from '../ports.ts';
import type { Hold } from '../seat-map.ts';
import { halfHourKey } from '../times.ts';
import { type entities } from './entities.ts';
import { storedBlocks, storedCafes } from './messages.ts';

export const migrations = [
  {
    name: 'studycafe-1',
    up: [
      `create table cafe (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create table seat_block (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create table registration (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state ->> 'status') stored
      )`,
    ],
  },
  {
    name: 'studycafe-2',
    up: [
      ...searchFunctions,
      `alter table cafe
        add column search text generated always as (folded((state #>> '{terms,name}') || ' ' || (state #>> '{place,address}') || ' ' || coalesce(state #>> '{terms,area}', '') || ' ' ||
      coalesce(state #>> '{terms,description}', ''))) stored,
        add column grams text[] generated always as (grams(folded((state #>> '{terms,name}') || ' ' || (state #>> '{place,address}') || ' ' || coalesce(state #>> '{terms,area}', '') || ' ' ||
      coalesce(state #>> '{terms,description}', '')))) stored,
        add column areas text[] generated always as (string_to_array(folded(coalesce(state #>> '{terms,area}', '')), ' ')) stored,
        add column closed boolean generated always as (coalesce((state -> 'isClosed')::boolean, false)) stored`,
      'create index cafe_search on cafe using gin (grams, areas)',
    ],
  },
  { name: 'studycafe-3', up: [...boundedSearchFunctions] },
];

export const mikroOrmCafes = (store: Store): Cafes => ({
  get: (id) => store.get(storedCafes, id),
  list: ({ area = '', text = '', seesClosed }, page) => {
    const open: Condition[] = seesClosed ? [] : [['not kept.closed']];
    return search(store, storedCafes, [...open, ...having('areas', area), ...containing(text)], page);
  },
  update: (id, decide) => store.update(storedCafes, id, decide),
  ids: () => idsOf(tablesIn<typeof entities>(store).selectFrom('cafe').select('id').orderBy('id')),
});

export const mikroOrmBlocks = (store: Store): Blocks => ({
  update: (seatId, decide, facts) => store.update(storedBlocks, seatId, decide, facts),
});

/** Half-hours are held by claims; a seat's block holds them by the seat's own id. */
export const mikroOrmOccupancy = (store: Store): Occupancy => ({
  async taken(seatId, { start, end }) {
    const claims = await store.claims(halfHourKey(seatId, start), halfHourKey(seatId, end));
    return {
      kept: claims.some(({ holder }) => holder !== seatId),
      blocked: claims
        .filter(({ holder }) => holder === seatId)
        .map(({ key }) => Date.parse(key.slice(seatId.length + 1))),
    };
  },

  // `offset 0`: each seat is looked up by itself. Joined, a few seats among many claims make PostgreSQL read them all.
  holds: (seatIds, { start, end }) =>
    store.rows<Hold>(
      'holds',
      `select distinct seat.id "seatId",
          case when holder::text = seat.id then 'BLOCKED' when registration.status = 'registered' then 'TAKEN' else 'HELD' end "by"
        from unnest($1::text[]) seat (id)
        cross join lateral (select * from claim where key >= (seat.id || $2) collate "C" and key < (seat.id || $3) collate "C" offset 0) taken
        left join registration on registration.id = holder`,
      [seatIds, halfHourKey('', start), halfHourKey('', end)],
    ),
});

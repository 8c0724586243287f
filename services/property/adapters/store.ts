import { notSuspended } from '#adapters/auth/staff-roles.ts';
import { idsOf, tablesIn } from '#adapters/mikro-orm/queries.ts';
import {
  boundedSearchFunctions,
  containing,
  filter,
  having,
  search,
  searchFunctions,
  when,
  whenAny,
  type Condition,
} from '#adapters/mikro-orm/search.ts';
import { idsIn, type Store } from '#adapters/mikro-orm/store.ts';
import { nightKey, type Nights, type Taken } from '../nights.ts';
import type { Calendar, Properties, Rooms, StayRequests } from '../ports.ts';
import { PropertyEntity, StayRequestEntity, type entities } from './entities.ts';
import { storedProperties, storedRooms, storedStayRequests } from './messages.ts';

/** Generated columns are for filtering and for the calendar's questions alone; all that is shown comes from `state`. */
export const migrations = [
  {
    name: 'property-1',
    up: [
      `create table property (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create table room (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        property_id text generated always as (state #>> '{place,propertyId}') stored
      )`,
      'create index room_of_property on room (property_id, id desc)',
      `create table stay_request (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        status text generated always as (state ->> 'status') stored,
        asked boolean generated always as ((state -> 'stay') is not null) stored,
        owner_id text generated always as (state #>> '{stay,ownerId}') stored,
        room_id text generated always as (state #>> '{stay,roomId}') stored,
        check_in text generated always as (state #>> '{stay,checkIn}') stored,
        check_out text generated always as (state #>> '{stay,checkOut}') stored
      )`,
      'create index stay_request_of_owner on stay_request (owner_id, id desc)',
      'create index stay_request_by_status on stay_request (status, id desc)',
      `create index stay_request_waiting on stay_request (room_id, check_in) where status = 'pending'`,
    ],
  },
  {
    // Rooms are searched by words, area, amenities, price and size.
    name: 'property-2',
    up: [
      ...searchFunctions,
      `alter table room
        add column search text generated always as (folded((state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,description}', '') || ' ' || (state #>> '{place,propertyName}') || ' ' ||
      (state #>> '{place,address}') || ' ' || coalesce(state #>> '{place,area}', ''))) stored,
        add column grams text[] generated always as (grams(folded((state #>> '{terms,name}') || ' ' || coalesce(state #>> '{terms,description}', '') || ' ' || (state #>> '{place,propertyName}') || ' ' ||
      (state #>> '{place,address}') || ' ' || coalesce(state #>> '{place,area}', '')))) stored,
        add column areas text[] generated always as (string_to_array(folded(coalesce(state #>> '{place,area}', '')), ' ')) stored,
        add column amenities text[] generated always as (texts(coalesce(state #> '{terms,amenities}', '[]')) || texts(coalesce(state #> '{place,amenities}', '[]'))) stored,
        add column owner_id text generated always as (state #>> '{place,ownerId}') stored,
        add column price bigint generated always as ((state #>> '{terms,pricePerNight,amount}')::bigint) stored,
        add column capacity integer generated always as ((state #>> '{terms,capacity}')::integer) stored,
        add column closed boolean generated always as (coalesce((state -> 'isClosed')::boolean, false) or coalesce((state #> '{place,isClosed}')::boolean, false)) stored`,
      'create index room_search on room using gin (grams, areas, amenities)',
      'create index room_by_price on room (price, id desc)',
    ],
  },
  { name: 'property-3', up: [...boundedSearchFunctions] },
];

/** A page ends with a price and an id, in the order of price. */
const byPrice = /^(\d+)\/(.+)$/;

export const mikroOrmProperties = (store: Store): Properties => ({
  get: (id) => store.get(storedProperties, id),
  list: (_, page) => store.list(storedProperties, PropertyEntity, {}, page),
  update: (id, decide, facts) => store.update(storedProperties, id, decide, facts),
});

const onSale = `not kept.closed and ${notSuspended('owner_id')}`;

export const mikroOrmRooms = (store: Store): Rooms => ({
  get: (id) => store.get(storedRooms, id),
  async list({ stay, area = '', text = '', amenities = [], order, viewerId, ...wanted }, { size, after }) {
    const conditions: Condition[] = [
      ...when(wanted.propertyId, (id): Condition => ['kept.property_id = ?', id]),
      ...having('areas', area),
      ...containing(text),
      ...whenAny(amenities, (all) => ['kept.amenities @> ?::text[]', all]),
      filter('integer', 'kept.capacity >= ?', wanted.guests),
      filter('bigint', 'kept.price <= ?', wanted.maxPrice),
      [`${onSale} or kept.owner_id = ?`, (!stay && viewerId) || null],
      filter(
        'text',
        `not exists (select from claim where key >= (kept.id || '/' || ?) collate "C" and key < (kept.id || '/' || ?) collate "C")`,
        stay?.checkIn,
        stay?.checkOut,
      ),
    ];
    if (order === 'newest')
      return search(store, storedRooms, conditions, { size, ...(after !== undefined && { after }) });
    const [, price, id] = byPrice.exec(after ?? '') ?? [];
    const next = filter('bigint', 'kept.price > ? or (kept.price = ? and kept.id < ?::uuid)', price, price, id);
    return search(store, storedRooms, [...conditions, next], { size }, 'kept.price, kept.id desc');
  },
  update: (id, decide, facts) => store.update(storedRooms, id, decide, facts),
  ids(propertyId) {
    const rooms = tablesIn<typeof entities>(store).selectFrom('room').select('id').orderBy('id');
    return idsOf(propertyId === undefined ? rooms : rooms.where('property_id', '=', propertyId));
  },
});

export const mikroOrmStayRequests = (store: Store): StayRequests => ({
  get: (id) => store.get(storedStayRequests, id),
  list: ({ ownerId, status }, page) =>
    store.list(storedStayRequests, StayRequestEntity, { asked: true, ownerId, status }, page),
  update: (id, decide, facts) => store.update(storedStayRequests, id, decide, facts),
});

/** Nights are taken by claims; the room itself holds those that its host blocked. */
export const mikroOrmCalendar = (store: Store): Calendar => ({
  async taken({ roomId, from, to }: Nights): Promise<Taken> {
    const claims = await store.claims(nightKey(roomId, from), nightKey(roomId, to));
    const dates = (byRoom: boolean) =>
      claims.filter(({ holder }) => (holder === roomId) === byRoom).map(({ key }) => key.slice(roomId.length + 1));
    return { booked: dates(false), blocked: dates(true) };
  },

  async free(stayIds) {
    const ids = await idsIn(
      store,
      'stays-free',
      `select id::text from stay_request stay
        where id = any(string_to_array($1, ',')::uuid[]) and not exists (
          select from claim
          where key >= (stay.room_id || '/' || stay.check_in) collate "C" and key < (stay.room_id || '/' || stay.check_out) collate "C")`,
      stayIds.join(),
    );
    return new Set(ids);
  },

  waitingFor: ({ roomId, from, to }) =>
    idsIn(
      store,
      'stays-waiting',
      `select id::text from stay_request where status = 'pending' and room_id = $1 and check_in < $2 and check_out > $3 order by id`,
      roomId,
      to,
      from,
    ),
});

import { isSuspendedBy, notSuspended, type StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import { askAgainFrom } from '#adapters/mikro-orm/ask-again.ts';
import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import {
  boundedSearchFunctions,
  containing,
  filter,
  search,
  searchFunctions,
  when,
  type Condition,
} from '#adapters/mikro-orm/search.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { quarterKey } from '../hours.ts';
import { lessons, type Lesson, type LessonEvent, type LessonInput, type LessonRefusal } from '../lesson.ts';
import type { Lessons, Purchases } from '../ports.ts';
import {
  afterLesson,
  afterPurchase,
  type LessonMessage,
  type PaymentTimeouts,
  type PurchaseMessage,
} from '../process.ts';
import { purchases, type Input, type Purchase, type PurchaseEvent, type Refusal } from '../purchase.ts';
import { PurchaseEntity } from './entities.ts';
import { encodeLesson, encodePurchaseWith } from './messages.ts';

export type StoredLessons = Stored<Lesson, LessonInput, LessonEvent, LessonRefusal, LessonMessage>;
/** `askAgain`: the longest pause before a lesson asks again, in milliseconds. */
export const storedLessons = (askAgain: number): StoredLessons => ({
  ...lessons,
  name: 'lesson',
  consequences: afterLesson(askAgain),
  encode: encodeLesson,
});

export type StoredPurchases = Stored<Purchase, Input, PurchaseEvent, Refusal, PurchaseMessage>;
export const storedPurchases = (timeouts: PaymentTimeouts): StoredPurchases => ({
  ...purchases,
  name: 'purchase',
  consequences: afterPurchase(timeouts),
  encode: encodePurchaseWith(timeouts),
});

export const migrations = [
  {
    name: 'tutoring-1',
    up: [
      `create table lesson (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        seller_id uuid generated always as ((state ->> 'sellerId')::uuid) stored,
        status text generated always as (state ->> 'status') stored
      )`,
      'create index lesson_of_seller on lesson (seller_id, id desc)',
      'create index lesson_by_status on lesson (status, id desc)',
      `create table purchase (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        buyer_id uuid generated always as ((state #>> '{terms,buyerId}')::uuid) stored,
        seller_id uuid generated always as ((state #>> '{terms,sellerId}')::uuid) stored,
        status text generated always as (state ->> 'status') stored
      )`,
      'create index purchase_of_buyer on purchase (buyer_id, id desc)',
      'create index purchase_of_seller on purchase (seller_id, id desc)',
    ],
  },
  {
    name: 'tutoring-2',
    // For the metric of the oldest purchase in a state.
    up: ['create index purchase_by_status on purchase (status, id desc)'],
  },
  {
    // Lessons and purchases of earlier versions have no timer to ask again by.
    name: 'tutoring-3',
    up: [
      askAgainFrom('lesson', `status = 'sale-requested'`),
      askAgainFrom('purchase', `status in ('requested', 'payment-pending', 'paid', 'ready', 'cancelling')`),
    ],
  },
  {
    name: 'tutoring-4',
    up: [
      // Purchases of the previous version hold their start time alone. If two of them overlap, the earlier one gets the time.
      `insert into claim (key, holder)
        select distinct on (key) key, id from purchase,
          lateral (select (state #>> '{terms,startTime}')::bigint starts, (state #>> '{terms,minutes}')::bigint length) hours,
          lateral generate_series(floor(starts / 900000.0)::bigint, ceil((starts + length * 60000) / 900000.0)::bigint - 1) quarter,
          lateral (values ('seller/' || seller_id || '/' || lpad(quarter::text, 8, '0')), ('buyer/' || buyer_id || '/' || lpad(quarter::text, 8, '0'))) taken (key)
        where status in ('requested', 'payment-pending', 'paid', 'ready', 'cancelling')
        order by key, id`,
    ],
  },
  {
    name: 'tutoring-5',
    up: [
      ...searchFunctions,
      `alter table lesson
        add column search text generated always as (folded((state #>> '{offer,title}') || ' ' || coalesce(state #>> '{offer,subject}', '') || ' ' || coalesce(state #>> '{offer,level}', '') || ' ' ||
      (state #>> '{offer,description}'))) stored,
        add column grams text[] generated always as (grams(folded((state #>> '{offer,title}') || ' ' || coalesce(state #>> '{offer,subject}', '') || ' ' || coalesce(state #>> '{offer,level}', '') || ' ' ||
      (state #>> '{offer,description}')))) stored,
        add column subject text generated always as (folded(coalesce(state #>> '{offer,subject}', ''))) stored,
        add column closed boolean generated always as (coalesce((state -> 'isClosed')::boolean, false)) stored`,
      'create index lesson_search on lesson using gin (grams)',
      'create index lesson_by_subject on lesson (subject, id desc)',
    ],
  },
  { name: 'tutoring-6', up: [...boundedSearchFunctions] },
];

/** A start time of the lesson that neither this lesson nor another one of its seller has sold. */
const freeStartTime = `exists (
  select from jsonb_array_elements_text(kept.state #> '{offer,startTimes}') start_time (at)
  where at::bigint >= ? and at::bigint < ?
    and not exists (select from claim where key = kept.id || '/' || at)
    and not exists (select from claim where
      key >= ('seller/' || kept.seller_id || '/' || lpad((at::bigint / 900000)::text, 8, '0')) collate "C" and
      key < ('seller/' || kept.seller_id || '/' || lpad(
        ceil((at::bigint + (kept.state #>> '{offer,minutes}')::bigint * 60000) / 900000.0)::bigint::text, 8, '0')) collate "C"))`;

export const mikroOrmLessons = (
  store: Store,
  stored: StoredLessons,
  { mostWaiting, staffRolesOf }: { mostWaiting: number; staffRolesOf: StaffRolesOf },
): Lessons => ({
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  async get(id) {
    const kept = await store.get(stored, id);
    if (kept?.state.status !== 'on-sale' || kept.state.isClosed) return kept;
    const isClosed = await isSuspendedBy(staffRolesOf, kept.state.sellerId);
    return { ...kept, state: { ...kept.state, isClosed } };
  },
  list: ({ sellerId, status, isOpen, subject, text = '', free }, page) =>
    search(
      store,
      stored,
      [
        ...when(sellerId, (id): Condition => ['kept.seller_id = ?::uuid', id]),
        ...when(status, (value): Condition => ['kept.status = ?', value]),
        ...(isOpen ? [['not kept.closed'] as const, [notSuspended('seller_id')] as const] : []),
        ...when(subject || undefined, (value): Condition => ['kept.subject = folded(?)', value]),
        ...containing(text),
        filter('bigint', freeStartTime, free?.from, free?.to),
      ],
      page,
    ),
  async sold(id) {
    const claims = await store.claims(`${id}/`, `${id}0`);
    return claims.map(({ key }) => Number(key.slice(id.length + 1)));
  },
  limits: (id, sellerId) =>
    limitsFor(store, id, [
      { key: `waiting/${sellerId}`, most: mostWaiting, of: 'lessons that wait for an administrator' },
    ]),
});

export const mikroOrmPurchases = (store: Store, stored: StoredPurchases, mostUnpaid: number): Purchases => ({
  async busy(person, from, to) {
    const claims = await store.claims(
      quarterKey(person, from),
      to === undefined ? `${person.as}/${person.id}0` : quarterKey(person, to),
    );
    return claims.map(({ key }) => Number(key.slice(-8)));
  },
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  get: (id) => store.get(stored, id),
  list: ({ buyerId, sellerId, status }, page) =>
    store.list(stored, PurchaseEntity, { buyerId, sellerId, status }, page),
  limits: (id, buyerId) =>
    limitsFor(store, id, [{ key: `unpaid/${buyerId}`, most: mostUnpaid, of: 'unpaid purchases' }]),
});

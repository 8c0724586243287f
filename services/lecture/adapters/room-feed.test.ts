import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { lecture } from '../lecture.ts';
import { service } from '../main.ts';
import type { Ports } from '../ports.ts';
import { joinLecture, sendSignal, watchLecture, type Seen } from '../usecases.ts';
import { openRoomFeed } from './room-feed.ts';
import { mikroOrmLectures, mikroOrmMailboxes } from './store.ts';

// Two replicas of the service on one PostgreSQL; what is watched on one is done on the other.

const never = 60_000;
let on: TestStore;
let other: Awaited<ReturnType<typeof openDatabase>>;
let here: Ports;
let there: Ports;

const portsOn = (store: Store): Ports => ({
  lectures: mikroOrmLectures(store),
  mailboxes: mikroOrmMailboxes(store),
  now: Date.now,
  beat: never,
});
beforeAll(async () => {
  on = await testStore(service);
  other = await openDatabase({
    service: service.name,
    url: on.url,
    migrations: service.migrations,
    entities: service.entities,
  });
  here = portsOn(on.store);
  there = portsOn(mikroOrmStore(other));
});
afterAll(async () => {
  await other.close();
  await on.close();
});

/** A lecture with both in its room. */
async function meeting() {
  const id = newId();
  const [mina, juno] = [newId(), newId()];
  const terms = {
    lessonId: newId(),
    title: 'Guitar',
    buyerId: mina,
    sellerId: juno,
    startTime: Date.now(),
    minutes: 50,
  };
  await there.lectures.update(id, (state) =>
    lecture.decide(state, { type: 'ScheduleLecture', kind: 'tutoring.purchase', terms }),
  );
  const enter = async (by: string) => {
    const page = { by, sessionId: newId(), peerId: newId() };
    expect(await joinLecture(there, id, by, page.sessionId, page.peerId)).toMatchObject({ accepted: true });
    return page;
  };
  const [buyer, seller] = [await enter(mina), await enter(juno)];
  const signal = (from: { by: string; sessionId: string }, payload: string) =>
    sendSignal(there, { id, ...from, to: undefined, payload });
  return { id, buyer, seller, enter, signal };
}

const watches: (() => Promise<unknown> | undefined)[] = [];
afterEach(() => Promise.all(watches.splice(0).map((leave) => leave())));

function watch(id: string, { by, sessionId }: { by: string; sessionId: string }, beat = never) {
  const leaving = new AbortController();
  const seen = watchLecture(here, openRoomFeed(on.store, beat)(leaving.signal), id, by, sessionId)[
    Symbol.asyncIterator
  ]();
  const next = async (): Promise<Seen> => (await seen.next()).value;
  watches.push(() => {
    leaving.abort();
    return seen.return?.();
  });
  return { next, leave: (reason: Error) => leaving.abort(reason) };
}

test('signals sent on one replica arrive on the other, in order, at the addressed peer alone (T7)', async () => {
  const { id, buyer, seller, signal } = await meeting();
  const { next } = watch(id, seller);
  expect(await next()).toMatchObject({ type: 'snapshot', lecture: { id, state: { status: 'live' } } });
  for (let number = 1; number <= 40; number++)
    expect(await signal(buyer, `signal ${number}`)).toMatchObject({ accepted: true });
  expect(await signal(seller, 'from the seller')).toMatchObject({ accepted: true });
  for (let number = 1; number <= 40; number++)
    expect(await next()).toEqual({
      type: 'signal',
      signal: { number, from: buyer.peerId, payload: `signal ${number}` },
    });
});

test('a peer that joins elsewhere is shown, and signals of its earlier page are dropped', async () => {
  const { id, buyer, seller, enter, signal } = await meeting();
  await signal(buyer, 'from the page before');
  const renewed = await enter(buyer.by);
  const { next } = watch(id, seller);
  expect(await next()).toMatchObject({
    type: 'snapshot',
    lecture: { state: { room: { peers: [{ peerId: seller.peerId }, { peerId: renewed.peerId }] } } },
  });
  await signal(renewed, 'from the page now');
  expect(await next()).toMatchObject({
    type: 'signal',
    signal: { number: 2, from: renewed.peerId, payload: 'from the page now' },
  });
  const elsewhere = await enter(seller.by);
  expect(await next()).toEqual({ type: 'refused', refusal: 'session-over' });
  expect(elsewhere.sessionId).not.toBe(seller.sessionId);
});

test('a peer that is more than a hundred signals behind must join again', async () => {
  const { id, buyer, seller, signal } = await meeting();
  await signal(buyer, 'the first');
  const { next } = watch(id, seller);
  expect(await next()).toMatchObject({ type: 'snapshot' });
  expect(await next()).toMatchObject({ type: 'signal', signal: { number: 1 } });
  for (let number = 2; number <= 103; number++) await signal(buyer, `signal ${number}`);
  expect(await next()).toEqual({ type: 'refused', refusal: 'signals-missed' });
});

test('to watch is to be there: each beat puts off the time at which one is taken to have left, and a broken stream brings it near', async () => {
  const { id, seller } = await meeting();
  const silentAt = async (): Promise<number> => {
    const due = `select (extract(epoch from due_at) * 1000)::float8 due from timer where aggregate_id = $1 and name = 'seller-silence'`;
    return Number((await on.database.pool.query<{ due: string }>(due, [id])).rows[0]?.due);
  };
  const beat = 200;
  const { next, leave } = watch(id, seller, beat);
  await next();
  const first = await silentAt();
  expect(await next()).toEqual({ type: 'heartbeat' });
  expect(await next()).toEqual({ type: 'heartbeat' });
  const second = await silentAt();
  expect(second - first).toBeGreaterThanOrEqual(beat);
  leave(new Error('the page was closed'));
  await expect(next()).rejects.toThrow('the page was closed');
  expect(await silentAt()).toBeLessThan(first);
});

test('a session that is not there is refused at once', async () => {
  const { id, buyer } = await meeting();
  expect(await watch(id, { ...buyer, sessionId: newId() }).next()).toEqual({
    type: 'refused',
    refusal: 'session-over',
  });
  expect(await watch(id, { ...buyer, by: newId() }).next()).toEqual({ type: 'refused', refusal: 'no-such-lecture' });
});

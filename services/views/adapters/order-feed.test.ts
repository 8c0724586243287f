import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { v7 } from 'uuid';
import { startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { service } from '../main.ts';
import type { OrderView } from '../order-view.ts';
import { tell, tellCapability } from '../testing/orders.ts';
import { openOrderFeed, type Watching } from './order-feed.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-views-'));
/** Two replicas of the service on one database. */
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let here: Replica;
let there: Replica;
let watched: Watching;

type Replica = Awaited<ReturnType<typeof replica>>;
async function replica(url: string) {
  const database = await openDatabase({
    service: service.name,
    url,
    migrations: service.migrations,
    entities: service.entities,
  });
  return { store: mikroOrmStore(database), database };
}

beforeAll(async () => {
  postgres = await startPostgres({ dir, log: pino({ level: 'silent' }) });
  const url = await provision(postgres.adminUrl, service.name, 'database');
  here = await replica(url);
  there = await replica(url);
});
afterAll(async () => {
  await Promise.all([here.database.close(), there.database.close()]);
  await postgres.stop().catch(() => undefined); // the last test has stopped it
  rmSync(dir, { recursive: true, force: true });
});

const never = 60_000;
beforeEach(() => {
  watched = openOrderFeed(here.store, never);
});
afterEach(() => expect(watched.watchers()).toBe(0));

/** Somebody who looks at an order, and how to stop looking. */
function look(id: string, by: Watching = watched) {
  const leaving = new AbortController();
  const feed = by.until(leaving.signal).of(id)[Symbol.asyncIterator]();
  return {
    next: async (): Promise<OrderView | undefined | 'quiet'> => (await feed.next()).value,
    end: (reason: Error) => leaving.abort(reason),
    async leave() {
      leaving.abort();
      await feed.return?.();
    },
  };
}

const isStep = (seen: unknown, step: number): boolean =>
  (seen as { head?: { status: string } }).head?.status === `STEP_${step}`;

describe('watching an order', () => {
  /** Milliseconds until the change that `store` commits is seen. */
  async function delay(store: Store, id: string, version: number, guest: ReturnType<typeof look>): Promise<number> {
    await tell(store, { id, status: `STEP_${version}`, version });
    const committed = performance.now();
    expect(await guest.next()).toMatchObject({ head: { status: `STEP_${version}` } });
    return performance.now() - committed;
  }

  test('shows how it stands, then each change as soon as it is committed (L6)', async () => {
    const id = await tell(here.store, {});
    const guest = look(id);
    expect(await guest.next()).toMatchObject({ head: { status: 'REQUESTED' } });
    const waited: number[] = [];
    for (let version = 2; version < 7; version++) waited.push(await delay(here.store, id, version, guest));
    // One after the other, each found by the poll would have taken the whole of its half second.
    expect(waited.toSorted((a, b) => a - b)[2]).toBeLessThan(400);
    await guest.leave();
  });

  test('shows what another replica wrote within a second (K9)', async () => {
    const id = await tell(here.store, {});
    const guest = look(id);
    await guest.next();
    const waited: number[] = [];
    for (let version = 2; version < 5; version++) waited.push(await delay(there.store, id, version, guest));
    expect(waited.toSorted((a, b) => a - b)[1]).toBeLessThan(1_000);
    await guest.leave();
  });

  test('misses no change that another sees first', async () => {
    const id = await tell(here.store, {});
    const early = look(id);
    await early.next();
    await tell(there.store, { id, status: 'PAID', version: 2 });
    const late = look(id);
    expect(await late.next()).toMatchObject({ head: { status: 'PAID' } });
    expect(await early.next()).toMatchObject({ head: { status: 'PAID' } });
    await Promise.all([early.leave(), late.leave()]);
  });

  test('sends a slow watcher the latest state, not every one between', async () => {
    const id = await tell(here.store, {});
    const [slow, quick] = [look(id), look(id)];
    await Promise.all([slow.next(), quick.next()]);
    for (let version = 2; version < 10; version++) await delay(here.store, id, version, quick);
    expect(await slow.next()).toMatchObject({ head: { status: 'STEP_9' } });
    await Promise.all([slow.leave(), quick.leave()]);
  });

  test('misses no change that comes while the one before is being read', async () => {
    const reading = { ...here.store, get: (async (of, id) => late(await here.store.get(of, id))) as Store['get'] };
    const slowly = openOrderFeed(reading, never);
    const id = await tell(here.store, {});
    const guest = look(id, slowly);
    await guest.next();
    const waited: number[] = [];
    for (let version = 2; version < 12; version += 2) {
      await tell(here.store, { id, version });
      await tell(here.store, { id, status: `STEP_${version + 1}`, version: version + 1 });
      const began = performance.now();
      // The first of the two is shown by itself, unless both were there when it was read.
      for (let seen = await guest.next(); !isStep(seen, version + 1); seen = await guest.next())
        expect(seen).toMatchObject({ head: { version } });
      waited.push(performance.now() - began);
    }
    expect(waited.toSorted((a, b) => a - b)[2]).toBeLessThan(400); // a poll would have taken its half second
    await guest.leave();
  });

  test('says so when nothing happens for a while', async () => {
    const id = await tell(here.store, {});
    const impatient = openOrderFeed(here.store, 200);
    const guest = look(id, impatient);
    await guest.next();
    expect([await guest.next(), await guest.next()]).toEqual(['quiet', 'quiet']);
    await tell(here.store, { id, status: 'PAID', version: 2 });
    expect(await guest.next()).toMatchObject({ head: { status: 'PAID' } });
    await guest.leave();
    expect(impatient.watchers()).toBe(0);
  });

  test('that is not there shows that nothing is', async () => {
    const nobody = look(v7());
    expect(await nobody.next()).toBeUndefined();
    await nobody.leave();
  });

  test('reads each change once for a thousand watchers', async () => {
    const id = await tell(here.store, {});
    const counted = counting(here.store);
    const many = openOrderFeed(counted.store, never);
    const crowd = Array.from({ length: 1_000 }, () => look(id, many));
    await Promise.all(crowd.map((one) => one.next()));
    const before = counted.reads();
    await tellCapability(here.store, id);
    const seen = await Promise.all(crowd.map((one) => one.next()));
    expect(seen.every((view) => typeof view === 'object' && view.timeline.length === 2)).toBe(true);
    expect(counted.reads() - before).toBe(1);
    await Promise.all(crowd.map((one) => one.leave()));
    expect(many.watchers()).toBe(0);
    expect(counted.listeners()).toBe(0);
  });

  test('leaves nothing behind when the caller goes, though nothing ever happened', async () => {
    const counted = counting(here.store);
    const lonely = openOrderFeed(counted.store, never);
    const guest = look(await tell(here.store, {}), lonely);
    await guest.next();
    const waiting = expect(guest.next()).rejects.toThrow('aborted');
    expect([lonely.watchers(), counted.listeners()]).toEqual([1, 1]);
    await guest.leave();
    await waiting;
    expect([lonely.watchers(), counted.listeners()]).toEqual([0, 0]);
  });

  test('ends with what the server says when it goes away (K16)', async () => {
    const guest = look(await tell(here.store, {}));
    await guest.next();
    const end = expect(guest.next()).rejects.toThrow('connect again');
    guest.end(new Error('connect again'));
    await end;
  });

  // Last, because the database does not come back.
  test('ends as unavailable when the database is gone', async () => {
    const guest = look(await tell(here.store, {}));
    await guest.next();
    const end = expect(guest.next()).rejects.toBeInstanceOf(Unavailable);
    await postgres.stop();
    await end;
  });
});

const late = <Result>(result: Result): Promise<Result> => new Promise((resolve) => setTimeout(resolve, 50, result));

/** The same store, and how often it was asked. */
function counting(store: Store) {
  let reads = 0;
  let listeners = 0;
  return {
    reads: () => reads,
    listeners: () => listeners,
    store: {
      ...store,
      get: ((of, id) => {
        reads++;
        return store.get(of, id);
      }) as Store['get'],
      onCommitted: (listener: (aggregate: string, id: string) => void) => {
        listeners++;
        const stop = store.onCommitted(listener);
        return () => {
          listeners--;
          stop();
        };
      },
    } satisfies Store,
  };
}

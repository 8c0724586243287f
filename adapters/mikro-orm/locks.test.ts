import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { jarEntities as entities, jarMigrations as migrations, jars, message, within } from './contract.ts';
import { openDatabase, type Database } from './database.ts';
import { processLockIn } from './process-lock.ts';
import { startRelay } from './relay.ts';
import { mikroOrmStore, type OpenStore } from './store.ts';
import { testStore, type TestStore } from './testing.ts';

// A row or a table that another session has locked delays only what needs it.

const log = pino({ level: 'silent' });
let kit: TestStore;
/** As another process of the service has it. */
let database: Database;
let store: OpenStore;
/** Somebody else's session. */
let other: PoolClient;
beforeAll(async () => {
  kit = await testStore({ name: 'jars', migrations, entities });
});
afterAll(() => kit.close());
beforeEach(async () => {
  database = await openDatabase({ service: 'jars', url: kit.url, migrations, entities });
  store = mikroOrmStore(database);
  other = await kit.database.pool.connect();
  await other.query('begin');
});
afterEach(async () => {
  await other.query('rollback');
  other.release();
  await store.close();
  await database.close();
});

const put = (id: string, coins = 1) => store.update(jars, id, (state) => jars.decide(state, { put: coins }));
const coinsIn = async (id: string) => (await kit.store.get(jars, id))?.state.coins;
async function jar(): Promise<string> {
  const id = newId();
  await put(id);
  return id;
}
/** How long it took, in milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe('a row that another session has locked', () => {
  test('delays its neighbours in the batch by less than two seconds; an update of it is refused as contended', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, jar));
    const locked = ids[37] as string;
    await other.query('select from jar where id = $1 for update', [locked]);
    const refused = expect(put(locked)).rejects.toBeInstanceOf(Contended);
    const neighbours = ids.filter((id) => id !== locked);
    expect(await timed(() => Promise.all(neighbours.map((id) => put(id))))).toBeLessThan(2_000);
    await refused;
    expect(await Promise.all(neighbours.map(coinsIn))).toEqual(neighbours.map(() => 2));
    await other.query('rollback');
    await put(locked);
    expect(await coinsIn(locked)).toBe(2);
  }, 20_000);

  test('stops nobody who comes while the update of it is tried again and again', async () => {
    const locked = await jar();
    await other.query('update jar set version = version where id = $1', [locked]);
    let isOver = false;
    const trying = (async () => {
      while (!isOver) await put(locked).catch(() => undefined);
    })();
    await put(await jar()).catch(() => undefined);
    const slowest: number[] = [];
    for (const end = Date.now() + 3_000; Date.now() < end;) slowest.push(await timed(async () => put(newId())));
    isOver = true;
    await trying;
    slowest.sort((a, b) => b - a);
    // Once it is known to be locked nobody waits for it.
    expect(slowest[3]).toBeLessThan(300);
    expect(slowest.length).toBeGreaterThan(100);
  }, 20_000);

  test('keeps a message for later, and those beside it are handled', async () => {
    const [locked, free] = [await jar(), await jar()];
    await other.query('select from jar where id = $1 for update', [locked]);
    const messageId = newId();
    const hear = (id: string, by = newId()) => within(message(by), () => put(id));
    await Promise.all([expect(hear(locked, messageId)).rejects.toBeInstanceOf(Contended), hear(free)]);
    await other.query('rollback');
    await Promise.all([hear(locked, messageId), hear(locked, messageId)]);
    expect([await coinsIn(locked), await coinsIn(free)]).toEqual([2, 2]);
  }, 20_000);

  test('in the outbox does not keep the others from being marked as published', async () => {
    const [locked, free] = [await jar(), await jar()];
    await other.query('select from outbox where subject = $1 for update', [locked]);
    const processLock = processLockIn(database.prepared, 'jars');
    const bus = {
      publish: async (all: readonly { id: string }[]) => new Set(all.map(({ id }) => id)),
      status: () => ({ ready: true }) as const,
    };
    await kit.database.pool.query(`update outbox set created_at = now() - interval '1 minute' where subject = $1`, [
      free,
    ]);
    const relay = startRelay({
      pool: database.prepared,
      clock: database.clock,
      processLock,
      bus,
      service: 'jars',
      log,
    });
    const { rows } = await kit.database.pool.query<{ id: string }>(
      'select id::text from outbox where subject = any($1)',
      [[locked, free]],
    );
    const envelopeOf = (id: string): Envelope => ({
      id,
      kind: 'event',
      type: 't',
      routingKey: 'k',
      source: '/jars',
      subject: '',
      time: Date.now(),
      correlationId: 'c',
      causationId: 'c',
      payload: new Uint8Array(),
    });
    relay.send(rows.map(({ id }) => envelopeOf(id)));
    const isMarked = async () =>
      (await kit.database.pool.query('select from outbox where subject = $1 and published_at is not null', [free]))
        .rowCount === 1;
    await eventually(isMarked);
    await relay.stop();
    processLock.leave();
  }, 20_000);
});

describe('a claim that another session is making', () => {
  test('delays only those who want the same', async () => {
    const shelf = `shelf/${newId()}`;
    await other.query('insert into claim (key, holder) values ($1, $2)', [shelf, newId()]);
    const claiming = store.update(jars, newId(), (state) => jars.decide(state, { put: 1, shelf }));
    const outcome = expect(claiming).rejects.toBeInstanceOf(Contended);
    const ids = Array.from({ length: 20 }, () => newId());
    expect(await timed(() => Promise.all(ids.map((id) => put(id))))).toBeLessThan(12_000);
    await outcome;
  }, 30_000);
});

describe('a table that another session has locked', () => {
  test.each(['access exclusive', 'exclusive', 'share'])(
    'refuses what needs it as contended, within ten seconds, and all of it at once: %s',
    async (mode) => {
      const ids = await Promise.all(Array.from({ length: 60 }, jar));
      await other.query(`lock table jar in ${mode} mode`);
      const outcomes = ids.map((id) => expect(put(id)).rejects.toBeInstanceOf(Contended));
      expect(await timed(() => Promise.all(outcomes))).toBeLessThan(10_000);
      await other.query('rollback');
      await put(ids[0] as string);
      expect(await coinsIn(ids[0] as string)).toBe(2);
    },
    30_000,
  );

  test('cannot be read for the moment, and nobody waits long to hear so', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, jar));
    await other.query('lock table jar in access exclusive mode');
    const outcomes = ids.map((id) => expect(store.get(jars, id)).rejects.toBeInstanceOf(Unavailable));
    expect(await timed(() => Promise.all(outcomes))).toBeLessThan(2_000);
  }, 30_000);
});

describe('a statement that takes too long', () => {
  test('fails its own update as unavailable; its neighbours are committed, and nothing of it goes on in the database', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, jar));
    const slow = ids[3] as string;
    await kit.database.pool.query(
      `create function sleeps() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$`,
    );
    await kit.database.pool.query(
      `create trigger sleeps before update on jar for each row when (new.id = '${slow}') execute function sleeps()`,
    );
    const failed = expect(put(slow)).rejects.toBeInstanceOf(Unavailable);
    const neighbours = ids.filter((id) => id !== slow);
    await Promise.all([failed, ...neighbours.map((id) => put(id))]);
    expect(await Promise.all(neighbours.map(coinsIn))).toEqual(neighbours.map(() => 2));
    const { rows } = await kit.database.pool.query(
      `select from pg_stat_activity where state = 'active' and query like '%update%jar%' and pid <> pg_backend_pid()`,
    );
    expect(rows).toEqual([]);
    await kit.database.pool.query('drop function sleeps cascade');
    await put(slow);
    expect(await coinsIn(slow)).toBe(2);
  }, 40_000);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import pino from 'pino';
import { accept, refuse } from '#kernel/decision.ts';
import { newId } from '#kernel/ids.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { withoutTimeout, isConnectionTrouble, openDatabase } from './database.ts';
import { mikroOrmKeptAnswers } from './kept-answers.ts';
import { processLockIn } from './process-lock.ts';
import { startRelay, type Relay } from './relay.ts';
import {
  JarEntity,
  jarEntities as entities,
  jarMigrations as migrations,
  jars,
  message,
  storeContract,
  within,
  type JarInput,
} from './contract.ts';
import { mikroOrmStore, TimerGone, type Store } from './store.ts';
import { testStore, type TestStore } from './testing.ts';
import { startTimers, type TimerHandlers, type Timers } from './timers.ts';
import { mikroOrmRetryStore, startRetries } from './retry-store.ts';

const log = pino({ level: 'silent' });
const put = (id: string, input: JarInput) => kit.store.update(jars, id, (state) => jars.decide(state, input));
const coinsIn = async (id: string) => (await kit.store.get(jars, id))?.state.coins;

/** A store that counts its transactions. */
function counted(): { store: Store; count(): number } {
  let count = 0;
  return { store: mikroOrmStore(kit.database, () => count++), count: () => count };
}

let kit: TestStore;
beforeAll(async () => {
  kit = await testStore({ name: 'jars', migrations, entities });
});
afterAll(() => kit.close());

storeContract('the store on PostgreSQL', async () => {
  const opened = await testStore({ name: 'jars', migrations, entities });
  return {
    store: opened.store,
    sentAbout: async (id) =>
      (await opened.sent())
        .filter(({ subject }) => subject === id)
        .map(({ payload }) => JSON.parse(payload.toString()) as unknown),
    async keptAnswer(call) {
      const kept = await mikroOrmKeptAnswers(opened.database.prepared).find(call);
      return kept && 'response' in kept ? kept.response : undefined;
    },
    close: opened.close,
  };
});

describe('a row of an earlier version', () => {
  test('gets the default of a field that it lacks, whichever way it is read', async () => {
    const id = newId();
    await kit.database.pool.query(`insert into jar values ($1, 1, '{"coins": 7}', now(), now())`, [id]);
    const later = { ...jars, defaults: { owner: () => 'somebody of old' } };
    const whole = { id, version: 1, state: { coins: 7, owner: 'somebody of old' } };
    expect(await kit.store.get(later, id)).toMatchObject(whole);
    expect(await kit.store.list(later, JarEntity, {}, { size: 1 })).toMatchObject([whole]);
    expect(await kit.store.where(later, 'by id', 'where id = $1', [id])).toMatchObject([whole]);
    expect(
      await kit.store.update(later, id, ({ owner }) => (owner === 'somebody of old' ? accept() : refuse('no-coins'))),
    ).toMatchObject({ accepted: true, after: whole });
  });
});

describe('a batch', () => {
  test('that the database or the encoding refuses fails alone, not its neighbours in the batch', async () => {
    const ids = Array.from({ length: 20 }, () => newId());
    const results = await Promise.allSettled(
      ids.map((id, index) => put(id, { put: index === 7 ? 5_000 : index === 9 ? 2_013 : 1 })),
    );
    expect(
      results.map(({ status }, index) => (status === 'rejected' ? index : -1)).filter((index) => index >= 0),
    ).toEqual([7, 9]);
    expect(await Promise.all(ids.map(coinsIn))).toEqual(
      ids.map((_, index) => (index === 7 || index === 9 ? undefined : 1)),
    );
  });
  test('that meets trouble is halved until the trouble is alone: a hundred updates do not become a hundred transactions', async () => {
    const commits = counted();
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, nth) =>
        commits.store.update(jars, newId(), (jar) => jars.decide(jar, { put: nth === 7 ? 5_000 : 1 })),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(commits.count()).toBeLessThan(12);
  });
  test('that fails on a new connection leaves nothing half prepared there', async () => {
    const [database, again] = [
      await openDatabase({ service: 'jars', url: kit.url, migrations, entities, connections: 2 }),
      newId(),
    ];
    const store = mikroOrmStore(database);
    await expect(store.update(jars, newId(), () => accept({ put: 5_000, shelf: `shelf/${newId()}` }))).rejects.toThrow(
      'jar_state_check',
    );
    await store.update(jars, again, () => accept({ put: 1, shelf: `shelf/${newId()}` }));
    await store.update(jars, again, () => accept({ put: 1 }));
    expect(await coinsIn(again)).toBe(2);
    await database.close();
  });
  test('of which two claim the same goes on without the second, which is decided again', async () => {
    const commits = counted();
    const shelf = `shelf/${newId()}`;
    const ids = Array.from({ length: 60 }, () => newId());
    const isTaken = async () => (await kit.store.claims(shelf, `${shelf}~`)).length > 0;
    const results = await Promise.all(
      ids.map((id, nth) =>
        nth === 7 || nth === 40
          ? commits.store.update(
              jars,
              id,
              (_, taken) => (taken ? refuse('no-coins') : accept({ put: 1, shelf })),
              isTaken,
            )
          : commits.store.update(jars, id, (jar) => jars.decide(jar, { put: 1 }), isTaken),
      ),
    );
    expect(results.flatMap(({ accepted }, nth) => (accepted ? [] : [nth]))).toEqual([40]);
    expect(commits.count()).toBe(1);
  });
  test('is not held up by a timer that was called off before it came to writing', async () => {
    const commits = counted();
    const fired = within({ by: 'timer', timerId: newId() }, () =>
      commits.store.update(jars, newId(), (jar) => jars.decide(jar, { put: 1 })),
    );
    const others = Array.from({ length: 50 }, () =>
      commits.store.update(jars, newId(), (jar) => jars.decide(jar, { put: 1 })),
    );
    await expect(fired).rejects.toBeInstanceOf(TimerGone);
    await Promise.all(others);
    expect(commits.count()).toBe(1);
  });
  test('does not fire a timer that another update of its batch moves', async () => {
    const id = newId();
    await put(id, { put: 1, alarmAt: Date.now() + 3_600_000 });
    const { rows } = await kit.database.pool.query<{ id: string }>(
      'select id::text from timer where aggregate_id = $1',
      [id],
    );
    const moves = put(id, { put: 1, alarmAt: Date.now() + 7_200_000 });
    const fires = within({ by: 'timer', timerId: rows[0]!.id }, () => put(id, { put: 100 }));
    await Promise.all([moves, expect(fires).rejects.toThrow(TimerGone)]);
    expect(await coinsIn(id)).toBe(2);
  });
  test('is known to another process that handles it at the same time (K9)', async () => {
    const other = mikroOrmStore(kit.database);
    const ids = Array.from({ length: 50 }, () => newId());
    await Promise.all(
      ids.flatMap((id) =>
        [kit.store, other].map((store) =>
          within(message(id), () => store.update(jars, id, (state) => jars.decide(state, { put: 1 }))),
        ),
      ),
    );
    expect(await Promise.all(ids.map(coinsIn))).toEqual(ids.map(() => 1));
  });
});

describe('an update that nobody waits for', () => {
  const patiently = (store: Store, id: string) =>
    inScope({ correlationId: 'c', causationId: 'c', batchable: true }, () =>
      store.update(jars, id, (jar) => jars.decide(jar, { put: 1 })),
    );

  test('goes along with those that come a moment later, nobody waiting for any of them', async () => {
    const attempt = async (): Promise<number[]> => {
      const commits = counted();
      const updates: Promise<unknown>[] = [];
      for (let nth = 0; nth < 5; nth++) {
        updates.push(patiently(commits.store, newId()));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const atFirst = commits.count();
      await Promise.all(updates);
      return [atFirst, commits.count()];
    };
    // The moment is 10 ms, which a busy machine may take over five turns.
    const attempts = [await attempt(), await attempt(), await attempt(), await attempt(), await attempt()];
    expect(attempts).toContainEqual([0, 1]);
  });
  test('goes along with the next that somebody waits for, without a wait', async () => {
    const commits = counted();
    const [patient, hasty] = [newId(), newId()];
    const both = [
      patiently(commits.store, patient),
      commits.store.update(jars, hasty, (jar) => jars.decide(jar, { put: 1 })),
    ];
    await both[1];
    expect([commits.count(), await coinsIn(patient)]).toEqual([1, 1]);
    await Promise.all(both);
  });
  test('is committed before the store closes', async () => {
    const store = mikroOrmStore(kit.database);
    const id = newId();
    const updated = patiently(store, id);
    await new Promise((resolve) => setImmediate(resolve));
    await store.close();
    expect(await coinsIn(id)).toBe(1);
    await updated;
  });
});

describe('a list', () => {
  test('is read in the order of an index, however it is asked for', async () => {
    await kit.database.pool.query('create index jar_of_owner on jar (owner, id desc)');
    const database = await openDatabase({ service: 'jars', url: kit.url, migrations, entities, connections: 2 });
    const store = mikroOrmStore(database);
    await store.list(jars, JarEntity, { owner: 'somebody' }, { size: 3 });
    await store.list(jars, JarEntity, { owner: undefined }, { size: 3, after: newId() });
    // The connection that was used last is used next: it has what the lists prepared.
    const session = await database.prepared.connect();
    for (const prepared of [`"list jar owner ="(3, 'somebody')`, `"list jar id <"(3, '${newId()}')`]) {
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain execute ${prepared}`);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan/);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toMatch(/Sort|Seq Scan/);
    }
    session.release();
    await database.close();
  });
  test('has the newest first, by filter and page', async () => {
    await Promise.all(Array.from({ length: 5 }, () => put(newId(), { put: 1 })));
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `select id::text from jar where owner = 'somebody' order by id desc limit 5`,
    );
    const first = await kit.store.list(jars, JarEntity, { owner: 'somebody' }, { size: 3 });
    const second = await kit.store.list(
      jars,
      JarEntity,
      { owner: 'somebody' },
      { size: 2, after: first[2]?.id as string },
    );
    expect([...first, ...second].map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(await kit.store.list(jars, JarEntity, { owner: 'else' }, { size: 3 })).toEqual([]);
  });
});

test('a database that does not answer is given up after a while, and what was asked of it is done when it does again (K7)', async () => {
  const [id, messageId] = [newId(), newId()];
  const target = new URL(kit.url);
  let isSilent = false;
  const way = createServer((socket) => {
    const beyond = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, beyond],
      [beyond, socket],
    ] as const)
      from
        .on('data', (bytes) => isSilent || to.write(bytes))
        .on('error', () => undefined)
        .on('close', () => to.destroy());
  });
  await once(way.listen(0, '127.0.0.1'), 'listening');
  const url = Object.assign(new URL(kit.url), { port: String((way.address() as AddressInfo).port) }).href;
  const database = await openDatabase({ service: 'jars', url, migrations, entities });
  const store = mikroOrmStore(database);
  const putOnce = () =>
    within(message(messageId), () => store.update(jars, id, (state) => jars.decide(state, { put: 1 })));
  await store.get(jars, id);
  isSilent = true;
  const began = Date.now();
  await expect(Promise.all([putOnce(), store.get(jars, id)])).rejects.toBeInstanceOf(Unavailable);
  expect(Date.now() - began).toBeLessThan(15_000);
  isSilent = false;
  await putOnce();
  expect(await coinsIn(id)).toBe(1);
  await store.close();
  await database.close();
  way.close();
}, 40_000);

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', '57P01', '25006'])(
  'a database that is away for a while is no fault of what was asked of it: %s',
  (code) => {
    expect(isConnectionTrouble(Object.assign(new Error('away'), { code }))).toBe(true);
    expect(isConnectionTrouble(Object.assign(new Error('taken'), { code: '23505' }))).toBe(false);
  },
);

test('the session of a machine that vanished without a word ends, and so do its locks', async () => {
  const { rows } = await kit.database.pool.query<{ seconds: number }>(
    `select sum(setting::int * case name when 'tcp_keepalives_interval' then current_setting('tcp_keepalives_count')::int else 1 end)::int seconds
      from pg_settings where name in ('tcp_keepalives_idle', 'tcp_keepalives_interval')`,
  );
  expect(rows[0]?.seconds).toBeGreaterThan(0);
  expect(rows[0]?.seconds).toBeLessThanOrEqual(30);
});

test('what another has claimed meanwhile is decided on again, also where the database refuses what came of the old facts', async () => {
  const shelf = `shelf/${newId()}`;
  await put(newId(), { put: 1, shelf });
  let readings = 0;
  const putOnShelf = kit.store.update(
    jars,
    newId(),
    (_, isTaken) => (isTaken ? refuse('no-coins') : accept({ put: 5_000, shelf })),
    async () => readings++ > 0,
  );
  expect(await putOnShelf).toEqual({ accepted: false, refusal: 'no-coins' });
});

test('a database that goes away as it is asked for the first time is away, and nothing worse', async () => {
  const dying = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')); // let in, and ready
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  await once(dying.listen(0, '127.0.0.1'), 'listening');
  const url = `postgres://jari@127.0.0.1:${(dying.address() as AddressInfo).port}/jari`;
  await expect(openDatabase({ service: 'jars', url, migrations, entities })).rejects.toThrow(Unavailable);
  dying.close();
});

test('claims are found at once among many, by a hundred who ask at the same time', async () => {
  await withoutTimeout(kit.database.pool, (client) =>
    client.query(
      `insert into claim (key, holder) select 'many/' || lpad(nth::text, 6, '0'), $1 from generate_series(0, 199999) nth`,
      [newId()],
    ),
  );
  const keys = Array.from({ length: 100 }, (_, nth) => `many/${String(nth * 1_999).padStart(6, '0')}`);
  const began = performance.now();
  const found = await Promise.all(keys.map((key) => kit.store.claims(key, `${key}~`)));
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(found.map((each) => each.map(({ key }) => key))).toEqual(keys.map((key) => [key]));
});

/** Timers as a process of its own has them. */
function timersOf(handlers: TimerHandlers): Timers {
  const { prepared: pool } = kit.database;
  const processLock = processLockIn(pool, 'jars');
  const timers = startTimers({ pool, clock: kit.database.clock, processLock, handlers, log });
  return { ...timers, stop: () => timers.stop().finally(processLock.leave) };
}

describe('a timer', () => {
  test('fires when it is due, once, though two processes look', async () => {
    const id = newId();
    await put(id, { put: 1, alarmAt: Date.now() + 50 });
    const handlers = { 'jar/alarm': async (jar: string) => void (await put(jar, { put: 10 })) };
    const loops = [1, 2].map(() => timersOf(handlers));
    await eventually(async () => (await coinsIn(id)) === 11);
    await Promise.all(loops.map((each) => each.stop()));
    expect(await coinsIn(id)).toBe(11);
    expect((await kit.database.pool.query('select from timer where aggregate_id = $1', [id])).rowCount).toBe(0);
  });
  test('that is due as it is set is fired by who set it, and for as long nobody else takes it', async () => {
    const firedBy = new Map<string, string>();
    const timers = (whose: string) =>
      timersOf({ 'jar/alarm': async (jar) => void (firedBy.set(jar, whose), await put(jar, { put: 10 })) });
    const [mine, others] = [timers('mine'), timers('others')];
    await eventually(() => mine.claimant() !== undefined);
    const store = mikroOrmStore(kit.database, (plan) => plan.timers.forEach(mine.expect), mine.claimant);
    const ids = Array.from({ length: 20 }, newId);
    const alarmAt = Date.now();
    await Promise.all(ids.map((id) => store.update(jars, id, (state) => jars.decide(state, { put: 1, alarmAt }))));
    others.wake();
    await eventually(async () => (await Promise.all(ids.map(coinsIn))).every((coins) => coins === 11));
    expect(ids.map((id) => firedBy.get(id))).toEqual(ids.map(() => 'mine'));
    await Promise.all([mine.stop(), others.stop(), store.close()]);
  });
  test('that is due and finds its process busy is left to whoever has room', async () => {
    const id = newId();
    const store = mikroOrmStore(
      kit.database,
      () => undefined,
      () => ({ number: 1, room: 0 }),
    );
    await store.update(jars, id, (state) => jars.decide(state, { put: 1, alarmAt: Date.now() }));
    const others = timersOf({ 'jar/alarm': async (jar) => void (await put(jar, { put: 10 })) });
    await eventually(async () => (await coinsIn(id)) === 11);
    await Promise.all([others.stop(), store.close()]);
  });
  test('that a process had in hand when it died is fired by another at once', async () => {
    const id = newId();
    const dies = timersOf({ 'jar/alarm': () => new Promise(() => undefined) });
    await put(id, { put: 1, alarmAt: Date.now() - 1 });
    await eventually(
      async () =>
        (await kit.database.pool.query('select from timer where aggregate_id = $1 and claimed_by is not null', [id]))
          .rowCount === 1,
    );
    const lives = timersOf({ 'jar/alarm': async (jar) => void (await put(jar, { put: 10 })) });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await coinsIn(id)).toBe(1); // while it lives, it is left to it
    void dies.stop(); // it asks for no new session, and waits for what it has in hand
    await kit.database.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = (select claimed_by::oid from timer where aggregate_id = $1)`,
      [id],
    );
    await eventually(async () => (await coinsIn(id)) === 11);
    await lives.stop();
  });
  test('that was called off does not fire', async () => {
    const id = newId();
    await put(id, { put: 1, alarmAt: Date.now() - 1 });
    await put(id, { put: 1, leave: true });
    expect((await kit.database.pool.query('select from timer where aggregate_id = $1', [id])).rowCount).toBe(0);
  });
  test('whose handler fails fires again', async () => {
    const id = newId();
    let tries = 0;
    await put(id, { put: 1, alarmAt: Date.now() - 1 });
    const handler = async (jar: string) => {
      if (++tries === 1) throw new Error('not yet');
      await put(jar, { put: 10 });
    };
    const timers = timersOf({ 'jar/alarm': handler });
    // It rests, and is nobody's meanwhile: what looks like the claim of a dead process would fire at once.
    const resting = 'select from timer where aggregate_id = $1 and claimed_until > now() and claimed_by is null';
    await eventually(async () => (await kit.database.pool.query(resting, [id])).rowCount === 1);
    await eventually(async () => (await coinsIn(id)) === 11);
    await timers.stop();
    expect(tries).toBe(2);
  });
});

describe('the relay', () => {
  const bus = (takes: (envelope: Envelope) => boolean): Pick<Bus, 'publish' | 'status'> & { came: Envelope[] } => {
    const came: Envelope[] = [];
    return {
      came,
      publish: async (envelopes) => {
        came.push(...envelopes);
        return new Set(envelopes.filter(takes).map(({ id }) => id));
      },
      status: () => ({ ready: true }),
    };
  };
  const relayOn = (on: Pick<Bus, 'publish' | 'status'>): Relay => {
    const { prepared: pool } = kit.database;
    const processLock = processLockIn(pool, 'jars');
    const relay = startRelay({ pool, clock: kit.database.clock, processLock, bus: on, service: 'jars', log });
    return { ...relay, stop: () => relay.stop().finally(processLock.leave) };
  };
  const unsent = async () => (await kit.database.pool.query('select from outbox where published_at is null')).rowCount;

  test('sends what waits, marks what was taken, and keeps the rest for another time', async () => {
    const [taken, left] = [newId(), newId()];
    await Promise.all([put(taken, { put: 1 }), put(left, { put: 1 })]);
    const picky = bus(({ subject }) => subject !== left);
    const relay = relayOn(picky);
    await eventually(async () => (await unsent()) === 1);
    expect(picky.came.find(({ subject }) => subject === taken)).toMatchObject({
      type: 'jari.jar.v1.CoinsPut',
      source: '/jars',
      correlationId: taken,
    });
    await relay.stop();
    const willing = bus(() => true);
    const second = relayOn(willing);
    await eventually(async () => (await unsent()) === 0);
    expect(willing.came.map(({ subject }) => subject)).toEqual([left]);
    await second.stop();
  });
  test('what a process has written it sends itself, at once and once, whoever leads', async () => {
    const [others, own] = [bus(() => true), bus(() => true)];
    await put(newId(), { put: 1 });
    const leader = relayOn(others);
    await eventually(() => others.came.length === 1);
    const relay = relayOn(own);
    const store = mikroOrmStore(kit.database, (_, messages) => relay.send(messages));
    const id = newId();
    await store.update(jars, id, (state) => jars.decide(state, { put: 1 }));
    await eventually(() => own.came.length === 1, Boolean, 300);
    expect(own.came[0]).toMatchObject({
      type: 'jari.jar.v1.CoinsPut',
      subject: id,
      source: '/jars',
      correlationId: id,
    });
    await eventually(async () => (await unsent()) === 0);
    const { rows } = await kit.database.pool.query(
      `select (extract(epoch from created_at) * 1000)::bigint::text time from outbox where subject = $1`,
      [id],
    );
    expect(rows).toEqual([{ time: String(own.came[0]?.time) }]);
    await Promise.all([leader.stop(), relay.stop()]);
    expect([others.came.length, own.came.length]).toEqual([1, 1]);
  });
  test('sends what its writer has not sent, in one process at a time, and the next takes over', async () => {
    const [first, second] = [bus(() => true), bus(() => true)];
    await put(newId(), { put: 1 });
    const leader = relayOn(first);
    await eventually(() => first.came.length === 1);
    const follower = relayOn(second);
    await put(newId(), { put: 1 }); // its writer says nothing, as one that died
    await eventually(() => first.came.length === 2);
    await put(newId(), { put: 1 });
    await leader.stop();
    await eventually(() => second.came.length === 1);
    expect(first.came).toHaveLength(2);
    await follower.stop();
  });
  test('sends all that there is once the bus is back', async () => {
    const willing = bus(() => true);
    let ready = false;
    const away = {
      ...willing,
      status: () => (ready ? ({ ready } as const) : ({ ready, waitsFor: 'RabbitMQ' } as const)),
    };
    const relay = relayOn(away);
    const store = mikroOrmStore(kit.database, (_, messages) => relay.send(messages));
    await store.update(jars, newId(), (state) => jars.decide(state, { put: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(willing.came).toEqual([]);
    ready = true;
    await eventually(() => willing.came.length === 1, Boolean, 2_500);
    await eventually(async () => (await unsent()) === 0);
    await relay.stop();
  });
  test('whose bus is away lets another send what is left', async () => {
    const [away, willing] = [
      { ...bus(() => true), status: () => ({ ready, waitsFor: 'RabbitMQ' }) as ReturnType<Bus['status']> },
      bus(() => true),
    ];
    let ready = true;
    await put(newId(), { put: 1 });
    const leader = relayOn(away);
    await eventually(() => away.came.length === 1);
    const follower = relayOn(willing);
    ready = false;
    await put(newId(), { put: 1 }); // its writer says nothing, as one that died
    await eventually(() => willing.came.length === 1);
    await Promise.all([leader.stop(), follower.stop()]);
    expect(away.came).toHaveLength(1);
  });
  test('keeps its session through trouble that is not of the database', async () => {
    const processLock = processLockIn(kit.database.prepared, 'jars');
    const { number } = await processLock.session();
    const willing = bus(() => true);
    let trouble = 0;
    const publish: Bus['publish'] = (envelopes) =>
      trouble++ ? willing.publish(envelopes) : Promise.reject(new Error('no way'));
    await put(newId(), { put: 1 });
    const relay = startRelay({
      pool: kit.database.prepared,
      clock: kit.database.clock,
      processLock,
      bus: { ...willing, publish },
      service: 'jars',
      log,
    });
    await eventually(() => willing.came.length === 1);
    expect(processLock.number()).toBe(number);
    await relay.stop();
    processLock.leave();
  });
  test('whose session ends lets go of its connection, leads again, and stops when it is told to', async () => {
    const [id, later] = [newId(), newId()];
    const willing = bus(() => true);
    const came = (subject: string): boolean => willing.came.some((each) => each.subject === subject);
    await put(id, { put: 1 });
    const relay = relayOn(willing);
    await eventually(() => came(id));
    await put(later, { put: 1 });
    await kit.database.pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
    await eventually(() => came(later));
    await relay.stop();
    const { totalCount, idleCount } = kit.database.prepared;
    expect(totalCount - idleCount).toBe(0);
  });
});

describe('a message that cannot be handled', () => {
  const envelope = (): Envelope => ({
    id: newId(),
    kind: 'event',
    type: 'jari.jar.v1.CoinsPut',
    routingKey: 'jar.CoinsPut',
    source: '/jars',
    subject: newId(),
    time: 0,
    correlationId: 'c',
    causationId: 'c',
    payload: Buffer.from([0, 255, 7]),
  });
  test('is tried again while the trouble may pass by itself', async () => {
    const retryStore = mikroOrmRetryStore(kit.database.pool, log);
    const sent = envelope();
    await retryStore.keep(sent, new Unavailable('down'));
    const heard: Envelope[] = [];
    const retries = startRetries({
      pool: kit.database.pool,
      retryStore,
      log,
      handle: async (each) => void heard.push(each),
    });
    await eventually(() => heard.length === 1);
    expect(heard[0]).toEqual(sent);
    await retries.stop();
    expect((await kit.database.pool.query('select from retry')).rowCount).toBe(0);
  });
  test('and takes long when it is tried again holds up none of the others', async () => {
    const retryStore = mikroOrmRetryStore(kit.database.pool, log);
    const [slow, quick] = [envelope(), envelope()];
    const [heard, given] = [new Set<string>(), Promise.withResolvers<void>()];
    const handle = async ({ id }: Envelope): Promise<void> => {
      heard.add(id);
      if (id === slow.id) await given.promise;
    };
    const retries = startRetries({ pool: kit.database.pool, retryStore, log, handle });
    await retryStore.keep(slow, new Unavailable('not there'));
    await eventually(() => heard.has(slow.id));
    await retryStore.keep(quick, new Unavailable('not there'));
    await eventually(() => heard.has(quick.id));
    given.resolve();
    await retries.stop();
    expect(
      (await kit.database.pool.query('select from retry where message_id = any($1)', [[slow.id, quick.id]])).rowCount,
    ).toBe(0);
  });
  test('lies among the dead letters when it will not', async () => {
    const sent = envelope();
    await mikroOrmRetryStore(kit.database.pool, log).keep(sent, new TypeError('no such field'));
    const { rows } = await kit.database.pool.query('select message_id, error from dead_letter');
    expect(rows).toEqual([{ message_id: sent.id, error: 'no such field' }]);
  });
});

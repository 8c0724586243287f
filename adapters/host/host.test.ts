import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { coinFor, jarService, log, openPlace, type Place } from './jar-service.fixture.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

describe('a hosted service', () => {
  test('receives what others sent before it started (K8)', async () => {
    const [sender, hearer] = [jarService('sender'), jarService('hearer')];
    sender.plug = ((plug) => (outside) => ({
      ...plug(outside),
      subscriptions: { events: ['jar.#'], commands: [], handle: () => [] },
    }))(sender.plug);
    const bus = inProcessBus({ log });
    const sending = await place.host(sender, { bus });
    await sending.go();
    const id = newId();
    await sender.send(coinFor(id));
    await pause(50);
    const hearing = await place.host(hearer, { bus });
    await hearing.go();
    await eventually(async () => (await hearer.coinsIn(id)) === 1);
    await Promise.all([sending.stop(), hearing.stop()]);
  });

  test('handles a message again by itself when what it needs is back, and meanwhile all the others', async () => {
    const service = jarService('patient');
    const [troubled, fine] = [newId(), newId()];
    let tries = 0;
    service.onMessage = (id) => {
      if (id === troubled && ++tries < 2) throw new Unavailable('not there now');
    };
    const hosted = await place.host(service);
    await hosted.go();
    await service.send(coinFor(troubled), coinFor(fine));
    await eventually(async () => (await service.coinsIn(fine)) === 1);
    await eventually(async () => (await service.coinsIn(troubled)) === 1);
    expect(tries).toBe(2);
    await hosted.stop();
  });

  test('stops when what is in hand is done, and goes on where it stopped', async () => {
    const service = jarService('leaving');
    const [inHand, after] = [newId(), newId()];
    let begun = false;
    service.onMessage = async () => {
      begun = true;
      await pause(200);
    };
    const first = await place.host(service);
    await first.go();
    await service.send(coinFor(inHand));
    await eventually(() => begun);
    await service.send(coinFor(after));
    await first.stop();
    service.onMessage = () => undefined;

    const second = await place.host(service);
    expect(await service.coinsIn(inHand)).toBe(1);
    await second.go();
    await eventually(async () => (await service.coinsIn(after)) === 1);
    await eventually(async () => (await second.operations.figures()).waiting === 0);
    expect(await service.coinsIn(inHand)).toBe(1);
    await second.stop();
    expect(service.starts).toBe(2);
  });

  test('fires a timer that came due while no process ran', async () => {
    const service = jarService('sleepy');
    const id = newId();
    const first = await place.host(service);
    await service.put(id, { put: 1, alarmAt: Date.now() - 1_000 });
    await first.stop();
    service.onAlarm = (jar) => service.put(jar, { put: 10 });
    const second = await place.host(service);
    await second.go();
    await eventually(async () => (await service.coinsIn(id)) === 11);
    await second.stop();
  });

  test('deletes what nobody needs any more, each hour', async () => {
    const service = jarService('tidy');
    service.cleaning = [`delete from jar where (state ->> 'coins')::integer > 1`];
    const setInterval = jest.spyOn(globalThis, 'setInterval');
    const hosted = await place.host(service);
    const hourly = setInterval.mock.calls.filter(([, ms]) => ms === 3_600_000).map(([run]) => run as () => void);
    setInterval.mockRestore();
    const [kept, gone] = [newId(), newId()];
    await service.put(kept, { put: 1 });
    await service.put(gone, { put: 2 });
    for (const run of hourly) run();
    await eventually(async () => (await service.coinsIn(gone)) === undefined);
    expect(await service.coinsIn(kept)).toBe(1);
    await hosted.stop();
  });

  test('says what it lacks: the road first, then what the service itself misses', async () => {
    const service = jarService('lacking');
    const hosted = await place.host(service);
    expect(await hosted.waitsFor()).toBeUndefined();
    service.lacks = 'a catalogue';
    expect(await hosted.waitsFor()).toBe('a catalogue');
    await hosted.stop();
  });
});

describe('a database that is not there', () => {
  test('may come later', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'jari-late-'));
    const early = await startPostgres({ dir, log });
    const service = jarService('waiting');
    const databaseUrl = await provision(early.adminUrl, service.name, 'schema');
    await early.stop();

    let isHosted = false;
    const hosting = place.host(service, { databaseUrl }).finally(() => (isHosted = true));
    await pause(400);
    expect(isHosted).toBe(false);
    const late = await startPostgres({ dir, port: early.port, log });
    const hosted = await hosting;
    await hosted.go();
    const id = newId();
    await service.send(coinFor(id));
    await eventually(async () => (await service.coinsIn(id)) === 1);
    await hosted.stop();
    await late.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('while it is away, and while its disk is full, the service says so and is not ready', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'jari-away-'));
    const postgres = await startPostgres({ dir, log });
    const service = jarService('reliant');
    const hosted = await place.host(service, {
      databaseUrl: await provision(postgres.adminUrl, service.name, 'schema'),
    });
    await hosted.go();
    service.lacks = undefined;
    expect([await hosted.databaseLacks(), await hosted.waitsFor()]).toEqual([undefined, undefined]);

    const full = `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$`;
    await hosted.database.pool.query(full);
    for (const table of ['jar', 'disk_probe'])
      await hosted.database.pool.query(
        `create trigger full_disk before insert on ${table} execute function full_disk()`,
      );
    await expect(service.put(newId(), { put: 1 })).rejects.toThrow(Unavailable);
    await eventually(hosted.databaseLacks, (lacks) => lacks === 'space on the disk of its database');
    await pause(600);
    expect(await hosted.waitsFor()).toBe('space on the disk of its database');
    await hosted.database.pool.query('drop function full_disk cascade');
    await eventually(hosted.databaseLacks, (lacks) => lacks === undefined);

    await postgres.stop();
    await eventually(hosted.databaseLacks, (lacks) => lacks === 'its database');
    expect(await hosted.waitsFor()).toBe('its database');
    const late = await startPostgres({ dir, port: postgres.port, log });
    await eventually(hosted.databaseLacks, (lacks) => lacks === undefined);
    await hosted.stop();
    await late.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  test('is not waited for any longer once the process is told to end', async () => {
    const ending = new AbortController();
    const hosting = place.host(jarService('hopeless'), {
      databaseUrl: 'postgres://nobody:x@127.0.0.1:1/jari',
      signal: ending.signal,
    });
    await pause(150);
    ending.abort();
    await expect(hosting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

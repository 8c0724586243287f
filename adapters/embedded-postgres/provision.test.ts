import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { startPostgres, type Postgres } from './postgres.ts';
import { provision } from './provision.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-test-'));
let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ dir, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query({ text: query, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe.each(['schema', 'database'] as const)('a service with a %s of its own (K5)', (as) => {
  const [lodging, payment] = [`lodging_${as}`, `payment_${as}`];
  const provided = (name: string): Promise<string> => provision(server.adminUrl, name, as);

  test('keeps tables there by its address alone', async () => {
    const url = await provided(lodging);
    await ask(url, 'create table if not exists reservation (id text)');
    expect(await ask(url, 'select current_user::text, current_schema()::text')).toEqual([
      lodging,
      as === 'schema' ? lodging : 'public',
    ]);
    expect(await ask(url, 'select count(*)::int from reservation')).toEqual([0]);
  });

  test("cannot read, or write beside, another's", async () => {
    const mine = await provided(lodging);
    const theirs = await provided(payment);
    await ask(theirs, 'create table payment (id text)');
    if (as === 'schema') {
      await expect(ask(mine, `select * from ${payment}.payment`)).rejects.toThrow('permission denied for schema');
      await expect(ask(mine, `create table ${payment}.mine (id text)`)).rejects.toThrow('permission denied for schema');
      await expect(ask(mine, 'create table public.mine (id text)')).rejects.toThrow(
        'permission denied for schema public',
      );
    } else {
      const inTheirs = new URL(mine);
      inTheirs.pathname = new URL(theirs).pathname;
      await expect(ask(inTheirs.href, 'select 1')).rejects.toThrow('permission denied for database');
    }
    for (const closed of ['/postgres', '/template1']) {
      const elsewhere = new URL(mine);
      elsewhere.pathname = closed;
      await expect(ask(elsewhere.href, 'select 1')).rejects.toThrow('permission denied for database');
    }
  });

  test('gets the same address each time, also when many ask at once', async () => {
    const name = `crowd_${as}`;
    const urls = await Promise.all([1, 2, 3, 4, 5, 6].map(() => provided(name)));
    expect(new Set([...urls, await provided(name)]).size).toBe(1);
  });

  test("has a password that follows from the administrator's, and is another for another name", async () => {
    expect(new URL(await provided(lodging)).password).not.toBe(new URL(await provided(payment)).password);
    await expect(ask((await provided(lodging)).replace(/:[^:@]*@/, ':guess@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
  });
});

test('a provision that was cut short is completed', async () => {
  await ask(server.adminUrl, 'create role halfway nologin');
  const url = await provision(server.adminUrl, 'halfway', 'schema');
  expect(await ask(url, 'select current_schema()::text')).toEqual(['halfway']);
});

test('a name that is no plain name is refused', async () => {
  await expect(provision(server.adminUrl, 'lodging; drop', 'schema')).rejects.toThrow('is no name');
});

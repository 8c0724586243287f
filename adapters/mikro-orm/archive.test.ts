import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { days } from '#kernel/time.ts';
import { archiveOld } from './archive.ts';
import { testStore, type TestStore } from './testing.ts';

let kit: TestStore;
beforeAll(async () => {
  kit = await testStore({ name: 'jars', migrations: [], entities: [] });
});
afterAll(() => kit.close());
beforeEach(async () => {
  for (const table of ['outbox', 'outbox_archive', 'inbox']) await rows(`delete from ${table}`);
});

const noon = Date.UTC(2026, 10, 28, 12);
const idFrom = (daysAgo: number): string => v7({ msecs: noon - days(daysAgo) });
const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await kit.database.pool.query(text, values)).rows as Row[];
const idsIn = async (table: string): Promise<string[]> =>
  (await rows<{ id: string }>(`select id::text from ${table} order by id`)).map(({ id }) => id);
const published = (...ids: string[]): Promise<unknown> =>
  rows(
    `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, payload, created_at, published_at)
      select id, 'event', 't', 'k', 's', 'c', 'c', '', now(), now() from unnest($1::uuid[]) id`,
    [ids],
  );
const handled = (consumer: string, ...ids: string[]): Promise<unknown> =>
  rows('insert into inbox select $1, unnest($2::text[])', [consumer, ids]);
const archive = (signal = new AbortController().signal): Promise<void> =>
  archiveOld(kit.database.pool, 'jars', noon, signal);

describe('the archive', () => {
  test('takes what was published more than thirty days ago, a table for each day; what is younger stays', async () => {
    const [older, old, young] = [idFrom(40), idFrom(31), idFrom(29)];
    await published(young, old, older);
    await archive();
    expect(await idsIn('outbox')).toEqual([young]);
    expect(await idsIn('outbox_2026_10_19')).toEqual([older]);
    expect(await idsIn('outbox_2026_10_28')).toEqual([old]);
  });

  test('leaves what was not published yet, however old it is', async () => {
    const waiting = idFrom(400);
    await published(waiting, idFrom(40));
    await rows('update outbox set published_at = null where id = $1', [waiting]);
    await archive();
    expect(await idsIn('outbox')).toEqual([waiting]);
  });

  test('takes what comes late of a day whose table is detached already, and what comes after it', async () => {
    const [early, late, later, after] = [idFrom(60), idFrom(60), idFrom(60), idFrom(50)];
    await published(early);
    await archive();
    await rows('alter table outbox_archive detach partition outbox_2026_09_29');
    for (const id of [late, later, after]) {
      await published(id);
      await archive();
    }
    expect(await idsIn('outbox')).toEqual([]);
    expect(await idsIn('outbox_2026_09_29')).toEqual([early]);
    expect(await idsIn('outbox_archive')).toEqual([late, later, after].sort());
    await rows('drop table outbox_2026_09_29');
  });

  test('goes on another time when its process leaves', async () => {
    const old = idFrom(40);
    await published(old);
    await archive(AbortSignal.abort());
    expect(await idsIn('outbox')).toEqual([old]);
    await archive();
    expect(await idsIn('outbox')).toEqual([]);
  });

  test('takes a day of many thousands; those who are rebuilding are told all of it, in its order', async () => {
    const all = [...Array.from({ length: 2_500 }, () => idFrom(35)), idFrom(33), idFrom(1)].sort();
    await published(...all);
    await Promise.all([archive(), archive()]); // a second process does not meddle
    await archive();
    expect(await idsIn('outbox')).toHaveLength(1);
    expect(await idsIn('told')).toEqual(all);
  });
});

test('what was handled more than thirty days ago is forgotten, and of this service alone', async () => {
  const [old, young] = [idFrom(31), idFrom(29)];
  await handled('jars', old, `${old}/${idFrom(1)}`, young);
  await handled('jars@2', old);
  await archive();
  expect(await rows('select consumer, message_id from inbox order by consumer')).toEqual([
    { consumer: 'jars', message_id: young },
    { consumer: 'jars@2', message_id: old },
  ]);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newId } from '#kernel/ids.ts';
import { jarService } from '#adapters/host/jar-service.fixture.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { trailIn, type Act, type Trail } from './trail.ts';

let on: TestStore;
let trail: Trail;
beforeAll(async () => {
  on = await testStore(jarService());
  trail = trailIn(on.database);
});
afterAll(() => on.close());

const act = (more: Partial<Act> = {}): Act => ({
  ...{
    id: newId(),
    at: Date.now(),
    caller: newId(),
    roles: ['admin'],
    method: '/jari.payment.v1.PaymentService/Refund',
    request: '{}',
    address: '203.0.113.7',
    correlationId: 'r-1',
  },
  ...more,
});

/** Past the trigger, as somebody who owns the table might. */
const byForce = async (sql: string): Promise<void> => {
  const client = new pg.Client(on.url);
  await client.connect();
  try {
    await client.query(
      `alter table audit disable trigger audit_stays; ${sql}; alter table audit enable trigger audit_stays`,
    );
  } finally {
    await client.end();
  }
};

describe('the audit trail', () => {
  test('holds who did what, from where, when, and what came of it; newest first, by pages', async () => {
    const [first, second, third] = [act(), act({ request: '{"reason":"고객 요청"}' }), act()];
    const change = { aggregate: 'payment', id: newId(), before: '{"status":"paid"}', after: '{"status":"refunding"}' };
    for (const each of [first, second, third]) await trail.begin(each);
    await trail.end(second.id, { outcome: 'OK', reason: '', changes: [change] });
    const page = await trail.list({ size: 2 });
    expect(page).toMatchObject([
      { ...third, ending: undefined },
      { ...second, ending: { outcome: 'OK', changes: [change] } },
    ]);
    expect(await trail.list({ after: page[1]!.id, size: 2 })).toMatchObject([first]);
  });

  test('is chained without a gap, also by many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => trail.begin(act())));
    expect(await trail.verify()).toMatchObject({ broken: undefined });
  });

  test.each(['update audit set content = content', 'delete from audit', 'truncate audit'])(
    'is only added to: %s',
    (sql) => expect(on.database.pool.query(sql)).rejects.toThrow('the audit trail is only added to'),
  );

  test('names the row that somebody changed past all of this, and the row after one that is gone', async () => {
    const { number } = (await trail.list({ size: 1 }))[0]!;
    const content = `(select content from audit where number = ${number})`;
    const {
      rows: [kept],
    } = await on.database.pool.query<{ content: string }>(`select ${content} content`);
    await byForce(
      `update audit set content = replace(content, '203.0.113.7', '198.51.100.1') where number = ${number}`,
    );
    expect(await trail.verify()).toMatchObject({ broken: number });
    await byForce(`update audit set content = '${kept!.content}' where number = ${number}`);
    expect(await trail.verify()).toMatchObject({ broken: undefined });
    await byForce('delete from audit where number = 5');
    expect(await trail.verify()).toMatchObject({ broken: 6n });
  });
});

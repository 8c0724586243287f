import { expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { becomes } from '../eventually.ts';
import { lodging } from '../lodging.ts';
import { ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

interface Rebuild {
  state: string;
  events: string;
  sources: { service: string; events: string; ended: boolean }[];
  waitsFor: string;
}

/** The read models, built anew from what the services ever told (K10). */
export const rebuiltViews = (place: Place): void => {
  const models = async (ids: readonly string[]): Promise<object[]> =>
    place.rows<{ state: object }>('views', 'select state from order_view where id = any($1::uuid[]) order by id', ids);

  test('a rebuilt projection equals the live one, mends what was damaged, and is read without a break; what is new meanwhile is in it (K10)', async () => {
    const { newRoom, reserve, reaches, cancel, shown, quiet, admin } = lodging(place);
    const room = await newRoom({ instant: true });
    const made: string[] = [];
    for (const inDays of [40, 50, 60]) made.push((await reserve(room, inDays)).id);
    const [first = '', second = ''] = made;
    for (const id of made) await reaches(id, 'PAID');
    await ok(cancel(first));
    await reaches(first, 'CANCELLED');
    await becomes(() => shown(first), { status: 'CANCELLED', paymentStatus: 'CANCELLED' });
    for (const id of made.slice(1)) await becomes(() => shown(id), { status: 'PAID', paymentStatus: 'COMPLETED' });
    await quiet();
    const before = await models(made);
    expect(before).toHaveLength(3);
    await place.rows(
      'views',
      `update order_view set state = jsonb_set(state, '{head,title}', '"damaged"') where id = $1`,
      second,
    );
    expect((await shown(second)).title).toBe('damaged');
    await place.rows('views', `insert into inbox (consumer, message_id) values ('views@killed', $1)`, newId()); // an earlier rebuilding's, that was killed

    await ok(admin.post('/v1/ops/views/projection:rebuild', {}));
    const answers = new Set<number>();
    let isRebuilt = false;
    const reading = (async () => {
      while (!isRebuilt)
        answers
          .add((await admin.get(`/v1/orders/${second}`)).status)
          .add((await admin.get('/v1/orders?as=ALL')).status);
    })();
    const late = await reserve(room, 70);
    const rebuilt = await becomes(() => ok(admin.get<Rebuild>('/v1/ops/views/projection')), { state: 'DONE' }, 60_000);
    isRebuilt = true;
    await reading;

    expect([...answers]).toEqual([200]);
    expect(rebuilt.waitsFor).toBe('');
    expect(rebuilt.sources.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['lodging', 'property', 'payment']),
    );
    expect(rebuilt.sources.every(({ ended }) => ended)).toBe(true);
    expect(await models(made)).toEqual(before);
    await reaches(late.id, 'PAID');
    await becomes(() => shown(late.id), { status: 'PAID', paymentStatus: 'COMPLETED' });
    expect(await place.rows('views', `select consumer from inbox where consumer like 'views@%'`)).toEqual([]);
  }, 120_000);

  test('only what is built from events can be rebuilt, by an administrator', async () => {
    const { admin, guest } = lodging(place);
    expect(refusalOf(await admin.post('/v1/ops/lodging/projection:rebuild', {}))).toMatchObject({
      reason: 'NO_PROJECTION',
    });
    expect((await guest.post('/v1/ops/views/projection:rebuild', {})).status).toBe(403);
  });
};

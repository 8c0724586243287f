import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canceller } from '#kernel/spec.ts';
import { idOf, newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { staffRolesIn } from '#adapters/auth/staff-roles.ts';
import { sayOf } from '#adapters/auth/testing.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { decide, type Offer } from '../lesson.ts';
import { service } from '../main.ts';
import { decide as decidePurchase, type Input } from '../purchase.ts';
import * as usecases from '../usecases.ts';
import { addSampleData } from './sample.ts';
import { toLesson } from './shown.ts';
import { migrations, mikroOrmLessons, mikroOrmPurchases, storedLessons, storedPurchases } from './store.ts';

let on: TestStore;
const lessons = storedLessons(300_000);
const purchases = storedPurchases({ paymentAnswer: 10_000, payment: 3_600_000, askAgain: 300_000 });
const mostWaiting = 4;
const portsOn = (store: TestStore['store']): usecases.Ports => ({
  lessons: mikroOrmLessons(store, lessons, {
    mostWaiting,
    staffRolesOf: (id) => staffRolesIn(on.database.prepared)(id),
  }),
  purchases: mikroOrmPurchases(store, purchases, 3),
  cards: { refusal: async () => undefined },
});
let ports: usecases.Ports;
beforeAll(async () => {
  on = await testStore(service);
  ports = portsOn(on.store);
});
afterAll(() => on.close());

const hour = 3_600_000;
const now = Date.now();
/** On the hour, so that an hour later is the next quarter-hour. */
const onTheHour = Math.ceil(now / hour) * hour;
const startTimes = [onTheHour + hour, onTheHour + 2 * hour];
async function lesson(sellerId: string = newId(), isOnSale = true, more: Partial<Offer> = {}): Promise<string> {
  const id = newId();
  await usecases.requestSale(
    ports,
    id,
    sellerId,
    {
      title: 'Maths',
      description: '',
      subject: '',
      level: '',
      photos: [],
      price: krw(50_000),
      minutes: 50,
      startTimes,
      ...more,
    },
    now,
  );
  if (!isOnSale) return id;
  for (const type of ['Approved', 'LessonRegistered'] as const)
    await on.store.update(lessons, id, (state) => decide(state, { type, revision: 1 }));
  return id;
}
const buy = (
  lessonId: string,
  startTime = startTimes[0]!,
  buyerId: string = newId(),
  by = ports,
  id: string = newId(),
) => usecases.requestPurchase(by, id, { wish: { buyerId, lessonId, startTime }, agreed: undefined }, Date.now());
const hear = (id: string, input: Input) => on.store.update(purchases, id, (state) => decidePurchase(state, input));
const sold = async (id: string) => (await usecases.readLesson(ports, id, { id: undefined, seesAll: true }, now))?.sold;

test('of thirty requests of one seller at the same moment, on two replicas, no more wait for an administrator than may; a decision lets the next one in (B7)', async () => {
  const sellerId = newId();
  const offer: Offer = {
    ...{ title: 'Maths', description: '', subject: '', level: '', photos: [] },
    ...{ price: krw(50_000), minutes: 50, startTimes },
  };
  const request = (by = ports, id: string = newId()) => usecases.requestSale(by, id, sellerId, offer, now);
  const replica = mikroOrmStore(on.database);
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) => request(index % 2 ? portsOn(replica) : ports)),
  );
  await replica.close();
  const accepted = outcomes.flatMap((each) => (each.accepted ? [each.after.id] : []));
  expect(accepted).toHaveLength(mostWaiting);
  const details = { most: String(mostWaiting), of: 'lessons that wait for an administrator' };
  const refused = { accepted: false, refusal: 'too-many-waiting', details };
  for (const each of outcomes.filter((one) => !one.accepted)) expect(each).toEqual(refused);

  const [first, second] = accepted as [string, string];
  await on.store.update(lessons, first, (state) => decide(state, { type: 'Approved', revision: 1 }));
  expect(await request()).toMatchObject({ accepted: true });
  expect(await request()).toEqual(refused);
  const edit = (id: string) => usecases.changeLesson(ports, id, sellerId, { changes: { title: 'Algebra' } }, now);
  expect(await edit(first)).toEqual(refused);
  expect(await edit(second)).toMatchObject({ accepted: true });
  await usecases.withdrawLesson(ports, second, sellerId);
  expect(await edit(first)).toMatchObject({ accepted: true });
  expect((await usecases.requestSale(ports, newId(), newId(), offer, now)).accepted).toBe(true);
});

const finallyDeclined = {
  type: 'PaymentDeclined',
  ...{ reason: 'CARD_DECLINED', reasonText: '', isRetryable: false, cards: 1, at: 0 },
} as const;

describe('a start time', () => {
  test('is sold once, though 200 buyers want it at the same moment, on two replicas (T1)', async () => {
    const id = await lesson();
    const replica = mikroOrmStore(on.database);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => buy(id, startTimes[0], newId(), index % 2 ? portsOn(replica) : ports)),
    );
    await replica.close();
    expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(1);
    for (const each of outcomes) if (!each.accepted) expect(each.refusal).toBe('start-time-taken');
    expect(await sold(id)).toEqual([startTimes[0]]);
  });

  test('is free again when the payment is declined or the purchase is cancelled, and is not when it is paid (T9, T14)', async () => {
    const id = await lesson();
    const [declined, cancelled, paid] = [newId(), newId(), newId()];
    await buy(id, startTimes[0], newId(), ports, declined);
    await hear(declined, finallyDeclined);
    expect(await sold(id)).toEqual([]);
    const buyer = newId();
    await buy(id, startTimes[0], buyer, ports, cancelled);
    await usecases.cancelPurchase(ports, cancelled, canceller(buyer), Date.now());
    expect(await sold(id)).toEqual([startTimes[0]]);
    await hear(cancelled, { type: 'PaymentCancelled' });
    expect(await sold(id)).toEqual([]);
    expect(await buy(id, startTimes[0], newId(), ports, paid)).toMatchObject({ accepted: true });
    await hear(paid, { type: 'PaymentCompleted' });
    expect(await sold(id)).toEqual([startTimes[0]]);
  });
});

test('unpaid purchases of one buyer are three at most by the setting, even of 20 made at once on two replicas; a paid one makes room (B7)', async () => {
  const buyer = newId<string>();
  const replica = mikroOrmStore(on.database);
  const hours = Array.from({ length: 22 }, (_, nth) => onTheHour + (nth + 1) * hour);
  const lessonIds = await Promise.all(Array.from({ length: 20 }, () => lesson(newId(), true, { startTimes: hours })));
  const ids = lessonIds.map(() => newId<string>());
  const outcomes = await Promise.all(
    lessonIds.map((id, nth) => buy(id, hours[nth], buyer, nth % 2 ? portsOn(replica) : ports, ids[nth])),
  );
  await replica.close();
  const refused = { accepted: false, refusal: 'too-many-holds', details: { most: '3', of: 'unpaid purchases' } };
  expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(3);
  expect(outcomes.filter(({ accepted }) => !accepted)).toEqual(Array(17).fill(refused));
  const first = ids[outcomes.findIndex(({ accepted }) => accepted)]!;
  await hear(first, { type: 'PaymentCompleted' });
  const other = await lesson(newId(), true, { startTimes: hours });
  expect(await buy(other, hours[20], buyer)).toMatchObject({ accepted: true });
  expect(await buy(other, hours[21], buyer)).toEqual(refused);
});

test('a price that is not the agreed one leaves nothing behind (B1)', async () => {
  const [lessonId, id] = [await lesson(), newId<string>()];
  const wish = { buyerId: newId<string>(), lessonId, startTime: startTimes[0]! };
  expect(await usecases.requestPurchase(ports, id, { wish, agreed: krw(49_999) }, Date.now())).toEqual({
    ...{ accepted: false, refusal: 'price-changed', details: { total_units: '50000', total_currency: 'KRW' } },
  });
  expect([
    await ports.purchases.get(id),
    await sold(lessonId),
    (await on.sent()).filter(({ subject }) => subject === id),
  ]).toEqual([undefined, [], []]);
});

describe('the time of a person (B7)', () => {
  const half = hour / 2;
  const free = async (id: string) => {
    const seen = await usecases.readLesson(ports, id, { id: undefined, seesAll: true }, now);
    return toLesson(seen!, now).freeStartTimes.map((time) => time.getTime());
  };
  const outcome = async (bought: ReturnType<typeof buy>) => {
    const updated = await bought;
    return updated.accepted ? 'accepted' : updated.refusal;
  };

  test('of a seller is sold once: one of three buyers gets it, of two start times of a lesson that overlap and of another lesson', async () => {
    for (let round = 0; round < 5; round++) {
      const seller = newId();
      const first = await lesson(seller, true, { minutes: 60, startTimes: [startTimes[0]!, startTimes[0]! + half] });
      const second = await lesson(seller, true, { minutes: 60 });
      const outcomes = await Promise.all([
        outcome(buy(first, startTimes[0])),
        outcome(buy(first, startTimes[0]! + half)),
        outcome(buy(second, startTimes[0])),
      ]);
      expect(outcomes.sort()).toEqual(['accepted', 'start-time-taken', 'start-time-taken']);
      expect(await outcome(buy(second, startTimes[0]! + 2 * hour))).toBe('no-such-start-time');
      expect([await free(first), await free(second)]).toEqual([[], expect.not.arrayContaining([startTimes[0]])]);
    }
  });

  test('of a seller is sold once, also when the lesson gets longer or is offered at more times after it was bought', async () => {
    const seller = newId();
    const id = await lesson(seller, true, { minutes: 15, startTimes: [startTimes[0]!, startTimes[0]! + half] });
    expect(await outcome(buy(id, startTimes[0]! + half))).toBe('accepted');
    const changes = {
      minutes: 60,
      startTimes: [startTimes[0]!, startTimes[0]! + half, startTimes[0]! + half + 60_000],
    };
    await usecases.changeLesson(ports, id, seller, { changes, isPriceConfirmed: false }, now);
    for (const input of [
      { type: 'Approved', revision: 2 },
      { type: 'LessonRegistered', revision: 2 },
    ] as const)
      await on.store.update(storedLessons(60_000), id, (state) => decide(state, input));
    expect(await outcome(buy(id, startTimes[0]))).toBe('start-time-taken');
    expect(await outcome(buy(id, startTimes[0]! + half + 60_000))).toBe('start-time-taken');
    expect(await free(id)).toEqual([]);
  });

  test('of a buyer is spent once, with whichever seller; what was cancelled or failed takes no time, what ended early does', async () => {
    const [buyer, start] = [newId(), startTimes[1]];
    const lessons = await Promise.all(Array.from({ length: 5 }, () => lesson()));
    const [declined, cancelled, held] = [newId(), newId(), newId()];
    const atOnce = await Promise.all(lessons.map((id) => outcome(buy(id, startTimes[0], buyer))));
    expect(atOnce.sort()).toEqual(['accepted', ...Array<string>(4).fill('overlaps-own')]);

    expect(await outcome(buy(lessons[0]!, start, buyer, ports, declined))).toBe('accepted');
    expect(await outcome(buy(lessons[1]!, start, buyer))).toBe('overlaps-own');
    await hear(declined, finallyDeclined);
    expect(await outcome(buy(lessons[1]!, start, buyer, ports, cancelled))).toBe('accepted');
    await usecases.cancelPurchase(ports, cancelled, canceller(buyer), Date.now());
    expect(await outcome(buy(lessons[2]!, start, buyer))).toBe('overlaps-own'); // until it is cancelled
    await hear(cancelled, { type: 'PaymentCancelled' });
    expect(await outcome(buy(lessons[2]!, start, buyer, ports, held))).toBe('accepted');
    await hear(held, { type: 'PaymentCompleted' });
    const { state } = (await ports.purchases.get(held))!;
    await hear(held, {
      type: 'LectureEnded',
      attendance: [state.status === 'none' ? '' : state.terms.sellerId],
      at: now,
    });
    expect(await outcome(buy(lessons[3]!, start, buyer))).toBe('overlaps-own');
    expect(await outcome(buy(lessons[2]!, start))).toBe('start-time-taken'); // it was made use of
  });

  test('that purchases of the version before take is known after the migration', async () => {
    const [seller, buyer] = [newId(), newId()];
    const id = await lesson(seller, true, { minutes: 60 });
    const bought = newId();
    await buy(id, startTimes[0], buyer, ports, bought);
    const claimed = async () =>
      (
        await on.database.pool.query<{ key: string }>(`select key from claim where holder = $1 order by key`, [bought])
      ).rows.map(({ key }) => key);
    const before = await claimed();
    expect(before).toHaveLength(10); // the start time, four quarter-hours of two people, and the slot of an unpaid purchase
    await on.database.pool.query(`delete from claim where key like 'seller/%' or key like 'buyer/%'`);
    await on.database.pool.query(migrations.find(({ name }) => name === 'tutoring-4')!.up[0]!);
    expect(await claimed()).toEqual(before);
    expect(await outcome(buy(await lesson(seller, true, { minutes: 60 }), startTimes[0]))).toBe('start-time-taken');
  });
});

describe('lists', () => {
  const ids = async (found: Promise<readonly { id: string }[]>) => (await found).map(({ id }) => id);
  const seen = async (viewer: usecases.Viewer, status?: 'on-sale' | 'sale-requested', page = { size: 50 }) =>
    (await usecases.listLessons(ports, viewer, { status }, page, now)).map(({ lesson: { id } }) => id);

  test('find lessons by subject, words and free start times; closed ones for their seller alone (B2)', async () => {
    const [seller, other] = [newId(), newId()];
    const said = { title: '달빛수학 · Maths', subject: '수학', level: '고등', description: 'Calculus, café style' };
    const id = await lesson(seller, true, said);
    const found = async (filter: Parameters<typeof usecases.listLessons>[2], by = other) =>
      (await usecases.listLessons(ports, { id: by, seesAll: false }, filter, { size: 50 }, now)).map(
        ({ lesson: { id } }) => id,
      );
    for (const text of ['달빛', '고등 수학'.normalize('NFD'), 'CAFE calculus'])
      expect(await found({ text })).toEqual([id]);
    expect(await found({ subject: '수학'.normalize('NFD'), text: '달빛' })).toEqual([id]);
    expect(await found({ subject: '영어', text: '달빛' })).toEqual([]);
    const [first, second] = [startTimes[0]!, startTimes[1]!];
    const free = (from: number, to: number) => found({ text: '달빛', free: { from, to } });
    expect(await free(first, first + 1)).toEqual([id]);
    expect(await free(second + 1, second + hour)).toEqual([]);
    await buy(id, first);
    expect(await free(first, first + 1)).toEqual([]);
    expect(await free(first, second + 1)).toEqual([id]);
    // Sold for another lesson, the seller's time is not free for this one.
    await buy(await lesson(seller), second);
    expect(await free(first, second + 1)).toEqual([]);
    await usecases.closeOrReopenLesson(ports, id, seller, 'CloseLesson');
    expect(await found({ text: '달빛' })).toEqual([]);
    expect(await found({ text: '달빛' }, seller)).toEqual([id]);
  });

  test('show anybody the lessons on sale, a seller the own ones as well, an administrator all (T10)', async () => {
    const [seller, other] = [newId(), newId()];
    const onSale = await lesson(seller);
    const waiting = await lesson(seller, false);
    const anybody = await seen({ id: undefined, seesAll: false });
    expect([anybody.includes(onSale), anybody.includes(waiting)]).toEqual([true, false]);
    expect((await seen({ id: seller, seesAll: false })).slice(0, 2)).toEqual([waiting, onSale]);
    expect(await seen({ id: other, seesAll: false }, 'sale-requested')).toEqual([]);
    expect(await seen({ id: seller, seesAll: false }, 'sale-requested')).toEqual([waiting]);
    expect(await seen({ id: other, seesAll: true }, 'sale-requested')).toContain(waiting);
    expect(await usecases.readLesson(ports, waiting, { id: other, seesAll: false }, now)).toBeUndefined();
    expect(await seen({ id: seller, seesAll: false }, undefined, { size: 1 })).toEqual([waiting]);
  });

  test('show a buyer what was bought and a seller what was sold, and nobody else anything (T10)', async () => {
    const [seller, buyer] = [newId(), newId()];
    const id = await lesson(seller);
    const [first, second] = [newId(), newId()];
    await buy(id, startTimes[0], buyer, ports, first);
    await buy(id, startTimes[1], newId(), ports, second);
    expect(await ids(usecases.listPurchases(ports, buyer, undefined, { size: 10 }))).toEqual([first]);
    expect(await ids(usecases.listPurchases(ports, seller, undefined, { size: 10 }))).toEqual([second, first]);
    expect(await ids(usecases.listPurchases(ports, seller, 'paid', { size: 10 }))).toEqual([]);
    expect(await ids(usecases.listPurchases(ports, newId(), undefined, { size: 10 }))).toEqual([]);
    expect(await usecases.readPurchase(ports, first, newId())).toBeUndefined();
    expect(await usecases.readPurchase(ports, first, seller)).toMatchObject({ id: first });
  });
});

test('sample data brings eight lessons in their states, asks an administrator about one alone, and changes nothing the second time', async () => {
  await addSampleData(on.store, lessons, now);
  const before = await on.sent();
  await addSampleData(on.store, lessons, now + hour);
  const found = await ports.lessons.list({ sellerId: idOf('user', 'seller') }, { size: 20 });
  expect(found.map(({ state }) => state.status)).toEqual([
    'withdrawn',
    'sale-rejected',
    'sale-requested',
    ...Array<string>(5).fill('sale-requested'), // five of which the lecture system has yet to register
  ]);
  const sent = await on.sent();
  expect(sent).toHaveLength(before.length);
  const about = sent
    .filter(({ subject }) => found.some(({ id }) => id === subject))
    .map(({ type }) => type.split('.').at(-1));
  expect([
    about.filter((type) => type === 'RequestApproval').length,
    about.filter((type) => type === 'RegisterLesson').length,
  ]).toEqual([1, 5]);
});

test('lessons of a seller who is suspended are not on sale, and nobody else lists them, until they are restored (I3)', async () => {
  const sellerId = newId();
  const [id, other] = [await lesson(sellerId), await lesson()];
  const seenBy = async (viewer: string | undefined): Promise<string[]> => {
    const all = await usecases.listLessons(ports, { id: viewer, seesAll: false }, {}, { size: 200 }, now);
    return all.map(({ lesson: { id: each } }) => each).filter((each) => each === id || each === other);
  };
  await sayOf(on.database.pool, sellerId, { suspended: true, at: 1 });
  expect(await buy(id)).toMatchObject({ accepted: false, refusal: 'not-on-sale' });
  expect(await buy(other)).toMatchObject({ accepted: true });
  expect(await seenBy(undefined)).toEqual([other]);
  expect(await seenBy(sellerId)).toEqual([other, id]);
  await sayOf(on.database.pool, sellerId, { at: 2 });
  expect(await seenBy(undefined)).toEqual([other, id]);
  expect(await buy(id)).toMatchObject({ accepted: true });
});

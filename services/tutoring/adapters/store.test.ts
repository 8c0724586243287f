import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idOf, newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { decide } from '../lesson.ts';
import { service } from '../main.ts';
import { decide as decidePurchase, type Input } from '../purchase.ts';
import * as usecases from '../usecases.ts';
import { addSampleData } from './sample.ts';
import { mikroOrmLessons, mikroOrmPurchases, storedLessons, storedPurchases } from './store.ts';

let on: TestStore;
const lessons = storedLessons(300_000);
const purchases = storedPurchases({ paymentAnswer: 10_000, payment: 3_600_000, askAgain: 300_000 });
const portsOn = (store: TestStore['store']): usecases.Ports => ({ lessons: mikroOrmLessons(store, lessons), purchases: mikroOrmPurchases(store, purchases, 3) });
let ports: usecases.Ports;
beforeAll(async () => {
  on = await testStore(service);
  ports = portsOn(on.store);
});
afterAll(() => on.close());

const hour = 3_600_000;
const now = Date.now();
const startTimes = [now + hour, now + 2 * hour];
async function lesson(sellerId: string = newId(), isOnSale = true): Promise<string> {
  const id = newId();
  await usecases.requestSale(ports, id, sellerId, { title: 'Maths', description: '', price: krw(50_000), minutes: 50, startTimes }, now);
  if (!isOnSale) return id;
  for (const type of ['Approved', 'LessonRegistered'] as const)
    await on.store.update(lessons, id, (state) => decide(state, { type, revision: 1 }));
  return id;
}
const buy = (lessonId: string, startTime = startTimes[0]!, buyerId: string = newId(), by = ports, id: string = newId()) =>
  usecases.requestPurchase(by, id, { wish: { buyerId, lessonId, startTime }, agreed: undefined }, Date.now());
const hear = (id: string, input: Input) => on.store.update(purchases, id, (state) => decidePurchase(state, input));
const sold = async (id: string) => (await usecases.seeLesson(ports, id, { id: undefined, seesAll: true }))?.sold;

describe('a start time', () => {
  test('is sold once, though 200 buyers want it at the same moment, on two replicas (T1)', async () => {
    const id = await lesson();
    const replica = mikroOrmStore(on.database);
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => buy(id, startTimes[0], newId(), index % 2 ? portsOn(replica) : ports)));
    await replica.close();
    expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(1);
    for (const each of outcomes) if (!each.accepted) expect(each.refusal).toBe('start-time-taken');
    expect(await sold(id)).toEqual([startTimes[0]]);
  });

  test('is free again when the payment is declined or the purchase is cancelled, and is not when it is paid (T9, T14)', async () => {
    const id = await lesson();
    const [declined, cancelled, paid] = [newId(), newId(), newId()];
    await buy(id, startTimes[0], newId(), ports, declined);
    await hear(declined, { type: 'PaymentDeclined', reason: 'CARD_DECLINED', reasonText: '' });
    expect(await sold(id)).toEqual([]);
    const buyer = newId();
    await buy(id, startTimes[0], buyer, ports, cancelled);
    await usecases.cancelPurchase(ports, cancelled, buyer, Date.now());
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
  const lessonIds = await Promise.all(Array.from({ length: 20 }, () => lesson()));
  const ids = lessonIds.map(() => newId<string>());
  const outcomes = await Promise.all(lessonIds.map((id, nth) => buy(id, startTimes[0], buyer, nth % 2 ? portsOn(replica) : ports, ids[nth])));
  await replica.close();
  const refused = { accepted: false, refusal: 'too-many-holds', details: { most: '3', of: 'unpaid purchases' } };
  expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(3);
  expect(outcomes.filter(({ accepted }) => !accepted)).toEqual(Array(17).fill(refused));
  const first = ids[outcomes.findIndex(({ accepted }) => accepted)]!;
  await hear(first, { type: 'PaymentCompleted' });
  const other = await lesson();
  expect(await buy(other, startTimes[0], buyer)).toMatchObject({ accepted: true });
  expect(await buy(other, startTimes[1], buyer)).toEqual(refused);
});

test('a price that is not the agreed one leaves nothing behind (B1)', async () => {
  const [lessonId, id] = [await lesson(), newId<string>()];
  const wish = { buyerId: newId<string>(), lessonId, startTime: startTimes[0]! };
  expect(await usecases.requestPurchase(ports, id, { wish, agreed: krw(49_999) }, Date.now())).toEqual({
    ...{ accepted: false, refusal: 'price-changed', details: { total_units: '50000', total_currency: 'KRW' } },
  });
  expect([await ports.purchases.get(id), await sold(lessonId), (await on.sent()).filter(({ subject }) => subject === id)]).toEqual([undefined, [], []]);
});

describe('lists', () => {
  const ids = async (found: Promise<readonly { id: string }[]>) => (await found).map(({ id }) => id);
  const seen = async (viewer: usecases.Viewer, status?: 'on-sale' | 'sale-requested', page = { size: 50 }) =>
    (await usecases.seeLessons(ports, viewer, status, page)).map(({ lesson: { id } }) => id);

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
    expect(await usecases.seeLesson(ports, waiting, { id: other, seesAll: false })).toBeUndefined();
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
    'withdrawn', 'sale-rejected', 'sale-requested', ...Array<string>(5).fill('sale-requested'), // five of which the lecture system has yet to register
  ]);
  const sent = await on.sent();
  expect(sent).toHaveLength(before.length);
  const about = sent.filter(({ subject }) => found.some(({ id }) => id === subject)).map(({ type }) => type.split('.').at(-1));
  expect([about.filter((type) => type === 'RequestApproval').length, about.filter((type) => type === 'RegisterLesson').length]).toEqual([1, 5]);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { service } from '../main.ts';
import type { Filter, OrderViews } from '../ports.ts';
import { tell, tellCapability } from '../testing/orders.ts';
import type { Whose } from '../visibility.ts';
import { storedOrderViews } from './store.ts';
import { v7 } from 'uuid';

let on: TestStore;
let views: OrderViews;
beforeAll(async () => {
  on = await testStore(service);
  views = storedOrderViews(on.store);
});
afterAll(() => on.close());

const everything = { size: 100 };
const idsOf = async (
  whose: Whose,
  viewer: string,
  filter: Partial<Filter> = {},
  page: { size: number; after?: string } = everything,
) => (await views.list(whose, viewer, { attributes: [], ...filter }, page)).map(({ head }) => head.order.id);

describe('lists of orders', () => {
  test("are the guest's own and the host's own, newest first (L6, L10)", async () => {
    const first = await tell(on.store, { customerId: 'minji', providerId: 'seokho' });
    const second = await tell(on.store, { customerId: 'minji', providerId: 'other' });
    const third = await tell(on.store, { customerId: 'seokho', providerId: 'other' });
    expect(await idsOf('ordered', 'minji')).toEqual([second, first]);
    expect(await idsOf('provided', 'seokho')).toEqual([first]);
    expect(await idsOf('ordered-or-provided', 'seokho')).toEqual([third, first]);
  });

  test('show somebody who ordered from themselves each order once', async () => {
    const own = await tell(on.store, { customerId: 'selfish', providerId: 'selfish' });
    expect(await idsOf('ordered-or-provided', 'selfish')).toEqual([own]);
  });

  test("carry order and payment state, and leave the timeline to the order's own page (L10)", async () => {
    await tell(on.store, { customerId: 'payer', status: 'PAID', phase: 'ACTIVE' }, { status: 'COMPLETED', version: 2 });
    expect(await views.list('ordered', 'payer', { attributes: [] }, everything)).toMatchObject([
      { head: { title: 'Pine Lodge 2', status: 'PAID' }, payment: { status: 'COMPLETED' }, timeline: [] },
    ]);
  });

  test('do not show an order that only capabilities have reported', async () => {
    const id = v7();
    await tellCapability(on.store, id);
    expect(await idsOf('all', 'agent')).not.toContain(id);
    expect((await views.get(id))?.timeline).toHaveLength(1);
  });

  test('come page by page, with nothing left out or shown twice', async () => {
    const orders: string[] = [];
    for (let index = 0; index < 7; index++)
      orders.unshift(
        await tell(on.store, index % 2 ? { customerId: 'pager' } : { customerId: 'other', providerId: 'pager' }),
      );
    const first = await idsOf('ordered-or-provided', 'pager', {}, { size: 3 });
    const second = await idsOf('ordered-or-provided', 'pager', {}, { size: 3, after: first.at(-1) as string });
    const third = await idsOf('ordered-or-provided', 'pager', {}, { size: 3, after: second.at(-1) as string });
    expect([first.length, second.length, third.length]).toEqual([3, 3, 1]);
    expect([...first, ...second, ...third]).toEqual(orders);
  });

  test('narrow down by kind and phase', async () => {
    const lodging = await tell(on.store, { customerId: 'chooser', phase: 'WAITING' });
    const rental = await tell(on.store, {
      customerId: 'chooser',
      phase: 'WAITING',
      order: { kind: 'rental.rental', id: v7() },
    });
    const done = await tell(on.store, { customerId: 'chooser', phase: 'DONE' });
    expect(await idsOf('ordered', 'chooser', { kind: 'rental.rental' })).toEqual([rental]);
    expect(await idsOf('ordered', 'chooser', { phase: 'WAITING' })).toEqual([rental, lodging]);
    expect(await idsOf('ordered', 'chooser', { phase: 'DONE', kind: 'lodging.reservation' })).toEqual([done]);
  });

  test('narrow down by attributes, all of which must match (P12)', async () => {
    const both = await tell(on.store, {
      customerId: 'dealer',
      attributes: { product_id: 'phone-1', dealership_id: 'seoul: "1"' },
    });
    await tell(on.store, { customerId: 'dealer', attributes: { product_id: 'phone-1', dealership_id: 'busan' } });
    const named = (...pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
    expect(
      await idsOf('all', 'agent', { attributes: named(['product_id', 'phone-1'], ['dealership_id', 'seoul: "1"']) }),
    ).toEqual([both]);
    expect(await idsOf('all', 'agent', { attributes: named(['product_id', 'phone-1']) })).toHaveLength(2);
    expect(
      await idsOf('all', 'agent', { attributes: named(['product_id', 'phone-1'], ['product_id', 'phone-2']) }),
    ).toEqual([]);
  });

  test('find text in title, reason and attributes, in Korean too, and take no character for a wildcard', async () => {
    const korean = await tell(on.store, { customerId: 'finder', title: '남산 소나무집', reason: 'NIGHTS_TAKEN' });
    const odd = await tell(on.store, {
      customerId: 'finder',
      title: `50% off_\\ 'x' ? :p`,
      attributes: { room_id: 'attic-7' },
    });
    const find = (text: string) => idsOf('ordered', 'finder', { text });
    expect(await find('소나무')).toEqual([korean]);
    expect(await find('nights_taken')).toEqual([korean]);
    expect(await find('ATTIC')).toEqual([odd]);
    expect(await find('50% off_')).toEqual([odd]);
    expect(await find(`\\ 'x' ? :p`)).toEqual([odd]);
    expect(await find('room_id')).toEqual([]);
    expect(await find('%')).toEqual([odd]);
    expect(await find('_\\')).toEqual([odd]);
  });
});

describe('KPIs', () => {
  const from = Date.parse('2020-03-01T00:00Z');
  const order = (
    createTime: number,
    phase: 'RECEIVED' | 'WAITING',
    ...payments: ('COMPLETED' | 'DECLINED' | 'PENDING')[]
  ) =>
    tell(
      on.store,
      { order: { kind: 'seating.selection', id: v7() }, createTime, phase },
      ...payments.map((status, index) => ({ status, version: index + 1 })),
    );

  test('count the orders of the time asked for, those ever confirmed, and those ever paid or declined (L12)', async () => {
    await order(from, 'RECEIVED');
    await order(from + 1, 'WAITING', 'PENDING', 'COMPLETED');
    await order(from + 2, 'WAITING', 'PENDING');
    await order(from + 3, 'WAITING', 'DECLINED');
    await order(from + 1_000, 'WAITING', 'COMPLETED'); // too late
    await order(from - 1, 'WAITING', 'COMPLETED'); // too early
    expect(await views.count({ from, to: from + 1_000 })).toEqual([
      { kind: 'seating.selection', requested: 4, confirmed: 3, paid: 1, decided: 2 },
    ]);
  });

  test('without bounds count everything of every kind (L12)', async () => {
    const counts = new Map((await views.count({})).map((count) => [count.kind, count]));
    expect(counts.get('seating.selection')?.requested).toBe(6);
    expect(counts.get('lodging.reservation')?.requested).toBeGreaterThan(6);
  });
});

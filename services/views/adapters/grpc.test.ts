import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { shuttingDown } from '#adapters/grpc/handlers.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { Order_Next_Who, Order_Phase } from '#proto/jari/order/v1/order.ts';
import {
  GetKpisRequest,
  GetOrderRequest,
  ListOrdersRequest,
  ListOrdersRequest_As,
  WatchOrderRequest,
  type Kpis,
  type ListOrdersResponse,
  type Order,
  type WatchOrderResponse,
  type WatchOrdersResponse,
} from '#proto/jari/views/v1/views.ts';
import { service } from '../main.ts';
import { tell, tellEvent, tellMany } from '../testing/orders.ts';
import { viewsRpc } from './grpc.ts';
import { openOrderFeed, type Watching } from './order-feed.ts';
import { openPersonFeed, type WatchingPersons } from './person-feed.ts';
import { storedOrderViews } from './store.ts';

let on: TestStore;
let watched: Watching;
let watchedPersons: WatchingPersons;
let methods: ReturnType<typeof viewsRpc>['methods'];
beforeAll(async () => {
  on = await testStore(service);
  watched = openOrderFeed(on.store, 300);
  const views = storedOrderViews(on.store);
  watchedPersons = openPersonFeed(on.store, 300);
  methods = viewsRpc(views, { order: watched.until, person: watchedPersons.until }).methods;
});
afterAll(() => on.close());

const caller = (id: string, ...roles: Role[]): Caller => ({ id, roles });
const guest = caller('guest', 'customer');
const host = caller('host', 'host');
const stranger = caller('stranger', 'customer');
const agent = caller('agent', 'agent');
const admin = caller('admin', 'admin');

const implementation = (name: string) => {
  const found = methods.find((method) => method.name === name)?.implementation;
  if (!found) throw new Error(`no method ${name}`);
  return found;
};
const ask = <Response>(name: string, request: object, by: Caller): Promise<Response> =>
  implementation(name).run(request as never, by, new AbortController().signal) as Promise<Response>;

const list = (request: Partial<ListOrdersRequest>, by: Caller) =>
  ask<ListOrdersResponse>('listOrders', ListOrdersRequest.fromPartial(request), by);
const get = (orderId: string, by: Caller) => ask<Order>('getOrder', GetOrderRequest.create({ orderId }), by);
const kpis = (from: string, to: string, by = admin) => ask<Kpis>('getKpis', GetKpisRequest.create({ from, to }), by);

const failure = async (asked: Promise<unknown>): Promise<RpcError> => {
  const error = await asked.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof RpcError) return error;
  throw error;
};

describe('GetOrder', () => {
  test('shows the same state to guest, host and customer centre (L6, L10)', async () => {
    const id = await tell(
      on.store,
      {
        title: '남산 소나무집',
        status: 'PAID',
        phase: 'ACTIVE',
        total: krw(256_000),
        attributes: { room_id: 'pine-2' },
        createTime: 1_700_000_000_000,
        updateTime: 1_700_000_060_000,
      },
      { status: 'COMPLETED', version: 2 },
    );
    const seen = await get(id, guest);
    expect(seen).toEqual({
      id,
      status: 'PAID',
      statusText: '예약 확정',
      order: { kind: 'lodging.reservation', id },
      customerId: 'guest',
      providerId: 'host',
      title: '남산 소나무집',
      phase: Order_Phase.ACTIVE,
      total: { currencyCode: 'KRW', units: 256_000n, nanos: 0 },
      paymentStatus: 'COMPLETED',
      attributes: { room_id: 'pine-2' },
      timeline: [
        { type: 'jari.any.v1.Told', source: '/any', at: expect.any(Date), text: 'Told', cause: '' },
        { type: 'jari.any.v1.Paid', source: '/any', at: expect.any(Date), text: 'Paid', cause: '' },
      ],
      timelineNextPageToken: '',
      reason: '',
      reasonText: '',
      createTime: new Date(1_700_000_000_000),
      updateTime: new Date(1_700_000_060_000),
    });
    for (const by of [host, agent, admin]) expect(await get(id, by)).toEqual(seen);
  });

  test('tells state and timeline in the language that the caller asks for, else in Korean (B10)', async () => {
    const id = await tell(on.store, { status: 'CANCELLED', phase: 'CANCELLED' });
    const messageId = v7();
    await tellEvent(on.store, id, {
      ...{
        type: 'jari.lodging.v1.ReservationCancelled',
        text: 'Reservation cancelled: cancelled by host: A burst pipe',
      },
      ...{ reasonText: 'A burst pipe', cause: messageId },
    });
    const seenBy = async (by: Caller) => {
      const { statusText, timeline } = await get(id, by);
      return [statusText, timeline.at(-1)?.text, timeline.at(-1)?.cause];
    };
    expect(await seenBy(guest)).toEqual(['취소됨', '취소가 끝났어요: A burst pipe', messageId]);
    expect(await seenBy({ ...host, language: 'en' })).toEqual([
      'Cancelled',
      'The cancellation is done: A burst pipe',
      messageId,
    ]);
    const { orders } = await list({}, { ...guest, language: 'en' });
    expect(orders.find((order) => order.id === id)?.statusText).toBe('Cancelled');
  });

  test('shows no cause that is not an id of ours', async () => {
    const id = await tell(on.store, { status: 'CANCELLED', phase: 'CANCELLED' });
    await tellEvent(on.store, id, { type: 'jari.any.v1.Told', text: 'Told', cause: 'Sign-in-at-https://jari.example' });
    expect((await get(id, host)).timeline.at(-1)).toMatchObject({ text: 'Told', cause: '' });
  });

  test('says whose turn it is and until when, unless that has passed (B10)', async () => {
    const next = { who: 'PROVIDER', what: 'ANSWER' } as const;
    const [soon, past] = [Date.now() + 60_000, Date.now() - 1];
    const waiting = await tell(on.store, { next, deadline: { at: soon, what: 'ANSWER_UNTIL' } });
    const late = await tell(on.store, { next, deadline: { at: past, what: 'ANSWER_UNTIL' } });
    expect(await get(waiting, guest)).toMatchObject({
      next: { who: Order_Next_Who.PROVIDER, what: 'ANSWER' },
      deadline: { at: new Date(soon), what: 'ANSWER_UNTIL' },
    });
    expect(await get(late, guest)).toMatchObject({ next: { what: 'ANSWER' }, deadline: undefined });
  });

  test('shows the newest 100 lines of a long history, and all of it page by page', async () => {
    const id = await tell(on.store, {});
    await tellMany(on.store, id, 249);
    const texts: string[] = [];
    const sizes: number[] = [];
    for (let timelinePageToken = '', first = true; first || timelinePageToken; first = false) {
      const page: Order = await ask('getOrder', GetOrderRequest.create({ orderId: id, timelinePageToken }), guest);
      sizes.push(page.timeline.length);
      texts.unshift(...page.timeline.map(({ text }) => text));
      timelinePageToken = page.timelineNextPageToken;
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(texts).toEqual(['Told', ...Array.from({ length: 249 }, (_, nth) => `Line ${nth}`)]);
    expect(
      await failure(ask('getOrder', GetOrderRequest.create({ orderId: id, timelinePageToken: 'nonsense' }), guest)),
    ).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test("answers for somebody else's order as for one that does not exist", async () => {
    const foreign = await failure(get(await tell(on.store, {}), stranger));
    const missing = await failure(get(v7(), stranger));
    expect(foreign).toEqual(missing);
    expect(foreign.code).toBe('NOT_FOUND');
  });
});

describe('ListOrders', () => {
  test('pages through all, newest first, and ends with an empty token', async () => {
    const pager = caller('pager', 'customer');
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await tell(on.store, { customerId: 'pager' }));
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await list({ pageSize: 2, pageToken }, pager);
      seen.push(...page.orders.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toEqual(ids);
  });

  test.each([
    ['typed on a Mac', '소나무'.normalize('NFD')],
    ['in another form of the same letters', '소나무'.normalize('NFKD')],
    ['without its accent', 'elan'],
    ['in another case, with its accent', 'élan'],
    ['with its words in another order', 'lodge ÉLAN pine'],
    ['part of a word', '나무'],
    ['with letters of full width', 'ＰＩＮＥ'],
  ])('finds a text %s (P12)', async (_, q) => {
    const finder = caller(`finder ${v7()}`, 'customer');
    const id = await tell(on.store, { customerId: finder.id, title: 'Pine Lodge 소나무 Élan' });
    await tell(on.store, { customerId: finder.id, title: 'Cellar' });
    expect((await list({ q }, finder)).orders.map((order) => order.id)).toEqual([id]);
    expect((await list({ q: `${q} nowhere` }, finder)).orders).toEqual([]);
  });
  test('finds an id in an attribute in either case', async () => {
    const [finder, room] = [caller(`finder ${v7()}`, 'customer'), v7()];
    const id = await tell(on.store, { customerId: finder.id, attributes: { room_id: room } });
    expect(
      (await list({ attribute: [`room_id:${room.toUpperCase()}`] }, finder)).orders.map((order) => order.id),
    ).toEqual([id]);
  });

  test('filters by kind, phase, attributes and text (P12)', async () => {
    const looker = caller('looker', 'customer');
    const id = await tell(on.store, {
      customerId: 'looker',
      phase: 'WAITING',
      title: 'Attic',
      attributes: { room_id: 'a:7' },
    });
    await tell(on.store, { customerId: 'looker', phase: 'DONE', title: 'Cellar', attributes: { room_id: 'c:1' } });
    for (const filter of [{ phase: Order_Phase.WAITING }, { attribute: ['room_id:a:7'] }, { q: 'attic' }])
      expect((await list(filter, looker)).orders.map((order) => order.id)).toEqual([id]);
    expect((await list({ kind: 'rental.rental' }, looker)).orders).toEqual([]);
  });

  test('shows all to the customer centre, and to nobody else', async () => {
    const id = await tell(on.store, { customerId: 'anybody', providerId: 'anyone' });
    for (const by of [agent, admin]) {
      expect((await list({ as: ListOrdersRequest_As.ALL, pageSize: 1 }, by)).orders[0]?.id).toBe(id);
      expect((await list({ as: ListOrdersRequest_As.CUSTOMER }, by)).orders).toEqual([]);
    }
    expect((await failure(list({ as: ListOrdersRequest_As.ALL }, guest))).code).toBe('PERMISSION_DENIED');
  });

  test('shows an administrator the orders that should have gone on by now, and nobody else', async () => {
    const ago = (minutes: number): number => Date.now() - minutes * 60_000;
    const host = { who: 'PROVIDER', what: 'ANSWER' } as const;
    const nobody = { who: 'NOBODY', what: 'PAYMENT' } as const;
    const stuck = [
      { next: host, deadline: { at: ago(2), what: 'ANSWER_UNTIL' } },
      { phase: 'CANCELLING', next: { who: 'NOBODY', what: 'GIVE_BACK' }, updateTime: ago(11) },
      { phase: 'WAITING', next: nobody, updateTime: ago(11), deadline: { at: ago(-60), what: 'PAY_UNTIL' } },
      { phase: 'ACTIVE', next: { who: 'NOBODY', what: 'REGISTER' }, updateTime: ago(11) },
    ] as const;
    const fine = [
      { next: host, deadline: { at: ago(-60), what: 'ANSWER_UNTIL' }, updateTime: ago(600) },
      { next: host, deadline: { at: ago(0.5), what: 'ANSWER_UNTIL' } }, // its clock may be a moment behind
      { next: host, updateTime: ago(600) },
      { phase: 'WAITING', next: nobody, updateTime: ago(5) },
      { phase: 'WAITING', next: { who: 'NOBODY', what: 'REVIEW' }, updateTime: ago(600) }, // a person decides
      {
        ...{ phase: 'ACTIVE', next: { who: 'CUSTOMER', what: 'ARRIVE' } },
        ...{ deadline: { at: ago(60), what: 'FREE_CANCELLATION_UNTIL' }, updateTime: ago(600) },
      },
      { phase: 'DONE', updateTime: ago(600) },
    ] as const;
    const kind = 'any.stuck';
    const told = async (head: object) => tell(on.store, { order: { kind, id: v7() }, ...head });
    const expected = [];
    for (const head of stuck) expected.unshift(await told(head));
    for (const head of fine) await told(head);
    const { orders } = await list({ stuck: true, kind }, admin);
    expect(orders.map(({ id }) => id)).toEqual(expected);
    expect(orders.map(({ next }) => next?.what)).toEqual(['REGISTER', 'PAYMENT', 'GIVE_BACK', 'ANSWER']);
    expect((await list({ kind }, admin)).orders).toHaveLength(stuck.length + fine.length);
    for (const by of [agent, guest]) expect((await failure(list({ stuck: true }, by))).code).toBe('PERMISSION_DENIED');
  });

  test('refuses text that no database can hold, naming every such field', async () => {
    const { code, fields } = await failure(
      list({ kind: 'a\0', q: '\0', attribute: ['room_id:a', 'room_id:\0'] }, guest),
    );
    expect([code, fields.map(({ field }) => field)]).toEqual(['INVALID_ARGUMENT', ['kind', 'q', 'attribute[1]']]);
  });
});

describe('GetKpis', () => {
  test('counts per kind what was requested, confirmed and paid in the period (L12)', async () => {
    const order = { kind: 'tutoring.purchase', id: v7() };
    await tell(
      on.store,
      { order, createTime: Date.parse('2021-05-02T23:59:59Z'), phase: 'WAITING' },
      { status: 'COMPLETED', version: 1 },
    );
    const other = { kind: 'tutoring.purchase', id: v7() };
    await tell(
      on.store,
      { order: other, createTime: Date.parse('2021-05-01T00:00:00Z') },
      { status: 'DECLINED', version: 1 },
    );
    const both = { kind: 'tutoring.purchase', requested: 2n, confirmedShare: 0.5, paymentSuccessShare: 0.5 };
    expect(await kpis('2021-05-01', '2021-05-03')).toEqual({ kinds: [both] });
    expect(await kpis('2021-05-01T09:00:00+09:00', '2021-05-02')).toEqual({
      kinds: [{ kind: 'tutoring.purchase', requested: 1n, confirmedShare: 0, paymentSuccessShare: 0 }],
    });
    expect((await kpis('', '')).kinds).toContainEqual(both);
  });

  test.each([
    ['2021-05-02', '2021-05-02', ['to']],
    ['2021-05-02T10:00:00+09:00', '2021-05-02T01:00:00Z', ['to']],
    ['2021-02-30', '2021-13-01T00:00:00Z', ['from', 'to']],
  ])('refuses the time from %s to %s', async (from, to, wrong) => {
    const { code, fields } = await failure(kpis(from, to));
    expect([code, fields.map(({ field }) => field)]).toEqual(['INVALID_ARGUMENT', wrong]);
  });

  test('is for administrators alone', () => expect(implementation('getKpis').who).toEqual(['admin']));
});

describe('WatchOrder', () => {
  const watch = (orderId: string, by: Caller) => {
    const leaving = new AbortController();
    const run = implementation('watchOrder').run(WatchOrderRequest.create({ orderId }) as never, by, leaving.signal);
    const events = (run as AsyncIterable<WatchOrderResponse>)[Symbol.asyncIterator]();
    return {
      next: async () => (await events.next()).value?.event as WatchOrderResponse['event'],
      end: (reason: RpcError) => leaving.abort(reason),
      async leave() {
        leaving.abort();
        await events.return?.();
      },
    };
  };

  test('sends the order, then what changes, and a heartbeat while nothing does (L6)', async () => {
    const id = await tell(on.store, {});
    const { next, leave } = watch(id, guest);
    expect(await next()).toMatchObject({ $case: 'snapshot', value: { id, status: 'REQUESTED' } });
    await tell(on.store, { id, version: 2, status: 'PAID' });
    expect(await next()).toMatchObject({ $case: 'change', value: { id, status: 'PAID', timeline: [{}, {}] } });
    expect(await next()).toMatchObject({ $case: 'heartbeat', value: { at: expect.any(Date) } });
    await leave();
    expect(watched.watchers()).toBe(0);
  });

  test("is refused for somebody else's order as for one that does not exist", async () => {
    for (const id of [await tell(on.store, {}), v7()])
      expect((await failure(watch(id, stranger).next())).code).toBe('NOT_FOUND');
    expect(watched.watchers()).toBe(0);
  });

  test('ends for one whose order it is no longer', async () => {
    const id = await tell(on.store, {});
    const { next } = watch(id, host);
    await next();
    await tell(on.store, { id, version: 2, providerId: 'somebody-else' });
    expect(await next()).toMatchObject({ $case: 'error', value: { code: 5 } });
    expect((await failure(next())).code).toBe('NOT_FOUND');
    expect(watched.watchers()).toBe(0);
  });

  test('says within the stream why it ends, then ends so (K16)', async () => {
    const { next, end } = watch(await tell(on.store, {}), guest);
    await next();
    end(shuttingDown());
    expect(await next()).toMatchObject({
      $case: 'error',
      value: { code: 14, message: expect.stringContaining('connect again') },
    });
    expect((await failure(next())).code).toBe('UNAVAILABLE');
    expect(watched.watchers()).toBe(0);
  });
});

describe('WatchOrders', () => {
  const watch = (by: Caller) => {
    const leaving = new AbortController();
    const run = implementation('watchOrders').run({} as never, by, leaving.signal);
    const events = (run as AsyncIterable<WatchOrdersResponse>)[Symbol.asyncIterator]();
    const next = async () => (await events.next()).value?.event as WatchOrdersResponse['event'];
    return {
      next,
      async nextChange() {
        for (;;) {
          const event = await next();
          if (event?.$case !== 'heartbeat') return event;
        }
      },
      end: (reason: RpcError) => leaving.abort(reason),
      async leave() {
        leaving.abort();
        await events.return?.();
      },
    };
  };
  /** People of this test alone. */
  const people = () => ({ customer: caller(v7(), 'customer'), provider: caller(v7(), 'host') });
  const ordersOf = (event: WatchOrdersResponse['event']): string[] =>
    event?.$case === 'snapshot' ? event.value.orders.map(({ id }) => id) : [];

  test('sends the newest orders, then each change and each new order, to both people of it (L6)', async () => {
    const { customer, provider } = people();
    const both = { customerId: customer.id, providerId: provider.id };
    const first = await tell(on.store, both);
    await tell(on.store, {});
    const watching = [watch(customer), watch(provider)];
    for (const { next } of watching) expect(ordersOf(await next())).toEqual([first]);
    await tell(on.store, { ...both, id: first, version: 2, status: 'PAID' });
    for (const { nextChange } of watching)
      expect(await nextChange()).toMatchObject({ $case: 'change', value: { id: first, status: 'PAID', timeline: [] } });
    const second = await tell(on.store, both);
    for (const { nextChange } of watching)
      expect(await nextChange()).toMatchObject({ $case: 'change', value: { id: second } });
    expect(await watching[0]!.next()).toMatchObject({ $case: 'heartbeat' });
    await Promise.all(watching.map(({ leave }) => leave()));
    expect(watchedPersons.watchers()).toBe(0);
  });

  test("shows nobody else's orders, not even to those who may see all", async () => {
    const { customer } = people();
    const own = await tell(on.store, { customerId: customer.id });
    const { next, nextChange, leave } = watch(caller(customer.id, 'admin'));
    expect(ordersOf(await next())).toEqual([own]);
    await tell(on.store, {});
    await tell(on.store, { id: own, customerId: customer.id, version: 2, status: 'PAID' });
    expect(await nextChange()).toMatchObject({ $case: 'change', value: { id: own } });
    await leave();
  });

  test('begins with the newest 50, read in one statement without their timelines', async () => {
    const { customer } = people();
    const told: string[] = [];
    for (let nth = 0; nth < 52; nth++) told.push(await tell(on.store, { customerId: customer.id }));
    const { next, leave } = watch(customer);
    expect(ordersOf(await next())).toEqual(told.slice(2).reverse());
    await leave();

    const asked: string[] = [];
    const counting = <Method extends 'get' | 'where' | 'read'>(method: Method) => ({
      [method]: (...values: never[]) => {
        asked.push(method);
        return (on.store[method] as (...of: never[]) => unknown)(...values);
      },
    });
    const feed = openPersonFeed({ ...on.store, ...counting('get'), ...counting('where'), ...counting('read') }, 300);
    const gone = new AbortController();
    for await (const seen of feed.until(gone.signal).of(customer.id)) {
      expect(seen).toMatchObject({ newest: { length: 50, 0: { timeline: [] } } });
      break;
    }
    expect(asked).toEqual(['read']); // one statement, however many orders
    expect(feed.watchers()).toBe(0);
  });

  test('sees what another replica wrote (K9)', async () => {
    const { customer } = people();
    const id = await tell(on.store, { customerId: customer.id });
    const { next, nextChange, leave } = watch(customer);
    await next();
    const database = await openDatabase({ ...service, service: service.name, url: on.url });
    await tell(mikroOrmStore(database), { id, customerId: customer.id, version: 2, status: 'PAID' });
    expect(await nextChange()).toMatchObject({ $case: 'change', value: { id, status: 'PAID' } });
    await leave();
    await database.close();
  });

  test('ends for a caller that reads too slowly, and says so', async () => {
    const { customer } = people();
    const { next, leave } = watch(customer);
    await next();
    for (let nth = 0; nth < 501; nth++) await tell(on.store, { customerId: customer.id });
    expect(await next()).toMatchObject({
      $case: 'error',
      value: { code: 14, message: expect.stringContaining('500') },
    });
    await leave();
    expect(watchedPersons.watchers()).toBe(0);
  });

  test('says within the stream why it ends, then ends so (K16)', async () => {
    const { next, end } = watch(people().customer);
    await next();
    end(shuttingDown());
    expect(await next()).toMatchObject({ $case: 'error', value: { code: 14 } });
    expect((await failure(next())).code).toBe('UNAVAILABLE');
    expect(watchedPersons.watchers()).toBe(0);
  });
});

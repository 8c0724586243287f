import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { staffRolesIn } from '#adapters/auth/staff-roles.ts';
import { sayOf } from '#adapters/auth/testing.ts';
import { command } from '#adapters/bus/messages.ts';
import { reasonOf, RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { inScope } from '#adapters/scope/scope.ts';
import {
  Delivery_Status as Status,
  type Delivery,
  type ListDeliveriesResponse,
} from '#proto/jari/delivery/v1/delivery.ts';
import * as messages from '#proto/jari/delivery/v1/messages.ts';
import { service } from '../main.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(service);
});
afterAll(() => on.close());

const courier: Caller = { id: newId(), roles: ['courier'] };
const other: Caller = { id: newId(), roles: ['courier'] };
const admin: Caller = { id: newId(), roles: ['admin'] };
const customer: Caller = { id: newId(), roles: ['customer'] };
const address = '서울특별시 마포구 월드컵로 1';

/** Delivery on one database; `store` is that of this process or of another replica. */
function delivery(store: Store = on.store, mostOpen = 0, { development = true, JARI_JWKS_URL = '' } = {}) {
  const plugged = service.plug({
    store,
    settings: { JARI_DELIVERY_ADDRESS_DAYS: 30, JARI_DELIVERIES_PER_COURIER: mostOpen, JARI_JWKS_URL },
    staffRolesOf: staffRolesIn(on.database.prepared),
    now: Date.now,
    log: pino({ level: 'silent' }),
    send: async () => undefined,
    development,
  });
  const handle = handleWith(store, service.name, plugged.subscriptions);
  const hear = (message: ReturnType<typeof command>) => handle(envelopeFor(message, 'rental'));
  async function ask<Response>(method: string, request: object, by: Caller = courier): Promise<Response> {
    const { implementation } = plugged.rpc[0]!.methods.find(({ name }) => name === method)!;
    if (implementation.kind === 'query') return (await implementation.run(request as never, by)) as Response;
    if (implementation.kind !== 'command') throw new Error(method);
    const updated = await implementation.run(request as never, by);
    if (updated.accepted) return implementation.answer(updated.after) as Response;
    const refusal = implementation.refusals[updated.refusal]!;
    throw new RpcError(refusal.code, reasonOf(updated.refusal), refusal.text);
  }
  return {
    hear,
    async request(id: string = newId(), to = address, customerId = customer.id): Promise<string> {
      await hear(
        command('jari.delivery.v1.RequestDelivery', messages.RequestDelivery, id, {
          order: { kind: 'rental.rental', id },
          address: to,
          customerId,
        }),
      );
      return id;
    },
    cancel: (id: string) =>
      hear(
        command('jari.delivery.v1.CancelDelivery', messages.CancelDelivery, id, {
          order: { kind: 'rental.rental', id },
        }),
      ),
    get: (orderId: string, by: Caller) => ask<Delivery>('getDelivery', { orderId }, by),
    take: (orderId: string, by: Caller = courier) => ask<Delivery>('takeDelivery', { orderId }, by),
    assign: (orderId: string, { id: courierId }: Caller) =>
      ask<Delivery>('assignDelivery', { orderId, courierId }, admin),
    giveBack: (orderId: string, by: Caller = courier) => ask<Delivery>('giveBackDelivery', { orderId }, by),
    start: (orderId: string, by: Caller = courier) => ask<Delivery>('startDelivery', { orderId }, by),
    complete: (orderId: string, code: string, by: Caller = courier, text = '') =>
      ask<Delivery>('completeDelivery', { orderId, code, text }, by),
    codeOf: async (orderId: string) => (await ask<Delivery>('getDelivery', { orderId }, customer)).handoverCode,
    forget: (id: string) => plugged.timers['delivery/forget-address']!(id, Date.now()),
    list: (filter: { status?: Status; pageSize?: number; pageToken?: string } = {}, by: Caller = courier) =>
      ask<ListDeliveriesResponse>(
        'listDeliveries',
        { status: Status.STATUS_UNSPECIFIED, pageSize: 0, pageToken: '', ...filter },
        by,
      ),
  };
}
const told = async (id: string): Promise<string[]> =>
  (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.replace('jari.delivery.v1.', ''));
/** What became of a wish: `done`, or why not. */
const outcome = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: RpcError) => error.reason,
  );

describe('a delivery', () => {
  test('is stored with its address; its order is told each step (R3)', async () => {
    const { request, take, start, complete, codeOf, list } = delivery();
    const id = await request();
    await take(id);
    expect((await list()).deliveries[0]).toMatchObject({
      id,
      address,
      courierId: courier.id,
      order: { kind: 'rental.rental', id },
      status: Status.SCHEDULED,
    });
    expect(await start(id)).toMatchObject({ id, status: Status.STARTED });
    expect(await complete(id, await codeOf(id))).toMatchObject({ id, status: Status.DELIVERED });
    expect(await told(id)).toEqual(['DeliveryScheduled', 'DeliveryStarted', 'Delivered']);
  });

  test('asked for again is one delivery, and answered with where it is', async () => {
    const { request, take, start, list } = delivery();
    const id = await request();
    await take(id);
    await start(id);
    await request(id, 'another address');
    expect((await list()).deliveries.filter((each) => each.id === id)).toMatchObject([
      { address, status: Status.STARTED },
    ]);
    expect(await told(id)).toEqual(['DeliveryScheduled', 'DeliveryStarted', 'DeliveryStarted']);
  });

  test('that was cancelled before it was requested is not listed, and is answered', async () => {
    const { request, cancel, start, list } = delivery();
    const id = newId();
    await cancel(id);
    await request(id);
    expect((await list()).deliveries.map((each) => each.id)).not.toContain(id);
    expect(await outcome(start(id))).toBe('NO_SUCH_DELIVERY');
    expect(await told(id)).toEqual(['DeliveryCancelled', 'DeliveryCancelled']);
  });

  test('without an order or an address is a message that was made wrong, and leaves nothing', async () => {
    const { hear, request } = delivery();
    const id = newId();
    for (const to of ['', ' ', 'two\nlines']) await expect(request(id, to)).rejects.toThrow('an address of one line');
    await expect(
      hear(command('jari.delivery.v1.CancelDelivery', messages.CancelDelivery, id, { order: undefined })),
    ).rejects.toThrow('names no order');
    expect((await on.database.pool.query('select from delivery where id = $1', [id])).rowCount).toBe(0);
    expect(await told(id)).toEqual([]);
  });
});

test('couriers see the newest first, by where they are, page by page', async () => {
  const { request, take, start, cancel, list } = delivery();
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.push(await request());
  const newest = ids.toReversed();
  for (const nth of [1, 2, 4]) await take(newest[nth]!);
  await start(newest[1]!);
  await cancel(newest[2]!);
  const shown = async (filter: Parameters<typeof list>[0]) =>
    (await list(filter)).deliveries.map(({ id }) => id).filter((id) => ids.includes(id));
  expect(await shown({})).toEqual(newest);
  expect(await shown({ status: Status.STARTED })).toEqual([newest[1]]);
  expect(await shown({ status: Status.CANCELLED })).toEqual([newest[2]]);
  expect(await shown({ status: Status.SCHEDULED })).toEqual([newest[0], newest[3], newest[4]]);
  const first = await list({ pageSize: 2 });
  expect(first.deliveries.map(({ id }) => id)).toEqual(newest.slice(0, 2));
  expect(await shown({ pageSize: 3, pageToken: first.nextPageToken })).toEqual(newest.slice(2));
});

describe('who sees and brings a delivery', () => {
  const seen = async ({ list }: ReturnType<typeof delivery>, id: string, by: Caller) =>
    (await list({}, by)).deliveries.find((each) => each.id === id);

  test('couriers see the area of a delivery in the pool; then only its courier and administrators see the address', async () => {
    const on = delivery();
    const id = await on.request();
    for (const by of [courier, other])
      expect(await seen(on, id, by)).toMatchObject({
        address: '',
        area: '서울특별시 마포구',
        courierId: '',
        handoverCode: '',
      });
    expect(await on.get(id, other)).toMatchObject({ address: '', area: '서울특별시 마포구', handoverCode: '' });
    expect(await on.take(id)).toMatchObject({ address, courierId: courier.id, handoverCode: '' });
    await on.take(id);
    expect(await outcome(on.take(id, other))).toBe('ALREADY_ASSIGNED');
    expect(await seen(on, id, other)).toBeUndefined();
    for (const by of [courier, admin]) expect(await seen(on, id, by)).toMatchObject({ address, handoverCode: '' });
    for (const asked of [on.get(id, other), on.start(id, other), on.complete(id, '000000', other)])
      expect(await outcome(asked)).toBe('NO_SUCH_DELIVERY');
  });

  test('an administrator assigns it, and assigns another courier', async () => {
    const on = delivery();
    const id = await on.request();
    expect(await on.assign(id, other)).toMatchObject({ address, courierId: other.id });
    await on.assign(id, courier);
    expect(await outcome(on.start(id, other))).toBe('NO_SUCH_DELIVERY');
    expect(await on.start(id)).toMatchObject({ status: Status.STARTED });
  });

  test('nobody is assigned of whom identity says that they are no courier, or where it knows everybody and said nothing', async () => {
    const [byIdentity, byAnother] = [
      { development: false },
      { development: false, JARI_JWKS_URL: 'https://id.example' },
    ];
    const [known, unknown, dismissed] = [newId(), newId(), newId()];
    const { pool } = on.database;
    await sayOf(pool, known, { roles: ['courier'] });
    await sayOf(pool, dismissed, { roles: ['courier'], at: 1 });
    await sayOf(pool, dismissed, { roles: ['agent'], at: 2 });
    const assigned = async (where: object, id: string): Promise<string> => {
      const at = delivery(on.store, 0, where);
      return outcome(at.assign(await at.request(), { id, roles: [] }));
    };
    for (const where of [byIdentity, byAnother, {}]) {
      expect(await assigned(where, known)).toBe('done');
      expect(await assigned(where, dismissed)).toBe('NO_COURIER');
    }
    expect(await assigned(byIdentity, unknown)).toBe('NO_COURIER');
    for (const where of [byAnother, {}]) expect(await assigned(where, unknown)).toBe('done');
  });

  test('a courier who gives it back sees the address no more, and another may take it', async () => {
    const on = delivery();
    const id = await on.request();
    await on.take(id);
    expect(await on.giveBack(id)).toMatchObject({ address: '', area: '서울특별시 마포구', courierId: '' });
    await on.giveBack(id);
    expect(await on.get(id, courier)).toMatchObject({ address: '' });
    expect(await on.take(id, other)).toMatchObject({ address, courierId: other.id });
    expect(await outcome(on.giveBack(id))).toBe('NO_SUCH_DELIVERY');
    await on.start(id, other);
    expect(await outcome(on.giveBack(id, other))).toBe('ALREADY_STARTED');
  });
  test('an administrator who brings it needs the code of the customer', async () => {
    const on = delivery();
    const id = await on.request();
    await on.assign(id, admin);
    await on.start(id, admin);
    const code = await on.codeOf(id);
    for (const wrong of ['', code === '000000' ? '000001' : '000000'])
      expect(await outcome(on.complete(id, wrong, admin, 'The customer called.'))).toBe('WRONG_CODE');
    expect(await on.complete(id, code, admin)).toMatchObject({ status: Status.DELIVERED });
  });
  test('its customer alone sees the code, until it is over', async () => {
    const on = delivery();
    const id = await on.request();
    const { handoverCode } = await on.get(id, customer);
    expect(handoverCode).toMatch(/^[0-9]{6}$/);
    for (const by of [courier, admin]) expect(await on.get(id, by)).toMatchObject({ handoverCode: '' });
    expect(await outcome(on.get(id, { id: newId(), roles: ['customer'] }))).toBe('NO_SUCH_DELIVERY');
    expect(await outcome(on.take(id, { ...customer, roles: ['courier'] }))).toBe('OWN_REQUEST');
    await on.take(id);
    await on.start(id);
    await on.complete(id, handoverCode);
    expect(await on.get(id, customer)).toMatchObject({ address, handoverCode: '' });
  });

  test('of one guess after the other, and of many at once, five are tried; then an administrator completes it', async () => {
    const on = delivery();
    const ids = [await on.request(), await on.request()] as const;
    for (const id of ids) {
      await on.take(id);
      await on.start(id);
    }
    const codes = await Promise.all(ids.map(on.codeOf));
    const wrong = Array.from({ length: 1_000 }, (_, nth) => String(nth).padStart(6, '0'))
      .filter((code) => !codes.includes(code))
      .slice(0, 12);
    const outcomes: string[] = [];
    for (const code of wrong.slice(0, 6)) outcomes.push(await outcome(on.complete(ids[0], code)));
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'WRONG_CODE'), 'TOO_MANY_WRONG_CODES']);
    const atOnce = await Promise.all(wrong.map((code) => outcome(on.complete(ids[1], code))));
    expect(atOnce.filter((each) => each === 'WRONG_CODE')).toHaveLength(5);
    for (const [nth, id] of ids.entries()) {
      expect(await outcome(on.complete(id, codes[nth]!))).toBe('TOO_MANY_WRONG_CODES');
      expect(await outcome(on.complete(id, '', admin))).toBe('TEXT_REQUIRED');
      expect(await on.complete(id, '', admin, 'The customer called.')).toMatchObject({ status: Status.DELIVERED });
    }
  });

  test('a wrong code under an idempotency key is refused, is not kept as an answer, and counts', async () => {
    const on = delivery();
    const id = await on.request();
    await on.take(id);
    await on.start(id);
    const wrongCode = (await on.codeOf(id)) === '000000' ? '000001' : '000000';
    let kept = 0;
    const once = {
      by: 'key',
      caller: courier.id,
      method: 'complete',
      key: id,
      fingerprint: 'f',
      answer: () => (kept++, new Uint8Array()),
    } as const;
    expect(await inScope({ correlationId: id, causationId: id, once }, () => outcome(on.complete(id, wrongCode)))).toBe(
      'WRONG_CODE',
    );
    expect(kept).toBe(0);
    for (let count = 0; count < 4; count++) expect(await outcome(on.complete(id, wrongCode))).toBe('WRONG_CODE');
    expect(await outcome(on.complete(id, wrongCode))).toBe('TOO_MANY_WRONG_CODES');
  });

  test('a delivery of the previous version has no customer and no code', async () => {
    const on = delivery();
    const id = await on.request(newId(), address, '');
    await on.take(id);
    await on.start(id);
    expect(await on.complete(id, '')).toMatchObject({ status: Status.DELIVERED });
  });

  test('its address is erased by a timer after the end', async () => {
    const { forget, ...here } = delivery();
    const id = await here.request();
    await forget(id);
    expect(await here.get(id, admin)).toMatchObject({ address });
    await here.cancel(id);
    const { rows } = await on.database.pool.query(
      "select due_at - now() > interval '29 days' later from timer where aggregate_id = $1 and name = 'forget-address'",
      [id],
    );
    expect(rows).toEqual([{ later: true }]);
    await forget(id);
    expect(await here.get(id, admin)).toMatchObject({ address: '', area: '', status: Status.CANCELLED });
    expect(
      (await on.database.pool.query('select from delivery where id = $1 and state::text like $2', [id, `%${address}%`]))
        .rowCount,
    ).toBe(0);
  });
});

describe('on two replicas at the same moment', () => {
  const replicas = () => [delivery(), delivery(mikroOrmStore(on.database))] as const;

  test('a courier has at most so many open deliveries, however they come by them; the limit is per courier (B7)', async () => {
    const [here, there] = [delivery(on.store, 3), delivery(mikroOrmStore(on.database), 3)];
    const [busy, idle]: Caller[] = [
      { id: newId(), roles: ['courier'] },
      { id: newId(), roles: ['courier'] },
    ];
    const ids = await Promise.all(Array.from({ length: 12 }, () => here.request()));
    const outcomes = await Promise.all(
      ids.map((id, nth) => {
        const at = nth % 2 ? here : there;
        return outcome(nth % 3 ? at.take(id, busy) : at.assign(id, busy!));
      }),
    );
    const mine = ids.filter((_, nth) => outcomes[nth] === 'done');
    expect(outcomes.filter((each) => each === 'TOO_MANY_DELIVERIES')).toHaveLength(9);
    const more = ids.filter((id) => !mine.includes(id));
    await here.take(more.pop()!, idle);

    await here.giveBack(mine[0]!, busy);
    await here.assign(mine[1]!, idle!);
    await here.cancel(mine[2]!);
    for (const nth of [0, 1, 2]) await there.take(more[nth]!, busy);
    expect(await outcome(here.take(more[3]!, busy))).toBe('TOO_MANY_DELIVERIES');
    await here.start(more[0]!, busy);
    await here.complete(more[0]!, await here.codeOf(more[0]!), busy);
    await here.take(more[3]!, busy);
  });
  test('a repeated start takes effect once', async () => {
    const [here, there] = replicas();
    const ids = await Promise.all(Array.from({ length: 20 }, () => here.request()));
    await Promise.all(ids.flatMap((id) => [here.take(id), there.take(id)]));
    await Promise.all(ids.flatMap((id) => [here.start(id), there.start(id)]));
    expect(await Promise.all(ids.map(told))).toEqual(ids.map(() => ['DeliveryScheduled', 'DeliveryStarted']));
  });

  test('a delivery that is completed and cancelled at once is one of the two, and all are told the same (R5)', async () => {
    const [here, there] = replicas();
    const ids = await Promise.all(Array.from({ length: 20 }, () => here.request()));
    await Promise.all(ids.map((id) => here.take(id)));
    await Promise.all(ids.map((id) => here.start(id)));
    const codes = new Map(await Promise.all(ids.map(async (id) => [id, await here.codeOf(id)] as const)));
    const handedOver = await Promise.all(
      ids.map(async (id, nth) => {
        const [one, other] = nth % 2 ? [here, there] : [there, here];
        const [done] = await Promise.all([outcome(one.complete(id, codes.get(id)!)), other.cancel(id)]);
        return done;
      }),
    );
    expect(handedOver.filter((each) => each !== 'done' && each !== 'DELIVERY_OVER')).toEqual([]);
    const last = (await Promise.all(ids.map(told))).map((types) => types.slice(2));
    expect(last).toEqual(
      handedOver.map((each) => (each === 'done' ? ['Delivered', 'DeliveryCancelRefused'] : ['DeliveryCancelled'])),
    );
  });
});

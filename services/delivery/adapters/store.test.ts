import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { command } from '#adapters/bus/messages.ts';
import { reasonOf, RpcError } from '#adapters/grpc/errors.ts';
import type { Caller } from '#adapters/grpc/rpc.ts';
import { hearWith } from '#adapters/host/hearing.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { Delivery_Status as Status, type Delivery, type ListDeliveriesResponse } from '#proto/jari/delivery/v1/delivery.ts';
import * as messages from '#proto/jari/delivery/v1/messages.ts';
import { service } from '../main.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(service);
});
afterAll(() => on.close());

const courier: Caller = { id: newId(), roles: ['courier'] };
const address = '서울특별시 마포구 월드컵로 1';

/** Delivery on one database; `store` is that of this process or of another replica. */
function delivery(store: Store = on.store) {
  const plugged = service.plug({ store, settings: {}, now: Date.now, log: pino({ level: 'silent' }), send: async () => undefined, development: true });
  const handle = hearWith(store, service.name, plugged.hears);
  const hear = (message: ReturnType<typeof command>) => handle(envelopeFor(message, 'rental'));
  async function ask<Response>(method: string, request: object): Promise<Response> {
    const { implementation } = plugged.rpc[0]!.methods.find(({ name }) => name === method)!;
    if (implementation.kind === 'query') return (await implementation.run(request as never, courier)) as Response;
    if (implementation.kind !== 'command') throw new Error(method);
    const updated = await implementation.run(request as never, courier);
    if (updated.accepted) return implementation.answer(updated.after) as Response;
    const refusal = implementation.refusals[updated.refusal]!;
    throw new RpcError(refusal.code, reasonOf(updated.refusal), refusal.text);
  }
  return {
    hear,
    async request(id: string = newId(), to = address): Promise<string> {
      await hear(command('jari.delivery.v1.RequestDelivery', messages.RequestDelivery, id, { order: { kind: 'rental.rental', id }, address: to }));
      return id;
    },
    cancel: (id: string) => hear(command('jari.delivery.v1.CancelDelivery', messages.CancelDelivery, id, { order: { kind: 'rental.rental', id } })),
    start: (orderId: string) => ask<Delivery>('startDelivery', { orderId }),
    complete: (orderId: string) => ask<Delivery>('completeDelivery', { orderId }),
    list: (filter: { status?: Status; pageSize?: number; pageToken?: string } = {}) =>
      ask<ListDeliveriesResponse>('listDeliveries', { status: Status.STATUS_UNSPECIFIED, pageSize: 0, pageToken: '', ...filter }),
  };
}
const told = async (id: string): Promise<string[]> => (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.replace('jari.delivery.v1.', ''));
/** What became of a wish: `done`, or why not. */
const outcome = (asked: Promise<unknown>): Promise<string> => asked.then(() => 'done', (error: RpcError) => error.reason);

describe('a delivery', () => {
  test('is kept with its address and goes its way; its order is told of each step (R3)', async () => {
    const { request, start, complete, list } = delivery();
    const id = await request();
    expect((await list()).deliveries[0]).toMatchObject({ id, address, order: { kind: 'rental.rental', id }, status: Status.SCHEDULED });
    expect(await start(id)).toMatchObject({ id, status: Status.STARTED });
    expect(await complete(id)).toMatchObject({ id, status: Status.DELIVERED });
    expect(await told(id)).toEqual(['DeliveryScheduled', 'DeliveryStarted', 'Delivered']);
  });

  test('asked for again is one delivery, and answered with where it is', async () => {
    const { request, start, list } = delivery();
    const id = await request();
    await start(id);
    await request(id, 'another address');
    expect((await list()).deliveries.filter((each) => each.id === id)).toMatchObject([{ address, status: Status.STARTED }]);
    expect(await told(id)).toEqual(['DeliveryScheduled', 'DeliveryStarted', 'DeliveryStarted']);
  });

  test('that was called off before it was asked for is nobody’s business, and is answered', async () => {
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
    await expect(hear(command('jari.delivery.v1.CancelDelivery', messages.CancelDelivery, id, { order: undefined }))).rejects.toThrow('without its order');
    expect((await on.database.pool.query('select from delivery where id = $1', [id])).rowCount).toBe(0);
    expect(await told(id)).toEqual([]);
  });
});

test('couriers see the newest first, by where they are, page by page', async () => {
  const { request, start, cancel, list } = delivery();
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.push(await request());
  const newest = ids.toReversed();
  await start(newest[1]!);
  await cancel(newest[2]!);
  const shown = async (filter: Parameters<typeof list>[0]) => (await list(filter)).deliveries.map(({ id }) => id).filter((id) => ids.includes(id));
  expect(await shown({})).toEqual(newest);
  expect(await shown({ status: Status.STARTED })).toEqual([newest[1]]);
  expect(await shown({ status: Status.CANCELLED })).toEqual([newest[2]]);
  expect(await shown({ status: Status.SCHEDULED })).toEqual([newest[0], newest[3], newest[4]]);
  const first = await list({ pageSize: 2 });
  expect(first.deliveries.map(({ id }) => id)).toEqual(newest.slice(0, 2));
  expect(await shown({ pageSize: 3, pageToken: first.nextPageToken })).toEqual(newest.slice(2));
});

describe('on two replicas at the same moment', () => {
  const replicas = () => [delivery(), delivery(mikroOrmStore(on.database))] as const;

  test('a courier who presses twice leaves once', async () => {
    const [here, there] = replicas();
    const ids = await Promise.all(Array.from({ length: 20 }, () => here.request()));
    await Promise.all(ids.flatMap((id) => [here.start(id), there.start(id)]));
    expect(await Promise.all(ids.map(told))).toEqual(ids.map(() => ['DeliveryScheduled', 'DeliveryStarted']));
  });

  test('what is handed over and called off is the one or the other, and everybody hears the same (R5)', async () => {
    const [here, there] = replicas();
    const ids = await Promise.all(Array.from({ length: 20 }, () => here.request()));
    await Promise.all(ids.map(here.start));
    const handedOver = await Promise.all(
      ids.map(async (id, nth) => {
        const [one, other] = nth % 2 ? [here, there] : [there, here];
        const [done] = await Promise.all([outcome(one.complete(id)), other.cancel(id)]);
        return done;
      }),
    );
    expect(handedOver.filter((each) => each !== 'done' && each !== 'DELIVERY_OVER')).toEqual([]);
    const last = (await Promise.all(ids.map(told))).map((types) => types.slice(2));
    expect(last).toEqual(handedOver.map((each) => (each === 'done' ? ['Delivered', 'DeliveryCancelRefused'] : ['DeliveryCancelled'])));
  });
});

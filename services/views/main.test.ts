import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { v7 } from 'uuid';
import { event, orderEvent, type Outgoing } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { krw } from '#kernel/money.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import * as lodging from '#proto/jari/lodging/v1/messages.ts';
import { Order, Order_Phase } from '#proto/jari/order/v1/order.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as property from '#proto/jari/property/v1/messages.ts';
import { ListOrdersRequest, type ListOrdersResponse } from '#proto/jari/views/v1/views.ts';
import { service } from './main.ts';

let on: TestStore;
let views: ServiceParts;
beforeAll(async () => {
  on = await testStore(service);
  views = service.plug({
    store: on.store,
    settings: { JARI_HEARTBEAT_SECONDS: 15 },
    now: Date.now,
    log: pino({ level: 'silent' }),
    staffRolesOf: async () => undefined,
    send: () => Promise.reject(new Error('a read model tells nobody')),
    development: true,
  });
});
afterAll(() => on.close());

const guest = v7();
const host = v7();
const id = v7();
const ref = { kind: 'lodging.reservation', id };
const total = toProto(krw(256_000));
const reservation = (status: string, phase: Order_Phase, version: bigint): Order =>
  Order.fromPartial({
    ref,
    customerId: guest,
    providerId: host,
    title: 'Pine Lodge 2',
    status,
    phase,
    version,
    total,
    createTime: new Date(1_000),
  });

const story: [Outgoing, string][] = [
  [
    orderEvent('jari.lodging.v1.ReservationRequested', lodging.ReservationRequested, id, {
      order: reservation('REQUESTED', Order_Phase.RECEIVED, 1n),
    }),
    'lodging',
  ],
  [
    event(
      'jari.property.v1.StayConfirmed',
      property.StayConfirmed,
      id,
      property.StayConfirmed.fromPartial({ order: ref, version: 1n }),
    ),
    'property',
  ],
  [
    orderEvent('jari.lodging.v1.ReservationConfirmed', lodging.ReservationConfirmed, id, {
      order: reservation('CONFIRMED', Order_Phase.WAITING, 2n),
    }),
    'lodging',
  ],
  [
    event('jari.payment.v1.PaymentCompleted', payment.PaymentCompleted, id, { order: ref, version: 2n, amount: total }),
    'payment',
  ],
  [
    orderEvent('jari.lodging.v1.ReservationPaid', lodging.ReservationPaid, id, {
      order: reservation('PAID', Order_Phase.ACTIVE, 3n),
    }),
    'lodging',
  ],
];

const list = (caller: string) => {
  const listOrders = views.rpc.flatMap(({ methods }) => methods).find(({ name }) => name === 'listOrders');
  return listOrders?.implementation.run(
    ListOrdersRequest.create() as never,
    { id: caller, roles: [] },
    new AbortController().signal,
  ) as Promise<ListOrdersResponse>;
};

test('guest and host see reservation and payment, built from events alone, in any order and repeated (L6, L10, L11, K10)', async () => {
  const handle = handleWith(on.store, service.name, views.subscriptions);
  const envelopes = story.map(([message, source]) => envelopeFor(message, source));
  await Promise.all([...envelopes.toReversed(), ...envelopes].map(handle));

  for (const caller of [guest, host])
    expect((await list(caller)).orders).toMatchObject([
      { id, status: 'PAID', paymentStatus: 'COMPLETED', phase: Order_Phase.ACTIVE, timeline: [] },
    ]);
  expect((await list(v7())).orders).toEqual([]);
  expect(
    (await on.database.pool.query(`select jsonb_array_length(state -> 'timeline') lines from order_view`)).rows,
  ).toEqual([{ lines: story.length }]);
  expect(await on.sent()).toEqual([]);
});

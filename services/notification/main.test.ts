import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { SMTPServer } from 'smtp-server';
import { newId } from '#kernel/ids.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { event, orderEvent, type Envelope } from '#adapters/bus/messages.ts';
import type { Caller } from '#adapters/grpc/rpc.ts';
import { host, type Hosted } from '#adapters/host/host.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { Message_Channel as Channel, Message_Status as Status, Profile_Language, type ListMessagesResponse, type Message } from '#proto/jari/notification/v1/notification.ts';
import { Messenger_Mode as Mode, MessengerEntry_Type, type ListMessengerEntriesResponse } from '#proto/jari/notification/v1/sandbox.ts';
import { CapabilityEvent, CoreEvent, Order_Phase } from '#proto/jari/order/v1/order.ts';
import { service } from './main.ts';

/** A real mail server, and what it took. */
const mails: { to: string; text: string }[] = [];
let refusesMail = false;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: (_, __, done) => done(refusesMail ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
  onData(stream, session, done) {
    let text = '';
    stream.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
    stream.on('end', () => {
      mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', text });
      done();
    });
  },
});

let database: TestStore;
let data: string;
let hosted: Hosted;
const log = pino({ level: 'silent' });
const bus = inProcessBus({ log });
const told: Envelope[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  data = mkdtempSync(join(tmpdir(), 'jari-notification-'));
  database = await testStore(service);
  bus.subscribe({ queue: 'anybody', events: ['#'], commands: [], handle: async (envelope) => void told.push(envelope) });
  const SMTP_URL = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
  hosted = await host(service, {
    databaseUrl: database.url,
    connections: 5,
    bus,
    settings: { MESSENGER_URL: '', SMTP_URL, MAIL_FROM: 'Jari <jari@jari.example>', JARI_DATA: data },
    log,
    development: true,
    signal: new AbortController().signal,
  });
  await hosted.go();
}, 60_000);
afterAll(async () => {
  await hosted.stop();
  await database.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
  rmSync(data, { recursive: true, force: true });
});

const admin: Caller = { id: newId(), roles: ['admin'] };
let customer: Caller;
beforeEach(async () => {
  customer = { id: newId(), roles: ['customer'] };
  await call('setMessengerMode', { mode: Mode.NORMAL, delayMs: 0 }, admin);
});

async function call<Response>(name: string, request: object, by: Caller): Promise<Response> {
  const method = hosted.rpc.flatMap(({ methods }) => methods).find((each) => each.name === name)?.implementation;
  if (method?.kind === 'query') return (await method.run(request as never, by)) as Response;
  if (method?.kind !== 'command') throw new Error(`no method ${name}`);
  const updated = await method.run(request as never, by);
  if (!updated.accepted) throw new Error(updated.refusal);
  return method.answer(updated.after) as Response;
}
const profile = (wishes: { language?: Profile_Language; email?: string; phone?: string }) =>
  call('updateProfile', { language: Profile_Language.KO, email: '', phone: '', ...wishes }, customer);
const messages = async (by = customer): Promise<Message[]> => (await call<ListMessagesResponse>('listMessages', { pageSize: 200, pageToken: '' }, by)).messages;
const ledger = async (orderId: string) => (await call<ListMessengerEntriesResponse>('listMessengerEntries', { orderId }, admin)).entries;

/** What a core service tells of an order. */
function changed(name: string, orderId: string, version: number, more: { providerId?: string; phase?: Order_Phase; context?: string } = {}): Envelope {
  const { providerId = '', phase = Order_Phase.RECEIVED, context = 'preorder' } = more;
  const order = {
    ...{ ref: { kind: `${context}.preorder`, id: orderId }, customerId: customer.id, providerId, title: '은하 폴드', status: 'S', phase, version: BigInt(version) },
    ...{ total: undefined, attributes: { dealership_name: '강남' }, reason: '', reasonText: '', createTime: new Date(0), updateTime: new Date(0) },
  };
  return envelopeFor(orderEvent(`jari.${context}.v1.${name}`, CoreEvent, orderId, { order }), context);
}
const delivery = (name: string, id: string): Envelope =>
  envelopeFor(event(`jari.delivery.v1.${name}`, CapabilityEvent, id, { order: { kind: 'preorder.preorder', id }, version: 1n }), 'delivery');
const publish = (...envelopes: readonly Envelope[]) => bus.publish(envelopes);

async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (const deadline = Date.now() + 20_000; ; await pause(25)) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`last: ${JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))}`);
  }
}

describe('a message (P11)', () => {
  test('is there for each event and each person concerned, in Korean, and for nobody else', async () => {
    const provider: Caller = { id: newId(), roles: ['seller'] };
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1, { providerId: provider.id }));
    const text = expect.stringMatching(/^\[예약신청\] 은하 폴드\n예약판매 신청을 받았어요/);
    expect(await messages()).toMatchObject([{ text, recipientId: customer.id, channel: Channel.IN_APP, status: Status.SENT, order: { id: orderId }, language: Profile_Language.KO }]);
    expect(await messages(provider)).toMatchObject([{ text: expect.stringMatching(/^\[새 신청\] 은하 폴드\n고객의 신청이 들어왔어요/), recipientId: provider.id }]);
    expect(await messages({ id: newId(), roles: ['customer'] })).toEqual([]);
  });

  test('is one for who is customer and provider of the same order, as the seller of a lesson is, however often the event comes', async () => {
    const orderId = newId();
    const steps = ['LessonSaleRequested', 'LessonOnSale'].map((name, nth) => changed(name, orderId, nth + 1, { context: 'tutoring', providerId: customer.id, phase: nth ? Order_Phase.ACTIVE : Order_Phase.RECEIVED }));
    for (const told of [...steps, ...steps, ...steps]) await publish(told);
    expect((await messages()).map(({ text }) => text.split('\n')[0]).sort()).toEqual(['[판매 시작] 은하 폴드', '[판매 신청] 은하 폴드']);
  });

  test('is one, after every event has come three times, in any order', async () => {
    const orderId = newId();
    const steps = ['PreorderRequested', 'PreorderAssigned', 'PreorderAccepted', 'PreorderShipped', 'PreorderDelivered', 'PreorderActivated'];
    const all = [...steps.map((name, version) => changed(name, orderId, version + 1)), ...['DeliveryScheduled', 'DeliveryStarted', 'Delivered'].map((name) => delivery(name, orderId))];
    const shuffled = [...all, ...all, ...all].map((envelope, nth) => ({ envelope, rank: (nth * 7_919) % 29 })).sort((a, b) => a.rank - b.rank);
    for (const { envelope } of shuffled) await publish(envelope);
    const found = await until(messages, ({ length }) => length >= all.length);
    await pause(1_500); // those that came too early are tried again
    expect(await messages()).toHaveLength(all.length);
    expect(new Set(found.map(({ text }) => text)).size).toBe(all.length);
  }, 40_000);

  test('about a delivery finds the customer, also when it comes before the order itself', async () => {
    const orderId = newId();
    await publish(delivery('DeliveryStarted', orderId));
    await publish(changed('PreorderAccepted', orderId, 3));
    const found = await until(messages, ({ length }) => length === 2);
    expect(found.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^\[배송출발\] 은하 폴드\n/));
  }, 40_000);

  test('is in English for who wants that, and has a general text for a business that nobody wrote one for', async () => {
    await profile({ language: Profile_Language.EN });
    await publish(changed('PreorderAccepted', newId(), 3), changed('WashingDone', newId(), 1, { context: 'laundry', phase: Order_Phase.DONE }));
    expect((await messages()).map(({ text }) => text.split('\n').slice(0, 2).join(' ')).sort()).toEqual([
      '[Completed] 은하 폴드 Your order is completed. Thank you.',
      '[Pre-order accepted] 은하 폴드 It is accepted by 강남.',
    ]);
  });

  test('comes in pages, newest first', async () => {
    const orderId = newId();
    for (const [nth, name] of ['PreorderRequested', 'PreorderAssigned', 'PreorderAccepted'].entries()) {
      await publish(changed(name, orderId, nth + 1));
      await pause(2);
    }
    const page = await call<ListMessagesResponse>('listMessages', { pageSize: 2, pageToken: '' }, customer);
    expect(page.messages.map(({ text }) => text.slice(0, 9))).toEqual(['[예약접수완료] ', '[대리점 배정] ']);
    const rest = await call<ListMessagesResponse>('listMessages', { pageSize: 2, pageToken: page.nextPageToken }, customer);
    expect(rest).toMatchObject({ messages: [{ text: expect.stringContaining('[예약신청]') }], nextPageToken: '' });
  });
});

describe('outside', () => {
  const sent = (channel: Channel) => until(messages, ([first]) => first?.status === Status.SENT && first.channel === channel);

  test('who has a phone is written to by KakaoTalk, and others hear that a message left', async () => {
    await profile({ phone: '010-1234-5678' });
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    const [message] = await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toMatchObject([{ type: MessengerEntry_Type.ALIMTALK, phone: '01012345678', text: message?.text }]);
    await until(async () => told.filter(({ subject }) => subject === message?.id), ({ length }) => length === 1);
  });

  test('who has no KakaoTalk gets an SMS instead', async () => {
    await profile({ phone: '010-1234-5678' });
    await call('setMessengerMode', { mode: Mode.DECLINING, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    await sent(Channel.SMS);
    expect(await ledger(orderId)).toMatchObject([{ type: MessengerEntry_Type.SMS }]);
  });

  test('who has an e-mail address alone gets a mail, by SMTP', async () => {
    const address = `${customer.id}@jari.example`;
    await profile({ email: address });
    await publish(changed('PreorderRequested', newId(), 1));
    await sent(Channel.EMAIL);
    expect(mails.filter(({ to }) => to === address)).toHaveLength(1);
  });

  test('a mailbox that there is not is told by the message, which can be read here', async () => {
    refusesMail = true;
    await profile({ email: 'nobody@jari.example' });
    await publish(changed('PreorderRequested', newId(), 1));
    expect(await until(messages, ([first]) => first?.status === Status.UNDELIVERABLE)).toMatchObject([{ reason: 'SMTP_550' }]);
    refusesMail = false;
  });

  test('a provider that is down delays messages, and they arrive once when it is back', async () => {
    await profile({ phone: '010-1234-5678' });
    await call('setMessengerMode', { mode: Mode.DOWN, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    expect(await messages()).toMatchObject([{ status: Status.PENDING, channel: Channel.KAKAO }]);
    await call('setMessengerMode', { mode: Mode.NORMAL, delayMs: 0 }, admin);
    await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toHaveLength(1);
  }, 40_000);

  test('a provider that loses its answers delivers once', async () => {
    await profile({ phone: '010-1234-5678' });
    await call('setMessengerMode', { mode: Mode.LOSES_ANSWERS, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    await until(() => ledger(orderId), ({ length }) => length > 0);
    await call('setMessengerMode', { mode: Mode.NORMAL, delayMs: 0 }, admin);
    await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toHaveLength(1);
  }, 40_000);
});

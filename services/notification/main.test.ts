import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { newId } from '#kernel/ids.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { event, orderEvent, type Envelope } from '#adapters/bus/messages.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { host, type Hosted } from '#adapters/host/host.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { forMails } from '#adapters/sealing/purposes.ts';
import { secretIn } from '#adapters/sealing/secrets.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import {
  Message_Channel as Channel,
  Message_Status as Status,
  Profile_Contact as Contact,
  Profile_Language,
  type ListMessagesResponse,
  type Message,
  type Profile,
} from '#proto/jari/notification/v1/notification.ts';
import {
  Messenger_Mode as Mode,
  MessengerEntry_Type,
  type ListMessengerEntriesResponse,
} from '#proto/jari/notification/v1/sandbox.ts';
import { PasswordChanged, PasswordResetRequested, PersonInvited } from '#proto/jari/identity/v1/messages.ts';
import { CapabilityEvent, CoreEvent, Order_Phase } from '#proto/jari/order/v1/order.ts';
import { PayoutAccountChanged } from '#proto/jari/payout/v1/messages.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { migrations, sealContacts } from './adapters/store.ts';
import { service } from './main.ts';

/** A real mail server, and what it took. */
const mails: { to: string; text: string }[] = [];
let refusesMail = false;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: (_, __, done) =>
    done(refusesMail ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
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
const logged: string[] = [];
const log = logger('notification', { write: (line) => void logged.push(line) });
const bus = inProcessBus({ log });
const told: Envelope[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  data = mkdtempSync(join(tmpdir(), 'jari-notification-'));
  database = await testStore(service);
  bus.subscribe({
    queue: 'anybody',
    events: ['#'],
    commands: [],
    handle: async (envelope) => void told.push(envelope),
  });
  const noLimits = {
    JARI_MESSENGER_PER_SECOND: 0,
    JARI_MESSENGER_RECOVERY: 1_000,
    JARI_MAIL_PER_SECOND: 0,
    JARI_MAIL_RECOVERY: 1_000,
  };
  const SMTP_URL = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
  hosted = await host(service, {
    databaseUrl: database.url,
    connections: 5,
    bus,
    settings: {
      MESSENGER_URL: '',
      SMTP_URL,
      MAIL_FROM: 'Jari <jari@jari.example>',
      JARI_MESSAGES_PER_HOUR: 12,
      JARI_TEXT_COUNTRIES: '82',
      JARI_CODES_PER_ADDRESS: 6,
      JARI_CODE_TEXTS_PER_DAY: 0,
      ...noLimits,
      JARI_DATA: data,
    },
    log,
    development: true,
    clockTolerance: 30,
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
const messages = async (by = customer): Promise<Message[]> =>
  (await call<ListMessagesResponse>('listMessages', { pageSize: 200, pageToken: '' }, by)).messages;
/** Verified as a person does it: with the code that came. */
async function verified(wishes: { language?: Profile_Language; email?: string; phone?: string }): Promise<void> {
  await profile(wishes);
  if (wishes.phone) await call('verifyContact', { channel: Contact.PHONE, code: await codeByText() }, customer);
  if (wishes.email)
    await call('verifyContact', { channel: Contact.EMAIL, code: await codeByMail(wishes.email) }, customer);
}
const codeIn = (text = ''): string => /\b\d{6}\b/.exec(text)?.[0] ?? '';
const codeByText = async (nth = 1): Promise<string> =>
  codeIn(
    (
      await eventually(
        () => ledger(customer.id),
        ({ length }) => length >= nth,
      )
    ).at(-1)?.text,
  );
async function codeByMail(address: string): Promise<string> {
  const [mail] = await eventually(
    async () => mails.filter(({ to }) => to === address),
    ({ length }) => length > 0,
  );
  return codeIn(
    /\r?\n\r?\n([^]*)/.exec(mail?.text ?? '')?.[1] &&
      Buffer.from(
        /\r?\n\r?\n([^]*)/.exec(mail!.text)![1]!,
        mail!.text.includes('base64') ? 'base64' : 'utf8',
      ).toString(),
  );
}
/** Nobody has the same number, so that nobody's codes are counted on another's. */
let phones = 10_000_000;
const newPhone = (): string => `010-${String(++phones).slice(0, 4)}-${String(phones).slice(4)}`;
const international = (phone: string): string => `+82${phone.replaceAll('-', '').slice(1)}`;
const ledger = async (orderId: string) =>
  (await call<ListMessengerEntriesResponse>('listMessengerEntries', { orderId }, admin)).entries;

/** What a core service tells of an order. */
function changed(
  name: string,
  orderId: string,
  version: number,
  more: { providerId?: string; phase?: Order_Phase; context?: string } = {},
): Envelope {
  const { providerId = '', phase = Order_Phase.RECEIVED, context = 'preorder' } = more;
  const order = {
    ...{
      ref: { kind: `${context}.preorder`, id: orderId },
      customerId: customer.id,
      providerId,
      title: '은하 폴드',
      status: 'S',
      phase,
      version: BigInt(version),
    },
    ...{
      total: undefined,
      attributes: { dealership_name: '강남' },
      reason: '',
      reasonText: '',
      createTime: new Date(0),
      deadline: undefined,
      next: undefined,
      updateTime: new Date(0),
    },
  };
  return envelopeFor(orderEvent(`jari.${context}.v1.${name}`, CoreEvent, orderId, { order }), context);
}
const delivery = (name: string, id: string): Envelope =>
  envelopeFor(
    event(`jari.delivery.v1.${name}`, CapabilityEvent, id, { order: { kind: 'preorder.preorder', id }, version: 1n }),
    'delivery',
  );
const publish = (...envelopes: readonly Envelope[]) => bus.publish(envelopes);

describe('a message (P11)', () => {
  test('is there for each event and each person concerned, in Korean, and for nobody else', async () => {
    const provider: Caller = { id: newId(), roles: ['seller'] };
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1, { providerId: provider.id }));
    const text = expect.stringMatching(/^\[예약신청\] 은하 폴드\n예약판매 신청을 받았어요/);
    expect(await messages()).toMatchObject([
      {
        text,
        recipientId: customer.id,
        channel: Channel.IN_APP,
        status: Status.SENT,
        order: { id: orderId },
        language: Profile_Language.KO,
      },
    ]);
    expect(await messages(provider)).toMatchObject([
      { text: expect.stringMatching(/^\[새 신청\] 은하 폴드\n고객의 신청이 들어왔어요/), recipientId: provider.id },
    ]);
    expect(await messages({ id: newId(), roles: ['customer'] })).toEqual([]);
  });

  test('is one for who is customer and provider of the same order, as the seller of a lesson is, however often the event comes', async () => {
    const orderId = newId();
    const steps = ['LessonSaleRequested', 'LessonOnSale'].map((name, nth) =>
      changed(name, orderId, nth + 1, {
        context: 'tutoring',
        providerId: customer.id,
        phase: nth ? Order_Phase.ACTIVE : Order_Phase.RECEIVED,
      }),
    );
    for (const told of [...steps, ...steps, ...steps]) await publish(told);
    expect((await messages()).map(({ text }) => text.split('\n')[0]).sort()).toEqual([
      '[판매 시작] 은하 폴드',
      '[판매 신청] 은하 폴드',
    ]);
  });

  test('is one, after every event has come three times, in any order', async () => {
    const orderId = newId();
    const steps = [
      'PreorderRequested',
      'PreorderAssigned',
      'PreorderAccepted',
      'PreorderShipped',
      'PreorderDelivered',
      'PreorderActivated',
    ];
    const all = [
      ...steps.map((name, version) => changed(name, orderId, version + 1)),
      ...['DeliveryScheduled', 'DeliveryStarted', 'Delivered'].map((name) => delivery(name, orderId)),
    ];
    const shuffled = [...all, ...all, ...all]
      .map((envelope, nth) => ({ envelope, rank: (nth * 7_919) % 29 }))
      .sort((a, b) => a.rank - b.rank);
    for (const { envelope } of shuffled) await publish(envelope);
    const found = await eventually(messages, ({ length }) => length >= all.length);
    await pause(1_500); // those that came too early are tried again
    expect(await messages()).toHaveLength(all.length);
    expect(new Set(found.map(({ text }) => text)).size).toBe(all.length);
  }, 40_000);

  test('about a delivery finds the customer, also when it comes before the order itself', async () => {
    const orderId = newId();
    await publish(delivery('DeliveryStarted', orderId));
    await publish(changed('PreorderAccepted', orderId, 3));
    const found = await eventually(messages, ({ length }) => length === 2);
    expect(found.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^\[배송출발\] 은하 폴드\n/));
  }, 40_000);

  test('is in English for who wants that, and has a general text for a business that nobody wrote one for', async () => {
    await profile({ language: Profile_Language.EN });
    await publish(
      changed('PreorderAccepted', newId(), 3),
      changed('WashingDone', newId(), 1, { context: 'laundry', phase: Order_Phase.DONE }),
    );
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
    const rest = await call<ListMessagesResponse>(
      'listMessages',
      { pageSize: 2, pageToken: page.nextPageToken },
      customer,
    );
    expect(rest).toMatchObject({ messages: [{ text: expect.stringContaining('[예약신청]') }], nextPageToken: '' });
  });
});

describe('outside', () => {
  const sent = (channel: Channel) =>
    eventually(messages, ([first]) => first?.status === Status.SENT && first.channel === channel);

  test('who has a verified phone is written to by KakaoTalk, and others hear that a message left', async () => {
    const phone = newPhone();
    await verified({ phone });
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    const [message] = await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toMatchObject([
      { type: MessengerEntry_Type.ALIMTALK, phone: international(phone), text: message?.text },
    ]);
    await eventually(
      async () => told.filter(({ subject }) => subject === message?.id),
      ({ length }) => length === 1,
    );
  });

  test('who has no KakaoTalk gets an SMS instead', async () => {
    await verified({ phone: newPhone() });
    await call('setMessengerMode', { mode: Mode.DECLINING, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    await sent(Channel.SMS);
    expect(await ledger(orderId)).toMatchObject([{ type: MessengerEntry_Type.SMS }]);
  });

  test('who has a verified e-mail address alone gets a mail, by SMTP', async () => {
    const address = `${customer.id}@jari.example`;
    await verified({ email: address });
    const before = mails.filter(({ to }) => to === address).length;
    await publish(changed('PreorderRequested', newId(), 1));
    await sent(Channel.EMAIL);
    expect(mails.filter(({ to }) => to === address)).toHaveLength(before + 1);
  });

  test('what messenger and SMS refuse goes by mail, and what all refuse is read in the app, with the reason in words', async () => {
    const address = `${customer.id}@jari.example`;
    await verified({ phone: newPhone(), email: address });
    // The number is taken off the network after it was verified: the provider refuses it for good, by either way.
    await database.database.pool.query(
      `update profile set state = jsonb_set(state, '{phone,sealed}', '"123"') where id = $1`,
      [customer.id],
    );
    await publish(changed('PreorderRequested', newId(), 1));
    await sent(Channel.EMAIL);
    refusesMail = true;
    await publish(changed('PreorderAccepted', newId(), 1));
    const [lost] = await eventually(messages, ([first]) => first?.status === Status.UNDELIVERABLE);
    refusesMail = false;
    expect(lost).toMatchObject({
      reason: 'SMTP_550',
      channel: Channel.IN_APP,
      reasonText: '보내지 못했어요. 앱에서 읽을 수 있어요.',
    });
    expect(lost?.text).toContain('예약접수완료');
  });

  test('a provider that is down delays messages, and they arrive once when it is back', async () => {
    await verified({ phone: newPhone() });
    await call('setMessengerMode', { mode: Mode.DOWN, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    expect(await messages()).toMatchObject([{ status: Status.PENDING, channel: Channel.KAKAO }]);
    await call('setMessengerMode', { mode: Mode.NORMAL, delayMs: 0 }, admin);
    await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toHaveLength(1);
  }, 40_000);

  test('a provider that loses its answers delivers once', async () => {
    await verified({ phone: newPhone() });
    await call('setMessengerMode', { mode: Mode.LOSES_ANSWERS, delayMs: 0 }, admin);
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    await eventually(
      () => ledger(orderId),
      ({ length }) => length > 0,
    );
    await call('setMessengerMode', { mode: Mode.NORMAL, delayMs: 0 }, admin);
    await sent(Channel.KAKAO);
    expect(await ledger(orderId)).toHaveLength(1);
  }, 40_000);

  test('one person gets so many messages an hour, and then one summary of the rest, which wait in the app', async () => {
    await verified({ phone: newPhone() });
    const pairs = Array.from({ length: 30 }, () => changed('PreorderRequested', newId(), 1));
    await publish(...pairs);
    const inApp = async () =>
      (await messages()).filter(({ status, channel }) => status === Status.SENT && channel === Channel.IN_APP);
    await eventually(inApp, ({ length }) => length === 18);
    const outside = (await messages()).filter(({ channel }) => channel === Channel.KAKAO);
    expect(outside).toHaveLength(12);
    // An hour later, by the database's clock.
    const rows = await database.database.pool.query<{ at: string }>(
      `update timer set due_at = now() where aggregate = 'allowance' and aggregate_id = $1 returning name`,
      [customer.id],
    );
    expect(rows.rowCount).toBe(1);
    await eventually(messages, (all) =>
      all.some(
        ({ text, channel, status }) =>
          text.startsWith('[새 소식 모음] 소식이 18건') && channel === Channel.KAKAO && status === Status.SENT,
      ),
    );
  }, 40_000);
});

describe('who is invited to a role (I3)', () => {
  const seal = (text: string): string => sealingFor(forMails, { current: secretIn(data), old: [] }).seal(text);
  const invite = (invitationId: string, sealedEmail: string): Envelope =>
    envelopeFor(
      event('jari.identity.v1.PersonInvited', PersonInvited, invitationId, {
        ...{ invitationId, role: 'courier', language: 'EN', sealedEmail },
        ...{
          sealedLink: seal('https://jari.example/auth/invitation?code=x'),
          expireTime: new Date(Date.now() + 60_000),
        },
      }),
      'identity',
    );

  test('gets one mail with the link, and nothing of it is kept', async () => {
    const [id, email] = [newId(), `invited-${newId()}@example.com`];
    const told = invite(id, seal(email));
    await publish(told, told);
    const [mail] = await eventually(
      async () => mails.filter(({ to }) => to === email),
      ({ length }) => length > 0,
    );
    expect(mail?.text).toMatch(/Subject: .*invited as a courier/);
    const read = async () =>
      (await database.database.pool.query<{ state: object }>('select state from mail where id = $1', [id])).rows[0]
        ?.state;
    expect(await eventually(read, (state) => (state as { status?: string })?.status === 'sent')).toEqual({
      status: 'sent',
    });
    expect(mails.filter(({ to }) => to === email)).toHaveLength(1);
  });

  test('gets few mails within an hour, by whichever spelling, and leaves room for the links of who owns the mailbox', async () => {
    const name = `victim-${newId()}`;
    const to = (detail: string): string => seal(`${name}${detail}@example.com`);
    const isTheirs = ({ to: address }: { to: string }): boolean => address.toLowerCase().startsWith(name);
    const ids = Array.from({ length: 7 }, () => newId());
    await publish(...ids.map((id, nth) => invite(id, to(`+${nth}`))));
    const states = async () =>
      (
        await database.database.pool.query<{ state: object }>('select state from mail where id = any($1::uuid[])', [
          ids,
        ])
      ).rows.map(({ state }) => state as { status: string; reason?: string });
    const done = await eventually(states, (all) => all.length === 7 && all.every(({ status }) => status !== 'pending'));
    expect(done.filter(({ status }) => status === 'sent')).toHaveLength(5);
    expect(done.filter(({ reason }) => reason === 'TOO_MANY_MAILS')).toHaveLength(2);
    expect(mails.filter(isTheirs)).toHaveLength(5);
    const [linkId, personId] = [newId(), newId()];
    const told = { language: 'EN', sealedEmail: to(''), sealedLink: seal('https://jari.example/auth/reset?code=x') };
    const [expireTime, changeTime] = [new Date(Date.now() + 60_000), new Date()];
    const own = [
      event('jari.identity.v1.PasswordResetRequested', PasswordResetRequested, linkId, { linkId, expireTime, ...told }),
      event('jari.identity.v1.PasswordChanged', PasswordChanged, personId, { personId, changeTime, ...told }),
    ];
    await publish(...own.map((each) => envelopeFor(each, 'identity')));
    await eventually(
      async () => mails.filter(isTheirs),
      ({ length }) => length === 7,
    );
    expect(logged.join('')).toContain('its mailbox has had as many as may be');
    expect(logged.join('')).not.toContain(name);
  }, 40_000);

  test('gets nothing by an address that identity has not sealed', async () => {
    const [id, email] = [newId(), `invited-${newId()}@example.com`];
    await publish(invite(id, email));
    const read = async () =>
      (await database.database.pool.query<{ state: object }>('select state from mail where id = $1', [id])).rows[0]
        ?.state;
    expect(await eventually(read, (state) => (state as { status?: string })?.status === 'undeliverable')).toEqual({
      status: 'undeliverable',
      reason: 'ADDRESS_UNREADABLE',
    });
    expect(mails.filter(({ to }) => to === email)).toEqual([]);
  });
});

test('a seller hears that the payout account changed, however many messages came within the hour', async () => {
  await verified({ phone: newPhone(), language: Profile_Language.EN });
  await publish(...Array.from({ length: 13 }, () => changed('PreorderRequested', newId(), 1)));
  const change = () =>
    envelopeFor(
      event('jari.payout.v1.PayoutAccountChanged', PayoutAccountChanged, customer.id, {
        payeeId: customer.id,
        changeTime: new Date('2026-11-29T01:00:00Z'),
      }),
      'payout',
    );
  await publish(change());
  const isWarning = ({ text }: Message): boolean =>
    text.startsWith('[Payout account] The account for your payouts was changed.');
  const warnings = await eventually(
    async () => (await messages()).filter(isWarning),
    ([warning]) => warning?.status === Status.SENT,
  );
  expect(warnings).toMatchObject([{ channel: Channel.KAKAO, recipientId: customer.id, order: undefined }]);
  expect(warnings[0]?.text).toContain('10:00 (Asia/Seoul time)');
  await publish(...Array.from({ length: 13 }, change));
  const all = await eventually(
    async () => (await messages()).filter(isWarning),
    (every) => every.length === 14 && every.every(({ status }) => status === Status.SENT),
  );
  const by = (channel: Channel) => all.filter((each) => each.channel === channel).length;
  expect([by(Channel.KAKAO), by(Channel.IN_APP)]).toEqual([12, 2]);
}, 40_000);

describe('a contact', () => {
  const shown = (): Promise<Profile> => call<Profile>('getProfile', {}, customer);
  const verify = (code: string, channel = Contact.PHONE) => call<Profile>('verifyContact', { channel, code }, customer);
  const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  test('is no mailbox of the mail server itself, nor a telephone of no country', async () => {
    await expect(profile({ email: 'root@localhost' })).rejects.toThrow('email: must be');
    await expect(profile({ phone: '+882 16 12345678' })).rejects.toThrow('phone: must be');
  });

  test('gets nothing but a code before it is verified; messages wait in the app', async () => {
    await profile({ phone: newPhone(), language: Profile_Language.EN });
    expect(await shown()).toMatchObject({ phoneVerified: false, emailVerified: false });
    const orderId = newId();
    await publish(changed('PreorderRequested', orderId, 1));
    expect(await messages()).toMatchObject([{ status: Status.SENT, channel: Channel.IN_APP }]);
    const [code, ...more] = await eventually(
      () => ledger(customer.id),
      ({ length }) => length > 0,
    );
    expect([code?.type, code?.text, more]).toEqual([
      MessengerEntry_Type.SMS,
      expect.stringMatching(/^\[Jari\] Your code is \d{6}\n/),
      [],
    ]);
    expect(await ledger(orderId)).toEqual([]);
  });

  test('is verified by its code alone, a few attempts long', async () => {
    await profile({ phone: newPhone() });
    const code = await codeByText();
    for (let attempt = 0; attempt < 5; attempt++) await expect(verify(another(code))).rejects.toThrow('wrong-code');
    await expect(verify(code)).rejects.toThrow('too-many-attempts');
    await call('resendCode', { channel: Contact.PHONE }, customer);
    expect(await verify(await codeByText(2))).toMatchObject({ phoneVerified: true });
    expect(await shown()).toMatchObject({ phoneVerified: true, emailVerified: false });
    await expect(call('resendCode', { channel: Contact.PHONE }, customer)).rejects.toThrow('nothing-to-verify');
  }, 40_000);

  test('that stays the same stays verified; another one is not', async () => {
    const phone = newPhone();
    await verified({ phone });
    expect(await profile({ phone: international(phone), language: Profile_Language.EN })).toMatchObject({
      phone: international(phone),
      phoneVerified: true,
    });
    expect(await profile({ phone: newPhone() })).toMatchObject({ phoneVerified: false });
    expect(await profile({})).toMatchObject({ phone: '', phoneVerified: false });
  });

  test('that is impossible or premium is refused, and nothing is sent', async () => {
    for (const phone of ['0      0', '01234567890123456789', '060-700-1234', '112', '02-312-3456'])
      await expect(profile({ phone })).rejects.toThrow();
    expect(await shown()).toMatchObject({ phone: '' });
    expect(await ledger(customer.id)).toEqual([]);
  });

  test('gets so many codes an hour for one account', async () => {
    const phone = newPhone();
    await profile({ phone });
    for (let more = 1; more < 5; more++) await call('resendCode', { channel: Contact.PHONE }, customer);
    await expect(call('resendCode', { channel: Contact.PHONE }, customer)).rejects.toThrow('too-many-codes');
    await expect(profile({ phone: newPhone() })).rejects.toThrow('too-many-codes');
  }, 40_000);

  test('of another country than the set ones is refused, with its field, and gets nothing (10)', async () => {
    await expect(profile({ phone: '+992 917 000 011' })).rejects.toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', reason: 'COUNTRY_NOT_SERVED' },
      fields: [{ field: 'phone', description: 'must be a number of a country that texts are sent to: +82' }],
    });
    await expect(profile({ phone: '112', email: 'root@localhost' })).rejects.toMatchObject({
      fields: [{ field: 'phone' }, { field: 'email' }],
    });
    expect(await shown()).toMatchObject({ phone: '' });
  });

  test('is one of few that get codes within an hour for who calls from one address, by however many accounts (10)', async () => {
    const from = (clientAddress: string) =>
      inScope({ correlationId: newId(), causationId: newId(), clientAddress }, () => profile({ phone: newPhone() }));
    for (let account = 0; account < 6; account++) {
      customer = { id: newId(), roles: ['customer'] };
      await from(`2001:db8:7:1::${account}`);
    }
    customer = { id: newId(), roles: ['customer'] };
    await expect(from('2001:db8:7:1::9')).rejects.toThrow('too-many-codes');
    expect(await shown()).toMatchObject({ phone: '' });
    expect(await from('2001:db8:7:2::9')).toMatchObject({ phoneVerified: false });
  }, 40_000);

  test('gets a code for its own account, though five strangers have asked for five (10)', async () => {
    const phone = newPhone();
    const email = `victim-${newId()}@example.com`;
    const [name] = email.split('@');
    for (let nth = 0; nth < 5; nth++) {
      customer = { id: newId(), roles: ['customer'] };
      await profile({ phone, email: [`${name}+${nth}@example.com`, email.toUpperCase()][nth % 2]! });
    }
    customer = { id: newId(), roles: ['customer'] };
    await profile({ phone, email });
    await expect(call('resendCode', { channel: Contact.EMAIL }, customer)).rejects.toThrow('too-many-codes');
    await expect(call('resendCode', { channel: Contact.PHONE }, customer)).rejects.toThrow('too-many-codes');
    for (let more = 6; more < 10; more++) {
      customer = { id: newId(), roles: ['customer'] };
      await profile({ phone });
    }
    customer = { id: newId(), roles: ['customer'] };
    await expect(profile({ phone })).rejects.toThrow('too-many-codes');
    expect(await ledger(customer.id)).toEqual([]);
  }, 40_000);

  test('of an earlier version is kept, sealed and unverified', async () => {
    // As notification-1 left it; the next migration and the start of the service have their turn.
    await database.database.pool.query(
      `insert into profile (id, version, state, created_at, updated_at) values ($1, 1, $2, now(), now())`,
      [customer.id, { status: 'kept', contact: { language: 'EN', email: 'old@jari.example', phone: '010-9999-8888' } }],
    );
    for (const statement of migrations[1]!.up.filter((each) => each.startsWith('update')))
      await database.database.pool.query(statement);
    expect(await sealContacts(database.store, sealingFor('notification', { current: secretIn(data), old: [] }))).toBe(
      0,
    );
    expect(await shown()).toMatchObject({
      language: Profile_Language.EN,
      phone: '010-9999-8888',
      email: 'old@jari.example',
      phoneVerified: false,
      emailVerified: false,
    });
    expect(await dumped()).not.toMatch(/9999-8888|old@jari/);
  });

  test('is in no table, and no log line shows it', async () => {
    const [phone, email] = ['010-7777-1234', 'minseo.kim@jari.example'];
    await verified({ phone, email });
    await publish(changed('PreorderRequested', newId(), 1));
    await sentAll();
    expect(await dumped()).not.toMatch(/7777-?1234|minseo/);
    expect(logged.join('')).not.toMatch(/7777-?1234|minseo/);
  });

  const sentAll = () =>
    eventually(messages, (all) => all.length > 0 && all.every(({ status }) => status !== Status.PENDING));
  /** All that a dump of the database shows. */
  async function dumped(): Promise<string> {
    const { rows } = await database.database.pool.query<{ name: string }>(
      'select relname::text name from pg_stat_user_tables where schemaname = current_schema()',
    );
    const tables = await Promise.all(
      rows.map(({ name }) => database.database.pool.query(`select t::text from ${name} t`)),
    );
    expect(tables.length).toBeGreaterThan(5);
    return JSON.stringify(tables.map((each) => each.rows));
  }
});

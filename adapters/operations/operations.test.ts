import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { newId } from '#kernel/ids.ts';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { audience, issuer, issueToken } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import type { Outgoing } from '#adapters/bus/messages.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { memoryAnswers } from '#adapters/grpc/test-server.fixture.ts';
import { startGrpcServer, type GrpcServer } from '#adapters/grpc/server.ts';
import { fromTrailers } from '#adapters/grpc/trailers.ts';
import {
  coinFor,
  jarService,
  log,
  openPlace,
  unheard,
  type JarService,
  type Place,
} from '#adapters/host/jar-service.fixture.ts';
import type { Hosted } from '#adapters/host/host.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { partyLimit } from '#adapters/resilience/party-limit.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { serveMetrics } from '#adapters/telemetry/metrics.ts';
import * as proto from '#proto/jari/ops/v1/ops.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { showGauges } from './gauges.ts';
import { opsRpc } from './grpc.ts';
import { queueFound } from './retelling.ts';

const definition = proto.OpsServiceService;
const calls = policy({
  name: 'bank',
  timeoutMs: 100,
  attempts: 1,
  breaker: { failureShare: 0.5, calls: 4, minimum: 4, openMs: 60_000 },
  bulkhead: { concurrent: 4, queued: 4 },
});
const bus = inProcessBus({ log });
const key = await newKey();

let place: Place;
let jars: JarService;
let hosted: Hosted[];
let server: GrpcServer;
let client: Client;
beforeAll(async () => {
  place = await openPlace();
  jars = jarService();
  jars.breakers = [calls];
  const other = {
    ...jarService('shelves'),
    plug: () => ({ rpc: [], subscriptions: { events: [], commands: [], handle: () => [] }, timers: {} }),
  };
  hosted = await Promise.all([place.host(jars, { bus }), place.host(other, { bus })]);
  for (const each of hosted) await each.go();
  server = await startGrpcServer({
    services: [],
    operations: opsRpc(hosted.map(({ operations }) => operations)),
    address: '127.0.0.1:0',
    verifier: createVerifier({ jwks: publicJwks(key), issuer, audience }),
    idempotency: memoryAnswers(),
    log,
  });
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.drain({ noticeMs: 0, limitMs: 1_000 });
  await place.close();
});

interface Method<Request, Response> {
  path: string;
  requestSerialize(request: Request): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}
async function ask<Request, Response>(
  { path, requestSerialize, responseDeserialize }: Method<Request, Response>,
  request: Request,
  as: string | undefined = 'admin',
): Promise<Response> {
  const metadata = new Metadata();
  if (as) metadata.set('authorization', `Bearer ${await issueToken(as, key)}`);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline: Date.now() + 10_000 },
      (error, response) => (error ? reject(refusalOf(error)) : resolve(response as Response)),
    );
  });
}
const refusalOf = (error: ServiceError): object =>
  Object.assign(new Error(error.details), { status: error.code, text: error.details, ...fromTrailers(error.metadata) });

const status = (service = 'jars') => ask(definition.getStatus, { service });
const listed = async (pageSize = 0, pageToken = '') =>
  ask(definition.listDeadLetters, { service: 'jars', pageSize, pageToken });
const letter = (messageId: string) => ask(definition.getDeadLetter, { service: 'jars', messageId });
const discard = (messageId: string) => ask(definition.discardDeadLetter, { service: 'jars', messageId });
const redrive = (messageId: string) => ask(definition.redriveDeadLetter, { service: 'jars', messageId });

beforeEach(() => {
  jars.onMessage = () => undefined;
});

/** Has a coin for a new jar die; answers with the jar and the letter. */
async function poisoned(): Promise<{ jar: string; dead: proto.DeadLetter }> {
  const jar = newId();
  const before = jars.onMessage;
  jars.onMessage = (id) => {
    if (id === jar) throw new TypeError('no field like that');
    return before(id);
  };
  await jars.send(coinFor(jar));
  const dead = await eventually(
    async () => (await listed()).deadLetters.find(({ subject }) => subject === jar),
    (found) => found !== undefined,
  );
  return { jar, dead: dead as proto.DeadLetter };
}

describe('a poison message', () => {
  test('lies among the dead letters while all else goes on', async () => {
    const others = Array.from({ length: 50 }, () => newId());
    const sent = jars.send(...others.slice(0, 25).map(coinFor));
    const { jar, dead } = await poisoned();
    await jars.send(...others.slice(25).map(coinFor));
    await sent;
    await eventually(async () => (await Promise.all(others.map(jars.coinsIn))).every((coins) => coins === 1));
    expect(await jars.coinsIn(jar)).toBeUndefined();
    expect(dead).toMatchObject({
      type: 'jari.property.v1.ReleaseStay',
      routingKey: 'property.ReleaseStay',
      source: '/jars',
      subject: jar,
      correlationId: jar,
    });
    expect(dead).toMatchObject({ error: 'no field like that', redriveTime: undefined, content: '' });
    await eventually(async () => (await status()).outbox?.waiting === 0n);
  });

  test('is shown with its content, and with its bytes where they are no message of its type', async () => {
    const { jar, dead } = await poisoned();
    const whole = await letter(dead.messageId.toUpperCase());
    expect(JSON.parse(whole.content)).toEqual({ order: { kind: 'lodging.reservation', id: jar } });
    expect(whole.payload).toEqual(Buffer.from(coinFor(jar).encode()));

    const garbled = newId();
    await jars.send({ ...coinFor(garbled), encode: () => Buffer.from([0x0a, 0xff, 0x01]) });
    const found = await eventually(
      async () => (await listed()).deadLetters.find(({ subject }) => subject === garbled),
      (each) => each !== undefined,
    );
    expect(await letter(found?.messageId ?? '')).toMatchObject({
      content: '',
      payload: Buffer.from([0x0a, 0xff, 0x01]),
    });
  });

  test('that is redriven and still cannot be handled stays, with the new reason', async () => {
    const { jar, dead } = await poisoned();
    jars.onMessage = () => {
      throw new Error('quite another trouble');
    };
    await expect(redrive(dead.messageId)).rejects.toMatchObject({
      status: 9,
      reason: 'STILL_FAILS',
      text: 'quite another trouble',
    });
    jars.onMessage = () => {
      throw new Unavailable('the bank is closed');
    };
    await expect(redrive(dead.messageId)).rejects.toMatchObject({ status: 14, retryAfterMs: 1_000 });
    expect(await letter(dead.messageId)).toMatchObject({ error: 'the bank is closed', redriveTime: undefined });
    expect((await listed()).deadLetters.map(({ subject }) => subject)).toContain(jar);
  });

  test('that is redriven by two at once takes effect once, and is kept, but on the list no more', async () => {
    const { jar, dead } = await poisoned();
    jars.onMessage = () => undefined;
    const both = await Promise.all([redrive(dead.messageId), redrive(dead.messageId)]);
    expect(await jars.coinsIn(jar)).toBe(1);
    expect(both.map(({ redriveTime }) => redriveTime)).toEqual([expect.any(Date), expect.any(Date)]);
    const again = await redrive(dead.messageId);
    expect(again).toEqual(await letter(dead.messageId));
    expect(await jars.coinsIn(jar)).toBe(1);
    expect((await listed()).deadLetters.map(({ subject }) => subject)).not.toContain(jar);
  });

  test('is one of many, which come page by page, newest first', async () => {
    for (let count = 0; count < 4; count++) await poisoned();
    const all = (await listed(200)).deadLetters.map(({ messageId }) => messageId);
    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(all).toEqual([...all].sort().reverse());
    const seen: string[] = [];
    for (let pageToken = '', first = true; first || pageToken; first = false) {
      const page = await listed(2, pageToken);
      expect(page.deadLetters.length).toBeLessThanOrEqual(2);
      seen.push(...page.deadLetters.map(({ messageId }) => messageId));
      pageToken = page.nextPageToken;
    }
    expect(seen).toEqual(all);
  });
});

/** A dead letter that came in some other way than from a service of ours. */
async function buried(id: string, payloadBytes = 3): Promise<void> {
  const envelope = {
    id,
    kind: 'command',
    type: 'jari.property.v1.ReleaseStay',
    routingKey: 'property.ReleaseStay',
    source: '/stranger',
    subject: 's',
    time: Date.now(),
    correlationId: 'c',
    causationId: 'c',
  };
  const payload = Buffer.alloc(payloadBytes, 1).toString('base64');
  await hosted[0]?.database.pool.query(
    'insert into dead_letter (message_id, envelope, error, died_at) values ($1, $2, $3, now())',
    [id, JSON.stringify({ ...envelope, payload }), 'too strange'],
  );
}

describe('a dead letter', () => {
  test('is inspected and discarded whatever its id is', async () => {
    for (const id of ['not-a-uuid', 'with/slash', '01JZZZ']) {
      await buried(id);
      expect((await listed(200)).deadLetters.map(({ messageId }) => messageId)).toContain(id);
      expect(await letter(id)).toMatchObject({ messageId: id, payload: Buffer.from([1, 1, 1]), payloadSize: 3n });
      await discard(id);
      expect((await listed(200)).deadLetters.map(({ messageId }) => messageId)).not.toContain(id);
      await discard(id);
    }
    await expect(discard('never-there')).rejects.toMatchObject({ status: 5, reason: 'NOT_FOUND' });
  });

  test('of ten megabytes is listed without its content, and inspected in part', async () => {
    const id = newId();
    await buried(id, 10_000_000);
    const before = process.memoryUsage.rss();
    for (let again = 0; again < 20; again++) await listed(200);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
    const shown = await letter(id);
    expect([shown.payloadSize, shown.payload.length, shown.content]).toEqual([10_000_000n, 65_536, '']);
    await discard(id);
  });

  test('is redriven with others of its type and error, and the outcome of each is shown', async () => {
    const all = [await poisoned(), await poisoned(), await poisoned()];
    const failing = all[1]?.jar;
    jars.onMessage = (id) => {
      if (id === failing) throw new Error('still not');
    };
    const which = { service: 'jars', type: 'jari.property.v1.ReleaseStay', error: 'no field', limit: 200 };
    const { outcomes } = await ask(definition.redriveDeadLetters, which);
    const became = (nth: number) => outcomes.find(({ messageId }) => messageId === all[nth]?.dead.messageId)?.error;
    expect([became(0), became(1), became(2)]).toEqual(['', 'still not', '']);
    expect(await Promise.all(all.map(({ jar }) => jars.coinsIn(jar)))).toEqual([1, undefined, 1]);
    expect((await ask(definition.redriveDeadLetters, { ...which, type: 'jari.other.v1.Type' })).outcomes).toEqual([]);
  });

  test('is what becomes of a message that names no order', async () => {
    const subject = newId();
    await jars.send({ ...coinFor(subject), encode: () => Buffer.alloc(0) });
    const dead = await eventually(
      async () => (await listed(200)).deadLetters.find((each) => each.subject === subject),
      Boolean,
    );
    expect(dead?.error).toBe('jari.property.v1.ReleaseStay names no order');
  });
});

test('a message of a type that is not known yet is parked, and handled by itself after the upgrade', async () => {
  const id = newId();
  const newer = { ...coinFor(id), type: 'jari.property.v2.ReleaseStay' };
  const [before, after] = [jarService('growing'), jarService('growing')];
  const old = await place.host(before);
  await old.go();
  await before.send(newer);
  const letters = () => old.operations.deadLetters.list({ size: 10 });
  expect((await eventually(letters, ({ length }) => length === 1))[0]?.error).toBe(
    'a message of the type jari.property.v2.ReleaseStay is not expected here',
  );
  await old.stop();
  after.plug = ((plug) => (outside) => {
    const plugged = plug(outside);
    return {
      ...plugged,
      subscriptions: {
        ...plugged.subscriptions,
        handle: (envelope) => plugged.subscriptions.handle({ ...envelope, type: envelope.type.replace('v2', 'v1') }),
      },
    };
  })(after.plug);
  const upgraded = await place.host(after);
  await upgraded.go();
  await eventually(async () => (await after.coinsIn(id)) === 1);
  expect(await upgraded.operations.deadLetters.list({ size: 10 })).toEqual([]);
  await upgraded.stop();
});

describe('what was published', () => {
  test('is sent again since a time, archived or not, and has no second effect', async () => {
    const [early, late] = [newId(), newId()];
    await jars.send(coinFor(early));
    await eventually(async () => (await jars.coinsIn(early)) === 1);
    await eventually(status, ({ outbox }) => outbox?.waiting === 0n);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const since = new Date();
    await jars.send(coinFor(late));
    await eventually(async () => (await jars.coinsIn(late)) === 1);
    await eventually(status, ({ outbox }) => outbox?.waiting === 0n);
    // As if the broker had lost them: neither was ever heard.
    await hosted[0]?.database.pool.query('delete from inbox');
    await hosted[0]?.database.pool.query('delete from jar where id = any($1)', [[early, late]]);
    await expect(ask(definition.getTellAgain, { service: 'jars' })).rejects.toMatchObject({ status: 5 });
    const begun = await ask(definition.tellAgain, { service: 'jars', since });
    expect(begun).toMatchObject({ since, endTime: undefined, sent: 0n });
    const ended = await eventually(
      () => ask(definition.getTellAgain, { service: 'jars' }),
      ({ endTime }) => endTime !== undefined,
    );
    expect(ended.sent).toBeGreaterThan(0n);
    expect(ended.unheard).toBe(0n);
    expect([await jars.coinsIn(early), await jars.coinsIn(late)]).toEqual([undefined, 1]);
    await ask(definition.tellAgain, { service: 'jars', since });
    await eventually(
      () => ask(definition.getTellAgain, { service: 'jars' }),
      ({ endTime }) => endTime !== undefined,
    );
    expect(await jars.coinsIn(late)).toBe(1);
    for (const wrong of [undefined, new Date(Date.now() + 60_000)])
      await expect(ask(definition.tellAgain, { service: 'jars', since: wrong })).rejects.toMatchObject({ status: 3 });
  }, 30_000);

  test('is sent again by all services when an existing queue is missing at the broker, and not for a new queue', async () => {
    const { pool } = hosted[0]!.database;
    const asked: Outgoing[] = [];
    const found = (isMissing: boolean) =>
      queueFound(isMissing, {
        pool,
        service: 'jars',
        now: Date.now(),
        send: async (message) => void asked.push(message),
      });
    await found(true);
    await found(false);
    expect(asked).toEqual([]);
    await found(true);
    expect(asked.map(({ type, subject }) => [type, subject])).toEqual([['jari.ops.v1.TellAgainRequested', 'jars']]);
    const before = await ask(definition.getTellAgain, { service: 'jars' });
    await jars.send(...asked);
    const told = await eventually(
      () => ask(definition.getTellAgain, { service: 'jars' }),
      ({ requestTime, endTime }) => requestTime! > before.requestTime! && endTime !== undefined,
    );
    expect(Date.now() - told.since!.getTime()).toBeGreaterThan(5 * 3_600_000);
    await eventually(
      () => ask(definition.getTellAgain, { service: 'shelves' }),
      ({ endTime }) => endTime !== undefined,
    );
  }, 30_000);
});

describe('the status of a service', () => {
  test('says which version runs since when, and that nothing is wrong', async () => {
    const shown = await status('shelves');
    expect(shown).toMatchObject({
      service: 'shelves',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      retries: 0n,
      timersDue: 0n,
      deadLetters: 0n,
      breakers: [],
      waitsFor: '',
    });
    expect(shown.outbox).toEqual({ waiting: 0n, lag: undefined, untaken: [] });
    expect(Math.abs(Date.now() - (shown.startTime?.getTime() ?? 0))).toBeLessThan(60_000);
  });

  test('counts dead letters, and no longer those that were redriven', async () => {
    const before = (await status()).deadLetters;
    const { dead } = await poisoned();
    expect((await status()).deadLetters).toBe(before + 1n);
    jars.onMessage = () => undefined;
    await redrive(dead.messageId);
    expect((await status()).deadLetters).toBe(before);
  });

  test('counts messages and timers that are tried again, until they have taken effect', async () => {
    const jar = newId();
    let isDown = true;
    const whenUp = (): void => {
      if (isDown) throw new Unavailable('down');
    };
    jars.onMessage = whenUp;
    jars.onAlarm = async (id) => (whenUp(), jars.put(id, { put: 10 }));
    await jars.put(jar, { put: 1, alarmAt: Date.now() - 1 });
    await jars.send(coinFor(jar));
    await eventually(status, ({ retries, timersDue }) => retries === 1n && timersDue === 1n);
    isDown = false;
    await eventually(status, ({ retries, timersDue }) => retries === 0n && timersDue === 0n);
    expect(await jars.coinsIn(jar)).toBe(12);
  });

  test('shows a breaker that opened, and what the service lacks', async () => {
    expect((await status()).breakers).toEqual([{ callee: 'bank', state: proto.Status_Breaker_State.CLOSED }]);
    for (let call = 0; call < 4; call++)
      await calls.run(() => Promise.reject(new Unavailable('down'))).catch(() => undefined);
    jars.lacks = 'a catalogue';
    expect(await status()).toMatchObject({
      breakers: [{ callee: 'bank', state: proto.Status_Breaker_State.OPEN }],
      waitsFor: 'a catalogue',
    });
    jars.lacks = undefined;
  });

  test('shows a message that no queue takes, which stays until one does', async () => {
    await jars.send(unheard(newId()), unheard(newId()));
    const shown = await eventually(
      status,
      ({ outbox }) => outbox?.waiting === 2n && outbox.untaken[0]?.messages === 2n,
    );
    expect(shown.outbox).toMatchObject({
      untaken: [{ type: 'jari.property.v1.RequestStay', routingKey: 'property.RequestStay', messages: 2n }],
    });
    await eventually(status, ({ outbox }) => (outbox?.lag?.seconds ?? 0n) >= 1n);
    const heard: string[] = [];
    const somebody = bus.subscribe({
      queue: 'somebody',
      events: [],
      commands: ['property.RequestStay'],
      handle: async ({ id }) => void heard.push(id),
    });
    await eventually(status, ({ outbox }) => outbox?.waiting === 0n);
    expect(new Set(heard).size).toBe(2);
    expect((await status()).outbox).toEqual({ waiting: 0n, lag: undefined, untaken: [] });
    await somebody.stop();
  });

  test('is what monitoring reads as well (K15)', async () => {
    const metrics = await serveMetrics({ service: 'jari', port: 0, live: () => true, ready: () => ({ ready: true }) });
    for (const { operations } of hosted)
      showGauges(metrics, { ...operations, limits: [partyLimit({ name: 'bank', perSecond: 0, recovery: 2 })] });
    const { pool } = hosted[0]!.database;
    await pool.query(
      `alter table jar add column status text generated always as (case when (state->>'coins')::int > 500 then 'full' else 'other' end) stored`,
    );
    await jars.put(newId(), { put: 600 });
    await pool.query(`update jar set updated_at = now() - interval '1 minute' where status = 'full'`);
    await poisoned();
    const scraped = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
    const { deadLetters } = await status();
    const value = (series: string): number =>
      Number(new RegExp(`^${series.replaceAll(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(scraped)?.[1]);
    expect(value('jari_dead_letters{service="jars"}')).toBe(Number(deadLetters));
    expect(value('jari_breaker_state{service="jars",callee="bank"}')).toBe(2);
    expect(value('jari_party_limit_per_second{service="jars",party="bank",calls="again"}')).toBe(5);
    expect(scraped).not.toMatch(/^jari_party_limit_per_second\{.*calls="all"\} \d/m);
    expect(value('jari_party_calls_waiting{service="jars",party="bank"}')).toBe(0);
    expect(value('jari_oldest_order_seconds{service="jars",order="jar",status="FULL"}')).toBeGreaterThan(50);
    expect(value('jari_oldest_order_seconds{service="jars",order="jar",status="EMPTY"}')).toBe(0);
    expect(Math.abs(value('jari_clock_skew_seconds{service="jars"}'))).toBeLessThan(5);
    expect(value('jari_messages_in_hand_over_a_minute{service="jars"}')).toBe(0);
    for (const name of [
      'jari_dead_letters',
      'jari_outbox_waiting',
      'jari_outbox_lag_seconds',
      'jari_retries_waiting',
      'jari_timers_due',
    ])
      expect([name, value(`${name}{service="shelves"}`)]).toEqual([name, 0]);
    await metrics.close();
  });
});

describe('operations', () => {
  const methods = [
    ['GetStatus', definition.getStatus, { service: 'jars' }],
    ['ListDeadLetters', definition.listDeadLetters, { service: 'jars', pageSize: 0, pageToken: '' }],
    ['GetDeadLetter', definition.getDeadLetter, { service: 'jars', messageId: newId() }],
    ['RedriveDeadLetter', definition.redriveDeadLetter, { service: 'jars', messageId: newId() }],
    ['RedriveDeadLetters', definition.redriveDeadLetters, { service: 'jars', type: 'none', error: '', limit: 0 }],
    ['DiscardDeadLetter', definition.discardDeadLetter, { service: 'jars', messageId: newId() }],
    ['TellAgain', definition.tellAgain, { service: 'jars', since: new Date(0) }],
    ['GetTellAgain', definition.getTellAgain, { service: 'jars' }],
  ] as unknown as readonly [string, Method<object, object>, object][];

  test.each(methods)('are for administrators alone: %s (K12)', async (_, method, request) => {
    for (const other of ['guest', 'host', 'agent', 'somebody'])
      await expect(ask(method, request, other)).rejects.toMatchObject({ status: 7 });
    await expect(ask(method, request, '')).rejects.toMatchObject({ status: 16 });
  });
  test.each(methods)(
    'of an unknown service are NOT_FOUND, and the services are named: %s',
    async (_, method, request) => {
      await expect(ask(method, { ...request, service: 'elsewhere' })).rejects.toMatchObject({
        status: 5,
        text: 'this process does not run elsewhere; it runs jars, shelves',
      });
    },
  );
  test.each(methods)('refuse what is malformed: %s', async (_, method, request) => {
    await expect(
      ask(method, { ...request, service: 'a/b', messageId: 'x', pageSize: 201, pageToken: '' }),
    ).rejects.toMatchObject({ status: 3 });
  });
  test('find no letter that is not there', async () => {
    for (const act of [letter, redrive])
      await expect(act(newId())).rejects.toMatchObject({ status: 5, reason: 'NOT_FOUND' });
    await expect(listed(2, Buffer.from('nonsense').toString('base64url'))).rejects.toMatchObject({ status: 3 });
  });
});

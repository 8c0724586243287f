import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { importJWK, SignJWT } from 'jose';
import { newId } from '#kernel/ids.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import { issueServiceToken } from '#adapters/auth/service-token.ts';
import type { Act, Ending, Trail } from '#adapters/audit/trail.ts';
import { audience, issuer, userId } from '#adapters/auth/token.ts';
import {
  CancelReservationRequest,
  CreateReservationRequest,
  GetReservationRequest,
  ListReservationsRequest,
  PreviewCancellationRequest,
  Reservation,
} from '#proto/jari/lodging/v1/lodging.ts';
import { Code, RpcError } from '#adapters/rpc/errors.ts';
import { openTestServer, type Asked, type Ended } from './test-server.fixture.ts';
import { roles } from '#adapters/rpc/rpc.ts';
import { eventually } from '#adapters/testing/eventually.ts';

const service = '/jari.lodging.v1.LodgingService';
let house: Awaited<ReturnType<typeof openTestServer>>;
const measured: [string, string][] = [];
/** What the audit trail has: whose act, the request, and what came of it. */
const recorded: string[][] = [];
const trail = {
  begin: async ({ caller, request }: Act) => void recorded.push([caller, request]),
  end: async (_: string, { outcome, reason }: Ending) => void recorded.at(-1)?.push(outcome, reason),
} as Trail;
beforeAll(async () => {
  house = await openTestServer({
    limits: { deadlineMs: 400 },
    trails: () => trail,
    verifiedEmail: true,
    metrics: { rpc: (method, code) => void measured.push([method, code]) },
  });
});
afterAll(async () => {
  house.client.close();
  await house.server.drain({ noticeMs: 0, limitMs: 500 });
});
beforeEach(() => {
  house.log.length = 0;
  house.scopes.length = 0;
  measured.length = 0;
  recorded.length = 0;
});

const wish = (more: Partial<CreateReservationRequest> = {}): CreateReservationRequest => ({
  roomId: newId(),
  checkIn: '2026-12-24',
  checkOut: '2026-12-26',
  guests: 2,
  agreedTotal: undefined,
  ...more,
});
const create = (request: Partial<CreateReservationRequest> = {}, asked: Asked = { as: 'guest' }): Promise<Ended> =>
  house.send(`${service}/CreateReservation`, CreateReservationRequest.encode(wish(request)).finish(), asked);
const get = (reservationId: string, asked?: Asked): Promise<Ended> =>
  house.send(`${service}/GetReservation`, GetReservationRequest.encode({ reservationId }).finish(), asked);
const list = (asked?: Asked): Promise<Ended> =>
  house.send(
    `${service}/ListReservations`,
    ListReservationsRequest.encode(ListReservationsRequest.fromPartial({})).finish(),
    asked,
  );
/** Lets the room of one request do as it likes. */
const roomThat = (does: () => Promise<never>): string => {
  const roomId = newId();
  house.rooms.set(roomId, does);
  return roomId;
};
/** Once the server is at work on a call. */
const atWork = async (): Promise<void> => {
  await eventually(() => house.scopes.length);
};
const logged = async (): Promise<readonly object[]> => {
  await eventually(() => house.log.length);
  return house.log;
};
const refusing = (refusal: 'nights-taken' | 'too-many-guests' | 'too-many-holds'): string => {
  const roomId = newId();
  house.rooms.set(roomId, async () => ({ accepted: false, refusal }));
  return roomId;
};

describe('who may call (K12)', () => {
  test('a customer may book, and what was booked is read without a token', async () => {
    const booked = await create();
    expect(booked.code).toBe(0);
    const { id, guestId } = Reservation.decode(booked.response!);
    expect(guestId).toBe(userId('guest'));
    expect(await get(id)).toMatchObject({ code: 0 });
  });
  test('without a token nobody books', async () =>
    expect(await create({}, {})).toMatchObject({ code: Code.UNAUTHENTICATED, reason: 'UNAUTHENTICATED' }));
  test.each(['Bearer nonsense', 'Basic Z3Vlc3Q6', 'Bearer'])(
    'a token that does not hold is refused even where none is needed: %s',
    async (authorization) =>
      expect(await get(newId(), { metadata: { authorization } })).toMatchObject({
        code: Code.UNAUTHENTICATED,
        reason: 'UNAUTHENTICATED',
      }),
  );
  test('who has not verified the e-mail address does not book where that is asked for, until the token says that it is verified (B7)', async () => {
    const as = async (email_verified: boolean): Promise<Asked> => {
      const token = new SignJWT({ roles: ['customer'], email_verified })
        .setProtectedHeader({ alg: 'ES256', kid: house.key.kid })
        .setSubject(userId('mina'))
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1m');
      const signed = await token.sign(await importJWK(house.key, 'ES256'));
      return { metadata: { authorization: `Bearer ${signed}`, 'idempotency-key': 'verified-later' } };
    };
    const room = { roomId: newId() };
    expect(await create(room, await as(false))).toMatchObject({
      code: Code.FAILED_PRECONDITION,
      reason: 'VERIFY_FIRST',
      message: expect.stringContaining('/account'),
    });
    expect(await create(room, await as(true))).toMatchObject({ code: 0 });
    const open = await openTestServer({ key: house.key });
    const { metadata = {} } = await as(false);
    const request = CreateReservationRequest.encode(wish()).finish();
    expect(await open.send(`${service}/CreateReservation`, request, { metadata })).toMatchObject({ code: 0 });
    open.client.close();
    await open.server.drain({ noticeMs: 0, limitMs: 500 });
  });
  test('a role that may not is refused, before anything is said of the request', async () =>
    expect(await create({ roomId: 'nonsense' }, { as: 'host' })).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: 'PERMISSION_DENIED',
    }));
  test('what an administrator or agent is refused at the door is on record, as what is done (16)', async () => {
    const [admin, none] = [userId('admin'), newId()];
    await create({ roomId: none }, { as: 'admin' });
    await house.send(`${service}/CreateReservation`, Buffer.from('nonsense'), { as: 'admin' });
    await create({ roomId: none, guests: 0 }, { as: 'both:customer,admin' });
    await create({ roomId: none }, { as: 'guest' });
    expect(recorded).toEqual([
      [admin, expect.stringContaining(none), 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
      [admin, '{}', 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
      [userId('both'), expect.stringContaining(none), 'INVALID_ARGUMENT', expect.any(String)],
    ]);
  });
  test('what is to be on record is so whoever calls, done or refused, once, and as often as the caller may (16)', async () => {
    const [me, other] = [userId('guest'), newId()];
    const cancel = (reservationId: string, metadata = {}): Promise<Ended> =>
      house.send(
        `${service}/CancelReservation`,
        CancelReservationRequest.encode(CancelReservationRequest.fromPartial({ reservationId })).finish(),
        { as: 'guest', metadata },
      );
    for (let time = 0; time < 2; time++)
      expect(await cancel(me, { 'idempotency-key': 'one-key' })).toMatchObject({ code: 0 });
    expect(await cancel('nonsense')).toMatchObject({ code: Code.INVALID_ARGUMENT });
    for (let time = 0; time < 2; time++) expect(await cancel(other)).toMatchObject({ reason: 'NOT_YOURS' });
    expect(await cancel(other)).toMatchObject({ reason: 'RATE_LIMITED' });
    expect(recorded).toEqual([
      [me, expect.stringContaining(me), 'OK', ''],
      [me, expect.stringContaining(other), 'FAILED_PRECONDITION', 'NOT_YOURS'],
      [me, expect.stringContaining(other), 'FAILED_PRECONDITION', 'NOT_YOURS'],
    ]);
    const kept = [...house.answers.kept].find(([id]) => id.endsWith(' one-key'));
    expect(kept?.[1].fingerprint).toMatch(/^hidden /);
  });
  test('one role of several is enough', async () =>
    expect(await list({ as: 'mina:customer,agent' })).toMatchObject({ code: 0 }));
  test('what is for services is for no person, whatever they are, and the other way round', async () => {
    const preview = PreviewCancellationRequest.encode({ reservationId: newId() }).finish();
    const ask = (asked: Asked): Promise<Ended> => house.send(`${service}/PreviewCancellation`, preview, asked);
    const asService = { metadata: { authorization: `Bearer ${await issueServiceToken('rental', house.key)}` } };
    expect(await ask({ as: `root:${roles.join()}` })).toMatchObject({
      code: Code.PERMISSION_DENIED,
      message: 'this needs the role service',
    });
    expect(await ask({})).toMatchObject({ code: Code.UNAUTHENTICATED });
    expect(await ask(asService)).toMatchObject({ code: 0 });
    expect([await create({}, asService), await list(asService)]).toMatchObject([
      { code: Code.PERMISSION_DENIED },
      { code: Code.PERMISSION_DENIED },
    ]);
    expect(await get(newId(), asService)).toMatchObject({ code: Code.NOT_FOUND }); // anyone may ask that
  });
  test('a method without a role refuses everybody', async () =>
    expect(
      await house.send(`${service}/QuoteReservation`, Buffer.alloc(0), { as: 'root:admin,agent,customer' }),
    ).toMatchObject({
      code: Code.PERMISSION_DENIED,
    }));
  test('a method that does not exist is not implemented', async () =>
    expect(await house.send(`${service}/Nonsense`, Buffer.alloc(0), { as: 'admin' })).toMatchObject({
      code: Code.UNIMPLEMENTED,
    }));
});

describe('a request', () => {
  test('that breaks rules is answered with all violations, in the names of the proto', async () => {
    const ended = await create({ roomId: 'x', checkIn: '2026-12-24', checkOut: '2026-12-24', guests: 0 });
    expect(ended).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_FIELDS' });
    expect(ended.fields).toEqual([
      { field: 'room_id', description: expect.stringContaining('UUID') },
      { field: 'guests', description: expect.any(String) },
      { field: 'check_out', description: 'check_out must be after check_in' },
    ]);
  });
  test.each([
    ['cut off', Buffer.from([0x0a, 0x7f, 0x61])],
    ['not UTF-8', Buffer.from([0x0a, 0x01, 0xff])],
    ['no protobuf', Buffer.from('{"room_id": 1}')],
  ])('whose bytes are %s is malformed', async (_, bytes) =>
    expect(await house.send(`${service}/CreateReservation`, bytes, { as: 'guest' })).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'MALFORMED',
    }),
  );
  test('that names an id in capital letters names the same one', async () => {
    const roomId = newId();
    const { id, roomId: booked } = Reservation.decode((await create({ roomId: roomId.toUpperCase() })).response!);
    expect(booked).toBe(roomId);
    expect(await get(id.toUpperCase())).toMatchObject({ code: 0 });
  });
  test('over 64 KiB is too large, and says so', async () =>
    expect(await create({ roomId: 'x'.repeat(65 * 1024) })).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'REQUEST_TOO_LARGE',
      message: expect.stringContaining('65536'),
    }));
  test('far larger is not even taken in', async () =>
    expect(await create({ roomId: 'x'.repeat(2 * 1024 * 1024) })).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: expect.stringMatching(/larger than max/),
    }));
});

describe('a refusal of the business', () => {
  test('has its own status and reason, and is told without retry', async () => {
    const ended = await create({ roomId: refusing('nights-taken') });
    expect(ended).toMatchObject({
      code: Code.FAILED_PRECONDITION,
      reason: 'NIGHTS_TAKEN',
      message: 'these nights are taken',
    });
    expect([ended.retryAfterMs, ended.retryAfter]).toEqual([undefined, undefined]);
  });
  test('names the field that is to blame', async () =>
    expect(await create({ roomId: refusing('too-many-guests') })).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'TOO_MANY_GUESTS',
      fields: [{ field: 'guests', description: 'the room holds 2' }],
    }));
  test('what is not there is not found', async () =>
    expect(await get(newId())).toMatchObject({ code: Code.NOT_FOUND, reason: 'NOT_FOUND' }));
});

describe('trouble', () => {
  test('with a dependency says when to try again, to HTTP callers too', async () =>
    expect(
      await create({ roomId: roomThat(() => Promise.reject(new Unavailable('the database cannot be reached'))) }),
    ).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'UNAVAILABLE',
      retryAfterMs: 1_000,
      retryAfter: '1',
    }));
  test('with an own delay tells that delay, in whole seconds over HTTP', async () =>
    expect(
      await create({
        roomId: roomThat(() =>
          Promise.reject(new RpcError('UNAVAILABLE', 'PAY_LATER', 'pay in a moment', { retryAfterMs: 2_500 })),
        ),
      }),
    ).toMatchObject({ code: Code.UNAVAILABLE, reason: 'PAY_LATER', retryAfterMs: 2_500, retryAfter: '3' }));
  test('among writers is aborted, to be tried again', async () =>
    expect(await create({ roomId: roomThat(() => Promise.reject(new Contended('reservation 1'))) })).toMatchObject({
      code: Code.ABORTED,
      reason: 'CONTENDED',
      retryAfterMs: 1_000,
    }));
  test('that is unexpected gives the caller an id only, and the log everything', async () => {
    const ended = await create(
      { roomId: roomThat(() => Promise.reject(new TypeError('the secret inside'))) },
      { as: 'guest', metadata: { 'x-request-id': 'req-7' } },
    );
    expect(ended).toMatchObject({
      code: Code.INTERNAL,
      reason: 'INTERNAL',
      message: 'internal error; report the correlation id req-7',
    });
    expect(house.log).toMatchObject([
      { level: 'error', correlationId: 'req-7', code: 'INTERNAL', err: { message: 'the secret inside' } },
    ]);
  });
  test('with a long Korean text reaches the caller whole, and its header in part', async () => {
    const message = '🏠예약할 수 없습니다 '.repeat(100);
    const ended = await create({
      roomId: roomThat(() => Promise.reject(new RpcError('FAILED_PRECONDITION', 'LONG', message))),
    });
    expect(ended).toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'LONG', message });
    expect(ended.details).toHaveLength(400);
  });
});

const uuid = /^[0-9a-f-]{36}$/;

describe('a call', () => {
  test('is one line in the log and one measurement (K6, K15)', async () => {
    await create({}, { as: 'guest', metadata: { 'x-request-id': 'req-1' } });
    expect(house.log).toEqual([
      expect.objectContaining({
        method: `${service}/CreateReservation`,
        code: 'OK',
        ms: expect.any(Number),
        subject: userId('guest'),
        correlationId: 'req-1',
        causationId: expect.stringMatching(uuid),
        service: 'lodging',
      }),
    ]);
    expect(measured).toEqual([[`${service}/CreateReservation`, 'OK']]);
  });
  test('runs in the scope of its caller: id, trace and deadline go along (K6)', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await create({}, { as: 'guest', deadlineMs: 5_000, metadata: { 'x-request-id': 'req-2', traceparent } });
    const scope = house.scopes.at(-1)!;
    expect(scope).toMatchObject({ correlationId: 'req-2', causationId: expect.stringMatching(uuid), traceparent });
    expect(scope.deadline! - Date.now()).toBeGreaterThan(3_000);
  });
  test.each([
    'x'.repeat(7_000),
    '00-0af7651916cd43dd8448eb211c80319c',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  ])('whose trace is none goes on without one: %.60s', async (traceparent) => {
    expect(await create({}, { as: 'guest', metadata: { traceparent } })).toMatchObject({ code: 0 });
    expect(house.scopes.at(-1)).not.toHaveProperty('traceparent');
  });
  test.each([[{}], [{ 'x-request-id': 'has blanks' }], [{ 'x-request-id': 'x'.repeat(201) }]])(
    'without a usable id gets a new one (K6): %j',
    async (metadata) => {
      await create({}, { as: 'guest', metadata });
      expect(house.scopes.at(-1)!.correlationId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    },
  );
  test('without a deadline is given one', async () => {
    const roomId = roomThat(() => new Promise(() => undefined));
    const began = Date.now();
    expect(await create({ roomId })).toMatchObject({ code: Code.DEADLINE_EXCEEDED, reason: 'DEADLINE_EXCEEDED' });
    expect(Date.now() - began).toBeLessThan(5_000);
  });
  test('ends at its own deadline', async () => {
    const roomId = roomThat(() => pause(800, undefined as never));
    const slow = await create({ roomId }, { as: 'guest', metadata: { 'grpc-timeout': '100m' } }); // from a caller that waits for the server's word
    expect(slow).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(await logged()).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }]);
  });
  test('whose caller leaves as its time runs out ends at its deadline too: its clock was the first to start', async () => {
    const leaving = new AbortController();
    const roomId = roomThat(() => pause(2_000, undefined as never));
    const ended = create({ roomId }, { as: 'guest', metadata: { 'grpc-timeout': '1S' }, signal: leaving.signal });
    await atWork();
    setTimeout(() => leaving.abort(), house.scopes[0]!.deadline! - 6 - Date.now());
    expect(await ended).toMatchObject({ code: Code.CANCELLED }); // which is what this caller says of itself
    expect(await logged()).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }]);
  });
  test('that its caller gives up is over', async () => {
    const leaving = new AbortController();
    const ended = create(
      { roomId: roomThat(() => pause(800, undefined as never)) },
      { as: 'guest', deadlineMs: 5_000, signal: leaving.signal },
    );
    await atWork();
    leaving.abort();
    expect(await ended).toMatchObject({ code: Code.CANCELLED });
    expect(await logged()).toMatchObject([{ code: 'CANCELLED' }]);
  });
});

test('too many calls at once are refused before any work, until others have ended (K14)', async () => {
  const small = await openTestServer({ limits: { leastCalls: 2, burstCalls: 2 } });
  const roomId = newId();
  small.rooms.set(roomId, async (book) => (await pause(150), { accepted: true, after: book() }));
  const path = `${service}/CreateReservation`;
  const ask = (): Promise<Ended> =>
    small.send(path, CreateReservationRequest.encode(wish({ roomId })).finish(), { as: 'guest' });
  const ended = await Promise.all([ask(), ask(), ask()]);
  expect(ended.filter(({ code }) => code === 0)).toHaveLength(2);
  expect(ended.find(({ code }) => code !== 0)).toMatchObject({
    code: Code.UNAVAILABLE,
    reason: 'OVERLOADED',
    retryAfterMs: 1_000,
    retryAfter: '1',
  });
  expect(small.scopes).toHaveLength(2);
  expect(await ask()).toMatchObject({ code: 0 });
  small.client.close();
  await small.server.drain({ noticeMs: 0, limitMs: 500 });
});

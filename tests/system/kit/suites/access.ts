import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { issueServiceToken } from '#adapters/auth/service-token.ts';
import { roles, type Role } from '#adapters/rpc/rpc.ts';
import { lodging, type Reservation, type Room } from '../lodging.ts';
import { access, soundRequest } from '../methods/all.ts';
import { anyone } from '../methods/method.ts';
import { nobody, ok, person, refusalOf, type Answer } from '../people.ts';
import type { Place } from '../place.ts';
import {
  contextOf,
  encoded,
  internalMethods,
  nameOf,
  publicMethods,
  publicMethodsOf,
  restCall,
  rpcCaller,
  type RpcCaller,
} from '../rpc.ts';

const everyRole: readonly Role[] = [...roles, 'service'];

/** Every method for every role, and for somebody whose business it is not. */
export const accessTable = (place: Place): void => {
  let rpc: RpcCaller;
  beforeAll(() => void (rpc = rpcCaller(place.grpc)));
  afterAll(() => rpc.close());

  test('every method has a row, and those without a REST face are for services alone', () => {
    expect(Object.keys(access).sort()).toEqual([...publicMethods, ...internalMethods].map(nameOf).sort());
    expect(
      Object.keys(access)
        .filter((name) => access[name]!.includes('service'))
        .sort(),
    ).toEqual(internalMethods.map(nameOf).sort());
  });

  /** Of somebody who is that and nothing else. */
  const headersOf = async (role: Role | undefined): Promise<Record<string, string>> => {
    if (!role) return {};
    const token = await (role === 'service'
      ? issueServiceToken('rental', place.key)
      : person(place, `somebody:${role}`).token);
    return { authorization: `Bearer ${token}` };
  };
  const standing = (code: number): string => (code === 7 ? 'forbidden' : code === 16 ? 'a stranger' : 'admitted');

  /** The request with everything in it valid, and what of it not everybody may ask left to tests of its own. */
  const requestOf = (name: string): JsonObject =>
    (({ as: _, stuck: _stuck, ...request }: JsonObject) => request)(soundRequest(name).request);

  describe('who may call what', () => {
    test.each(publicMethodsOf(place).map((method) => [nameOf(method), method] as const))('%s', async (name, method) => {
      const may = access[name]!;
      const call = restCall(method, requestOf(name));
      for (const role of [undefined, ...everyRole]) {
        const expected =
          may === anyone || (role && may.includes(role)) ? 'admitted' : role ? 'forbidden' : 'a stranger';
        const headers = await headersOf(role);
        const { code } = await rpc.call(method, encoded(method, requestOf(name)), headers);
        const response = await fetch(`${place.rest}${call.path}`, {
          method: call.verb.toUpperCase(),
          headers: { ...headers, 'content-type': 'application/json' },
          ...(call.body && { body: JSON.stringify(call.body) }),
        });
        const grpc = standing(code);
        const rest = response.status === 403 ? 'forbidden' : response.status === 401 ? 'a stranger' : 'admitted';
        expect({ role, grpc, rest }).toEqual({ role, grpc: expected, rest: expected });
        expect(response.status).toBeLessThan(500);
        await response.body?.cancel();
      }
    });

    test.each(
      internalMethods
        .filter((method) => place.services.includes(contextOf(method)))
        .map((method) => [nameOf(method), method] as const),
    )('%s, at the service’s own port; through a gateway it is not there', async (_, method) => {
      const own = rpcCaller(place.grpcOf(contextOf(method)));
      // Who is admitted is told what the request lacks: it lacks everything, and does nothing.
      const ask = async (caller: RpcCaller, role?: Role): Promise<number> =>
        (await caller.call(method, Buffer.alloc(0), await headersOf(role))).code;
      for (const role of [undefined, ...roles])
        expect({ role, grpc: standing(await ask(own, role)) }).toEqual({
          role,
          grpc: role ? 'forbidden' : 'a stranger',
        });
      expect(await ask(own, 'service')).toBe(3);
      if (place.grpc !== place.grpcOf(contextOf(method))) expect(await ask(rpc, 'service')).toBe(12);
      own.close();
    });

    test('all orders at once (as=ALL): the customer centre and administrators', async () => {
      for (const role of everyRole) {
        const { status } = await nobody(place).get('/v1/orders?as=ALL', await headersOf(role));
        expect({ role, status }).toEqual({ role, status: ['admin', 'agent'].includes(role) ? 200 : 403 });
      }
    });

    test('the orders that should have gone on by now (stuck): administrators', async () => {
      for (const role of everyRole) {
        const { status } = await nobody(place).get('/v1/orders?stuck=true', await headersOf(role));
        expect({ role, status }).toEqual({ role, status: role === 'admin' ? 200 : 403 });
      }
    });

    test('a token opens only what its roles allow', async () => {
      const caller = person(place, 'guest:customer,host');
      expect(await caller.get('/v1/lodging/reservations')).toMatchObject({ status: 200 });
      expect(await caller.get('/v1/kpis')).toMatchObject({ status: 403 });
    });
  });

  describe('what belongs to somebody else is NOT_FOUND', () => {
    let room: Room;
    let made: Reservation;
    beforeAll(async () => {
      const { newRoom, confirmed, reaches, shown } = lodging(place);
      room = await newRoom();
      made = await confirmed(room, 40);
      await reaches(made.id, 'PAID');
      await shown(made.id);
    }, 30_000);

    const strangers = {
      guest: 'another-guest:customer',
      host: 'another-host:host',
      everybody: 'stranger:customer,host,seller,dealer,courier',
    };
    const theirs: [string, keyof typeof strangers, string, (id: string) => { path: string; body?: object }][] = [
      ['the reservation', 'guest', 'GET', (id) => ({ path: `/v1/lodging/reservations/${id}` })],
      ['cancelling it', 'guest', 'POST', (id) => ({ path: `/v1/lodging/reservations/${id}:cancel`, body: {} })],
      ['what cancelling gives', 'guest', 'GET', (id) => ({ path: `/v1/lodging/reservations/${id}:cancelPreview` })],
      ['the stay request', 'host', 'GET', (id) => ({ path: `/v1/stay-requests/${id}` })],
      ['confirming it', 'host', 'POST', (id) => ({ path: `/v1/stay-requests/${id}:confirm`, body: {} })],
      ['rejecting it', 'host', 'POST', (id) => ({ path: `/v1/stay-requests/${id}:reject`, body: {} })],
      ['cancelling the stay', 'host', 'POST', (id) => ({ path: `/v1/stay-requests/${id}:cancel`, body: {} })],
      ['the payment', 'everybody', 'GET', (id) => ({ path: `/v1/payments/${id}` })],
      ['trying the payment again', 'everybody', 'POST', (id) => ({ path: `/v1/payments/${id}:retry`, body: {} })],
      ['the order', 'everybody', 'GET', (id) => ({ path: `/v1/orders/${id}` })],
      ['watching the order', 'everybody', 'GET', (id) => ({ path: `/v1/orders/${id}:watch` })],
    ];
    const call = (name: string, verb: string, { path, body }: { path: string; body?: object }): Promise<Answer> => {
      const caller = person(place, name);
      return verb === 'GET' ? caller.get(path) : verb === 'POST' ? caller.post(path, body) : caller.patch(path, body);
    };
    const asIfNotThere = async (
      name: string,
      verb: string,
      of: (id: string) => { path: string; body?: object },
      id: string,
    ): Promise<void> => {
      const [found, missing] = await Promise.all([call(name, verb, of(id)), call(name, verb, of(v7()))]);
      expect(found).toMatchObject({ status: 404, body: { code: 5 } });
      expect({ status: found.status, body: found.body }).toEqual({ status: missing.status, body: missing.body });
    };

    test.each(theirs)('%s', async (_, who, verb, of) => asIfNotThere(strangers[who], verb, of, made.id));

    test('the room, for another host: to change, to block, to unblock', async () => {
      const nights = { from: '2027-01-01', to: '2027-01-02' };
      await asIfNotThere(
        strangers.host,
        'PATCH',
        (id) => ({ path: `/v1/rooms/${id}`, body: { name: 'Mine now' } }),
        room.id,
      );
      await asIfNotThere(strangers.host, 'POST', (id) => ({ path: `/v1/rooms/${id}:block`, body: nights }), room.id);
      await asIfNotThere(strangers.host, 'POST', (id) => ({ path: `/v1/rooms/${id}:unblock`, body: nights }), room.id);
      const terms = { name: 'Mine', capacity: 1, price_per_night: { currency_code: 'KRW', units: '1' } };
      await asIfNotThere(
        strangers.host,
        'POST',
        (id) => ({ path: '/v1/rooms', body: { ...terms, property_id: id } }),
        room.propertyId,
      );
    });

    test('another id in the query or the body does not open what belongs to somebody else', async () => {
      const { guest } = lodging(place);
      const own = await lodging(place).reserve(room, 60, 1, person(place, 'another-guest'));
      const stranger = person(place, 'another-guest');
      expect(await stranger.get(`/v1/lodging/reservations/${own.id}?reservation_id=${made.id}`)).toMatchObject({
        status: 400,
      });
      expect(
        await stranger.post(`/v1/lodging/reservations/${own.id}:cancel`, { reservation_id: made.id }),
      ).toMatchObject({ status: 400 });
      expect(await ok(guest.get<Reservation>(`/v1/lodging/reservations/${made.id}`))).toMatchObject({ status: 'PAID' });
    });

    test('lists contain only what the caller may see', async () => {
      for (const path of ['/v1/lodging/reservations', '/v1/orders', '/v1/payments', '/v1/stay-requests']) {
        const list = await ok(person(place, strangers.everybody).get<Record<string, unknown>>(path));
        expect(JSON.stringify(list)).not.toContain(made.id);
      }
      expect(JSON.stringify(await ok(person(place, 'guest').get('/v1/orders?as=PROVIDER')))).not.toContain(made.id);
      expect(JSON.stringify(await ok(person(place, 'host').get('/v1/orders?as=CUSTOMER')))).not.toContain(made.id);
    });

    test('the customer centre reads reservations and orders of all, and cancels none without a word (B4)', async () => {
      const agent = person(place, 'agent');
      for (const path of [
        `/v1/lodging/reservations/${made.id}`,
        `/v1/lodging/reservations/${made.id}:cancelPreview`,
        `/v1/orders/${made.id}`,
      ])
        expect({ path, status: (await agent.get(path)).status }).toEqual({ path, status: 200 });
      expect(await agent.get(`/v1/payments/${made.id}`)).toMatchObject({ status: 404 });
      expect(refusalOf(await agent.post(`/v1/lodging/reservations/${made.id}:cancel`, {}))).toMatchObject({
        ...{ status: 400, code: 3, fields: ['text'] },
      });
      expect(await person(place, 'admin').get(`/v1/payments/${made.id}`)).toMatchObject({ status: 200 });
    });
  });
};

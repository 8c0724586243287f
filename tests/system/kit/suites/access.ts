import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { roles, type Role } from '#adapters/grpc/rpc.ts';
import { lodging, type Reservation, type Room } from '../lodging.ts';
import { ok, person, type Answer } from '../people.ts';
import type { Place } from '../place.ts';
import { soundRequest } from '../requests.ts';
import { encoded, nameOf, publicMethods, publicMethodsOf, restCall, rpcCaller, type RpcCaller } from '../rpc.ts';

const anyone = 'anyone';
const signedIn = roles;

/** Who may call what. As domain.md 5 has it; with `host`, `customer` … only what is their own. */
const access: Readonly<Record<string, typeof anyone | readonly Role[]>> = {
  'LodgingService.CreateReservation': ['customer'],
  'LodgingService.GetReservation': ['customer', 'admin', 'agent'],
  'LodgingService.ListReservations': ['customer', 'admin', 'agent'],
  'LodgingService.CancelReservation': ['customer'],
  'LodgingService.PreviewCancellation': ['customer', 'admin', 'agent'],
  'PropertyService.CreateProperty': ['host'],
  'PropertyService.ListProperties': anyone,
  'PropertyService.CreateRoom': ['host'],
  'PropertyService.UpdateRoom': ['host'],
  'PropertyService.ListRooms': anyone,
  'PropertyService.GetRoom': anyone,
  'PropertyService.GetAvailability': anyone,
  'PropertyService.BlockNights': ['host', 'admin'],
  'PropertyService.UnblockNights': ['host', 'admin'],
  'PropertyService.ListStayRequests': ['host', 'admin'],
  'PropertyService.GetStayRequest': ['host', 'admin'],
  'PropertyService.ConfirmStay': ['host', 'admin'],
  'PropertyService.RejectStay': ['host', 'admin'],
  'PropertyService.CancelStay': ['host', 'admin'],
  'PaymentService.GetPayment': signedIn,
  'PaymentService.ListPayments': signedIn,
  'PaymentService.RetryPayment': signedIn,
  'SandboxService.SetPaymentProviderMode': ['admin'],
  'SandboxService.ListLedgerEntries': ['admin'],
  'ViewsService.ListOrders': signedIn,
  'ViewsService.GetOrder': signedIn,
  'ViewsService.WatchOrder': signedIn,
  'ViewsService.GetKpis': ['admin'],
  'OpsService.GetStatus': ['admin'],
  'OpsService.ListDeadLetters': ['admin'],
  'OpsService.GetDeadLetter': ['admin'],
  'OpsService.RedriveDeadLetter': ['admin'],
  'OpsService.RebuildProjection': ['admin'],
  'OpsService.GetRebuild': ['admin'],
};

/** Every method for every role, and for somebody whose business it is not. */
export const accessTable = (place: Place): void => {
  let rpc: RpcCaller;
  beforeAll(() => void (rpc = rpcCaller(place.grpc)));
  afterAll(() => rpc.close());

  test('every public method has a row', () => {
    expect(Object.keys(access).sort()).toEqual(publicMethods.map(nameOf).sort());
  });

  /** The request with everything in it valid, and `as=ALL` left to its own test. */
  const requestOf = (name: string): JsonObject => (({ as: _, ...request }: JsonObject) => request)(soundRequest(name).request);

  describe('who may call what', () => {
    test.each(publicMethodsOf(place).map((method) => [nameOf(method), method] as const))('%s', async (name, method) => {
      const may = access[name]!;
      const call = restCall(method, requestOf(name));
      for (const role of [undefined, ...roles]) {
        const expected = may === anyone || (role && may.includes(role)) ? 'admitted' : role ? 'forbidden' : 'a stranger';
        const token = role && (await person(place, `somebody:${role}`).token);
        const headers = token ? { authorization: `Bearer ${token}` } : {};
        const { code } = await rpc.call(method, encoded(method, requestOf(name)), headers);
        const response = await fetch(`${place.rest}${call.path}`, {
          method: call.verb.toUpperCase(),
          headers: { ...headers, 'content-type': 'application/json' },
          ...(call.body && { body: JSON.stringify(call.body) }),
        });
        const grpc = code === 7 ? 'forbidden' : code === 16 ? 'a stranger' : 'admitted';
        const rest = response.status === 403 ? 'forbidden' : response.status === 401 ? 'a stranger' : 'admitted';
        expect({ role, grpc, rest }).toEqual({ role, grpc: expected, rest: expected });
        expect(response.status).toBeLessThan(500);
        await response.body?.cancel();
      }
    });

    test('all orders at once (as=ALL): the customer centre and administrators', async () => {
      for (const role of roles) {
        const { status } = await person(place, `somebody:${role}`).get('/v1/orders?as=ALL');
        expect({ role, status }).toEqual({ role, status: ['admin', 'agent'].includes(role) ? 200 : 403 });
      }
    });

    test('a token with roles that nobody knows is admitted to nothing', async () => {
      const caller = person(place, 'guest:customer,host');
      expect(await caller.get('/v1/lodging/reservations')).toMatchObject({ status: 200 });
      expect(await caller.get('/v1/kpis')).toMatchObject({ status: 403 });
    });
  });

  describe('somebody else’s is not there', () => {
    let room: Room;
    let made: Reservation;
    beforeAll(async () => {
      const { newRoom, confirmed, reaches, shown } = lodging(place);
      room = await newRoom();
      made = await confirmed(room, 40);
      await reaches(made.id, 'PAID');
      await shown(made.id);
    }, 30_000);

    const strangers = { guest: 'another-guest:customer', host: 'another-host:host', everybody: 'stranger:customer,host,seller,dealer,courier' };
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
    const asIfNotThere = async (name: string, verb: string, of: (id: string) => { path: string; body?: object }, id: string): Promise<void> => {
      const [found, missing] = await Promise.all([call(name, verb, of(id)), call(name, verb, of(v7()))]);
      expect(found).toMatchObject({ status: 404, body: { code: 5 } });
      expect({ status: found.status, body: found.body }).toEqual({ status: missing.status, body: missing.body });
    };

    test.each(theirs)('%s', async (_, who, verb, of) => asIfNotThere(strangers[who], verb, of, made.id));

    test('the room, for another host: to change, to block, to unblock', async () => {
      const nights = { from: '2027-01-01', to: '2027-01-02' };
      await asIfNotThere(strangers.host, 'PATCH', (id) => ({ path: `/v1/rooms/${id}`, body: { name: 'Mine now' } }), room.id);
      await asIfNotThere(strangers.host, 'POST', (id) => ({ path: `/v1/rooms/${id}:block`, body: nights }), room.id);
      await asIfNotThere(strangers.host, 'POST', (id) => ({ path: `/v1/rooms/${id}:unblock`, body: nights }), room.id);
      const terms = { name: 'Mine', capacity: 1, price_per_night: { currency_code: 'KRW', units: '1' } };
      await asIfNotThere(strangers.host, 'POST', (id) => ({ path: '/v1/rooms', body: { ...terms, property_id: id } }), room.propertyId);
    });

    test('an id in the address does not stand above the one in the message', async () => {
      const { guest } = lodging(place);
      const own = await lodging(place).reserve(room, 60, 1, person(place, 'another-guest'));
      const stranger = person(place, 'another-guest');
      expect(await stranger.get(`/v1/lodging/reservations/${own.id}?reservation_id=${made.id}`)).toMatchObject({ status: 404 });
      expect(await stranger.post(`/v1/lodging/reservations/${own.id}:cancel`, { reservation_id: made.id })).toMatchObject({ status: 404 });
      expect(await ok(guest.get<Reservation>(`/v1/lodging/reservations/${made.id}`))).toMatchObject({ status: 'PAID' });
    });

    test('in lists everybody finds only what concerns them', async () => {
      for (const path of ['/v1/lodging/reservations', '/v1/orders', '/v1/payments', '/v1/stay-requests']) {
        const list = await ok(person(place, strangers.everybody).get<Record<string, unknown>>(path));
        expect(JSON.stringify(list)).not.toContain(made.id);
      }
      expect(JSON.stringify(await ok(person(place, 'guest').get('/v1/orders?as=PROVIDER')))).not.toContain(made.id);
      expect(JSON.stringify(await ok(person(place, 'host').get('/v1/orders?as=CUSTOMER')))).not.toContain(made.id);
    });

    test('the customer centre reads reservations and orders of all, and changes none', async () => {
      const agent = person(place, 'agent');
      for (const path of [`/v1/lodging/reservations/${made.id}`, `/v1/lodging/reservations/${made.id}:cancelPreview`, `/v1/orders/${made.id}`])
        expect({ path, status: (await agent.get(path)).status }).toEqual({ path, status: 200 });
      expect(await agent.get(`/v1/payments/${made.id}`)).toMatchObject({ status: 404 });
      expect(await agent.post(`/v1/lodging/reservations/${made.id}:cancel`, {})).toMatchObject({ status: 403 });
      expect(await person(place, 'admin').get(`/v1/payments/${made.id}`)).toMatchObject({ status: 200 });
    });
  });
};

import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { day, krw, lodging, wish } from '../lodging.ts';
import { person, refusalOf, type Answer } from '../people.ts';
import type { Place } from '../place.ts';
import { soundRequest } from '../methods/all.ts';
import {
  encoded,
  nameOf,
  publicMethods,
  publicMethodsOf,
  restCall,
  rpcCaller,
  type RpcAnswer,
  type RpcCaller,
} from '../rpc.ts';
import { atRest, stored } from '../stored.ts';
import { blames, brokenBytes, isSayable, wrongs, type Wrong } from '../wrongs.ts';

/** `namesTypes`: whether the gateway names a field whose value is of another type; Envoy need not. */
export const badInput = (place: Place, { namesTypes }: { namesTypes: boolean }): void => {
  let rpc: RpcCaller;
  let before: Record<string, string>;
  beforeAll(async () => {
    rpc = rpcCaller(place.grpc);
    before = await atRest(place);
  }, 30_000);
  afterAll(() => rpc.close());

  /** Understood, or told that it is not there, or that the business says no: never a fault of ours. */
  const isCalm = (code: number): boolean => [0, 3, 5, 9].includes(code);

  const rest = async (method: DescMethod, request: JsonObject): Promise<Answer> => {
    const { verb, path, body } = restCall(method, request);
    const by = person(place, soundRequest(nameOf(method)).by);
    return verb === 'get' || verb === 'delete' ? by[verb](path) : by[verb](path, body ?? {});
  };
  const grpc = async (method: DescMethod, bytes: Uint8Array): Promise<RpcAnswer> => {
    const { token } = person(place, soundRequest(nameOf(method)).by);
    return rpc.call(method, bytes, { authorization: `Bearer ${await token}` });
  };

  const named = publicMethodsOf(place).map((method) => [nameOf(method), method] as const);

  /** What is amiss with the answers to these requests. */
  async function complaintsByRest(method: DescMethod, found: readonly Wrong[]): Promise<unknown[]> {
    const complaints = await Promise.all(
      found.map(async (wrong) => {
        if (!isSayable(method, wrong)) return [];
        const answer = await rest(method, wrong.request);
        const told = answer.status === 200 ? { code: 0, reason: '', fields: [] } : refusalOf(answer);
        const { what, field, must } = wrong;
        // The transcoder need not say which field it cannot read; and an address with NUL in it is no address.
        const unnamed = told.fields.length === 0 && told.reason === 'MALFORMED' && (!namesTypes || what === 'NUL');
        const isRight =
          isCalm(told.code) && (!must || told.code === 3) && (told.code !== 3 || unnamed || blames(told.fields, wrong));
        return isRight ? [] : [{ what, field, ...told }];
      }),
    );
    return complaints.flat();
  }

  async function complaintsByGrpc(method: DescMethod, found: readonly Wrong[]): Promise<unknown[]> {
    const complaints = await Promise.all(
      found.map(async (wrong) => {
        const { code, fields, reason } = await grpc(method, encoded(method, wrong.request));
        const { what, field, must } = wrong;
        const isRight = isCalm(code) && (!must || code === 3) && (code !== 3 || blames(fields, wrong));
        return isRight ? [] : [{ what, field, code, reason, fields }];
      }),
    );
    return complaints.flat();
  }

  describe('bad input is refused with a clear error that names the field, and nothing is stored', () => {
    test.each(named)('%s, by REST', async (_, method) => {
      expect(
        await complaintsByRest(
          method,
          wrongs(method).filter(({ must }) => must),
        ),
      ).toEqual([]);
    });

    test.each(named)('%s, by gRPC', async (_, method) => {
      expect(
        await complaintsByGrpc(
          method,
          wrongs(method).filter(({ must, typed }) => must && !typed),
        ),
      ).toEqual([]);
    });

    test.each(named)('%s, with bytes that are no message', async (_, method) => {
      const complaints: unknown[] = [];
      for (const [what, bytes] of Object.entries(brokenBytes(method))) {
        const { code, reason } = await grpc(method, Uint8Array.from(bytes));
        if (!isCalm(code)) complaints.push({ what, code, reason });
      }
      expect(complaints).toEqual([]);
    });

    test('and none of it has stored anything', async () => {
      await lodging(place).quiet();
      expect(Object.keys(before).length).toBeGreaterThan(20);
      expect(await stored(place)).toEqual(before);
    });
  });

  describe('unusual but valid input never causes an internal error', () => {
    test.each(named)('%s', async (_, method) => {
      const strange = wrongs(method).filter(({ must }) => !must);
      expect(await complaintsByRest(method, strange)).toEqual([]);
      expect(
        await complaintsByGrpc(
          method,
          strange.filter(({ typed }) => !typed),
        ),
      ).toEqual([]);
    });
  });

  describe('a request with many errors is answered with all of them', () => {
    const noSuchDays = { check_in: '2027-02-29', check_out: '2027-02-30' };
    const many: [string, string, JsonObject, string[]][] = [
      [
        'guest',
        '/v1/lodging/reservations',
        { room_id: 'x', check_in: 'x', check_out: 'y', guests: -1 },
        ['check_in', 'check_out', 'guests', 'room_id'],
      ],
      ['guest', '/v1/lodging/reservations', {}, ['check_in', 'check_out', 'guests', 'room_id']],
      [
        'guest',
        '/v1/lodging/reservations',
        { ...soundRequest('LodgingService.CreateReservation').request, ...noSuchDays },
        ['check_in', 'check_out'],
      ],
      ['host', '/v1/properties', { name: ' ', address: '\n', time_zone: 'Seoul' }, ['address', 'name', 'time_zone']],
      [
        'host',
        '/v1/rooms',
        { property_id: 'x', name: '', capacity: 0, price_per_night: { currency_code: 'USD' } },
        ['capacity', 'name', 'price_per_night', 'property_id'],
      ],
      ['host', '/v1/rooms/x:block', { from: 'a', to: 'b' }, ['from', 'room_id', 'to']],
      ['admin', '/v1/sandbox/payment-provider', { mode: 99, delay_ms: -1 }, ['delay_ms', 'mode']],
    ];
    test.each(many)('%s, %s %j', async (who, path, body, expected) => {
      const told = refusalOf(await person(place, who).post(path, body));
      expect(told).toMatchObject({ status: 400, code: 3, reason: 'INVALID_FIELDS' });
      expect([...new Set(told.fields)].sort()).toEqual(expected);
    });
  });

  describe('what is well formed and makes no sense is refused at the POST', () => {
    const senseless: [string, object, string][] = [
      ['in the past', { check_in: day(-3), check_out: day(-1) }, 'check_in'],
      ['leaving before arriving', { check_in: day(42), check_out: day(40) }, 'check_out'],
      ['no night at all', { check_in: day(40), check_out: day(40) }, 'check_out'],
      ['more than thirty nights', { check_in: day(40), check_out: day(71) }, 'check_out'],
      ['more guests than the room holds', { guests: 3 }, 'guests'],
    ];
    test.each(senseless)('%s', async (_, wrong, field) => {
      const { newRoom, guest } = lodging(place);
      const room = await newRoom();
      const told = refusalOf(await guest.post('/v1/lodging/reservations', { ...wish(room, 40, 2), ...wrong }));
      expect(told).toMatchObject({ status: 400, code: 3, fields: [field] });
    });
  });

  test('fields that nobody knows are refused, each by its name', async () => {
    const { newRoom, guest } = lodging(place);
    const room = await newRoom();
    const body = {
      ...wish(room, 40, 2),
      status: 'PAID',
      total: krw(1),
      guest_id: room.id,
      __proto__x: 1,
      nothing: { deep: [{}] },
    };
    const told = refusalOf(await guest.post('/v1/lodging/reservations', body));
    expect(told).toMatchObject({
      status: 400,
      code: 3,
      reason: 'MALFORMED',
      fields: ['status', 'total', 'guest_id', '__proto__x', 'nothing'],
    });
  });

  test('a message that is sent in two parts is checked as a whole', async () => {
    const { propertyId } = await lodging(place).newRoom();
    const method = publicMethods.find((each) => nameOf(each) === 'PropertyService.CreateRoom')!;
    const price_per_night = { currency_code: 'KRW', units: '70000' };
    const whole = encoded(method, { property_id: propertyId, name: 'Two prices', capacity: 2, price_per_night });
    const emptyPrice = [(4 << 3) | 2, 0];
    const answer = await grpc(method, Uint8Array.from([...whole, ...emptyPrice]));
    expect(answer).toMatchObject({ code: 0, response: { price_per_night } });
  });

  describe('a body that is no request is refused', () => {
    const bodies: [string, string][] = [
      ['no JSON', '{"room_id":'],
      ['a list', '[]'],
      ['text', '"text"'],
      ['a number', '5'],
      ['nothing but null', 'null'],
      ['half a surrogate pair', '{"room_id":"\\ud800"}'],
      ['objects a thousand deep', '{"a":'.repeat(1_000) + '1' + '}'.repeat(1_000)],
      ['more than 64 KiB', JSON.stringify({ room_id: 'x'.repeat(70_000) })],
    ];
    test.each(bodies)('%s', async (_, body) => {
      const { guest } = lodging(place);
      const answer = await guest.post('/v1/lodging/reservations', body);
      expect([400, 413]).toContain(answer.status);
      expect(refusalOf(answer)).toMatchObject({
        code: 3,
        reason: expect.stringMatching(/^(MALFORMED|INVALID_FIELDS|BODY_TOO_LARGE)$/),
      });
    });
  });

  describe('an idempotency key', () => {
    test.each([
      ['of 201 characters', 'k'.repeat(201)],
      ['that is empty', ' '],
      ['with a tab', 'a\tb'],
    ])('%s is refused or passed over, never a fault', async (_, key) => {
      const { guest } = lodging(place);
      const answer = await guest.post('/v1/lodging/reservations', {}, { 'idempotency-key': key });
      expect(refusalOf(answer)).toMatchObject({ status: 400, code: 3 });
    });
  });
};

import { ScalarType, type DescField, type DescMessage, type DescMethod, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { day, krw, lodging, wish } from '../lodging.ts';
import { person, refusalOf, type Answer } from '../people.ts';
import { services, type Place } from '../place.ts';
import { soundRequest } from '../requests.ts';
import { encoded, nameOf, publicMethods, restCall, rpcCaller, type RpcCaller } from '../rpc.ts';

/** One thing that is wrong with a request. */
interface Wrong {
  what: string;
  /** Path of the field, by the names of the proto. */
  field: string;
  request: JsonObject;
  /** Must be refused, or may be understood after all (text may hold much). */
  must: boolean;
  /** Of another type: only JSON can say it, and the transcoder finds it. */
  typed: boolean;
}

const huge = 'x'.repeat(10_000);
const isDate = ({ name }: DescField): boolean => ['check_in', 'check_out', 'from', 'to'].includes(name);
/** Rules across fields blame the later one. */
const crossed = ['check_out', 'to'];

/** All that may be wrong with a field, without regard to what it means. */
function wrongValues(field: DescField): { what: string; value: JsonValue; must?: boolean; typed?: boolean }[] {
  const type = { what: 'an object', value: { a: 1 }, typed: true };
  if (field.fieldKind === 'list')
    return [
      { what: 'a huge item', value: [`a:${huge}`] },
      { what: 'an item without its form', value: ['nothing'] },
      { what: 'too many', value: Array.from({ length: 11 }, (_, nth) => `a:${nth}`) },
      { what: 'NUL', value: ['a:\0'] },
    ];
  if (field.fieldKind === 'message')
    return field.message.typeName === 'google.protobuf.FieldMask'
      ? [{ what: 'a name of no field', value: 'noSuchField' }, { what: 'a number', value: 5, typed: true }]
      : [{ what: 'text', value: 'text', typed: true }, { what: 'a number', value: 5, typed: true }];
  if (field.fieldKind === 'enum')
    return [{ what: 'an unknown number', value: 99 }, { what: 'a negative number', value: -1 }, { what: 'an unknown name', value: 'NOPE', typed: true }, type];
  if (field.fieldKind !== 'scalar') throw new Error(`${field.name}: a kind of field that these tests do not know yet`);
  switch (field.scalar) {
    case ScalarType.BOOL:
      return [{ what: 'neither true nor false', value: 'maybe', typed: true }, type];
    case ScalarType.INT32:
    case ScalarType.INT64: {
      const beyond = field.scalar === ScalarType.INT32 ? '2147483648' : '9223372036854775808';
      return [
        { what: 'negative', value: -1 },
        { what: 'zero', value: 0, must: ['guests', 'capacity', 'units'].includes(field.name) },
        { what: 'enormous', value: field.scalar === ScalarType.INT32 ? 2_147_483_647 : '9223372036854775807' },
        { what: 'beyond the type', value: beyond, typed: true },
        { what: 'a fraction', value: 1.5, typed: true },
        { what: 'text', value: 'many', typed: true },
        type,
      ];
    }
    case ScalarType.STRING:
      return [
        { what: 'huge', value: huge },
        { what: 'NUL', value: 'a\0b' },
        { what: 'control characters', value: 'a\u0007\u001b[31m\u009fb', must: false },
        { what: 'any Unicode', value: '\u202e자리 😀 \ufeff\uffff', must: false },
        { what: 'SQL', value: `'; drop table room; --`, must: false },
        ...(isDate(field) ? ['tomorrow', '2026-13-01', '2026-02-30', '2026-1-1', '0000-00-00'].map((value) => ({ what: `no date: ${value}`, value })) : []),
        type,
      ];
    default:
      throw new Error(`${field.name}: a type of field that these tests do not know yet`);
  }
}

function wrongs(method: DescMethod): Wrong[] {
  const { request, optional = [] } = soundRequest(nameOf(method));
  const found: Wrong[] = [];
  const visit = (message: DescMessage, prefix: readonly string[]): void => {
    for (const field of message.fields) {
      const path = [...prefix, field.name];
      const name = path.join('.');
      const add = (what: string, value: JsonValue | undefined, must: boolean, typed = false): number =>
        found.push({ what, field: name, request: replaced(request, path, value), must, typed });
      // Of a service that is not there, a gateway may know no more than that it is not there.
      const must = field.name !== 'service';
      add('missing', undefined, must && !optional.includes(name));
      for (const wrong of wrongValues(field)) add(wrong.what, wrong.value, must && wrong.must !== false, wrong.typed);
      if (field.fieldKind === 'message' && !field.message.typeName.startsWith('google.protobuf.')) visit(field.message, path);
    }
  };
  visit(method.input, []);
  return found;
}

function replaced(request: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue | undefined): JsonObject {
  const { [name]: before, ...others } = request;
  if (rest.length > 0) return { ...request, [name]: replaced(before as JsonObject, rest, value) };
  return value === undefined ? others : { ...others, [name]: value };
}

/** No field is blamed that is not to blame, and the one that is, is. */
const blames = (fields: readonly string[], { field }: Wrong): boolean => {
  const within = (one: string, other: string): boolean => one === other || one.startsWith(`${other}.`) || one.startsWith(`${other}[`);
  const right = fields.filter((each) => within(each, field) || within(field, each));
  return right.length > 0 && fields.every((each) => right.includes(each) || crossed.includes(each));
};

/** Whether REST can say it: without an id there is another address, and in an address everything is text. */
function isSayable(method: DescMethod, { request, typed, what }: Wrong): boolean {
  const { verb, path } = restCall(method, request);
  return !/\/(\/|:|$)/.test(path) && !(verb === 'get' && typed && what === 'an object');
}

function brokenBytes(method: DescMethod): Record<string, readonly number[]> {
  const bytes = [...encoded(method, soundRequest(nameOf(method)).request)];
  const tag = (wireType: number): number => ((method.input.fields[0]?.number ?? 1) << 3) | wireType;
  return {
    'cut short': bytes.slice(0, -1),
    'a length beyond the end': [tag(2), 0x7f],
    'a length that never ends': [tag(2), ...Array<number>(11).fill(0xff)],
    'a varint for the first field': [tag(0), 1],
    'eight bytes for the first field': [tag(1), 1, 2, 3, 4, 5, 6, 7, 8],
    'a group that is not closed': [tag(3), 1],
    'a group that was not opened': [tag(4)],
    'field zero': [0, 0],
    'text that is no UTF-8': [tag(2), 2, 0xc3, 0x28],
    noise: Array.from({ length: 200 }, (_, nth) => (nth * 73 + 41) % 256),
  };
}

/** Rows by table, of all services. */
async function stored(place: Place): Promise<Record<string, string>> {
  const counts: Record<string, string> = {};
  for (const service of services) {
    const tables = await place.rows<{ name: string }>(service, 'select table_name::text name from information_schema.tables where table_schema = current_schema()');
    for (const { name } of tables) counts[`${service}.${name}`] = (await place.rows<{ count: string }>(service, `select count(*) from ${name}`))[0]!.count;
  }
  return counts;
}

/** `namesTypes`: whether the gateway names a field whose value is of another type; Envoy need not. */
export const badInput = (place: Place, { namesTypes }: { namesTypes: boolean }): void => {
  let rpc: RpcCaller;
  let before: Record<string, string>;
  beforeAll(async () => {
    rpc = rpcCaller(place.grpc);
    before = await stored(place);
  });
  afterAll(() => rpc.close());

  /** Understood, or told that it is not there, or that the business says no: never a fault of ours. */
  const isCalm = (code: number): boolean => [0, 3, 5, 9].includes(code);

  const rest = async (method: DescMethod, request: JsonObject): Promise<Answer> => {
    const { verb, path, body } = restCall(method, request);
    const by = person(place, soundRequest(nameOf(method)).by);
    return verb === 'get' ? by.get(path) : verb === 'post' ? by.post(path, body) : by.patch(path, body ?? {});
  };
  const grpc = async (method: DescMethod, bytes: Uint8Array) => rpc.call(method, bytes, { authorization: `Bearer ${await person(place, soundRequest(nameOf(method)).by).token}` });

  const named = publicMethods.map((method) => [nameOf(method), method] as const);

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
        return isCalm(told.code) && (!must || told.code === 3) && (told.code !== 3 || unnamed || blames(told.fields, wrong)) ? [] : [{ what, field, ...told }];
      }),
    );
    return complaints.flat();
  }

  async function complaintsByGrpc(method: DescMethod, found: readonly Wrong[]): Promise<unknown[]> {
    const complaints = await Promise.all(
      found.map(async (wrong) => {
        const { code, fields, reason } = await grpc(method, encoded(method, wrong.request));
        const { what, field, must } = wrong;
        return isCalm(code) && (!must || code === 3) && (code !== 3 || blames(fields, wrong)) ? [] : [{ what, field, code, reason, fields }];
      }),
    );
    return complaints.flat();
  }

  describe('bad input is refused with a clear error that names the field, and nothing is stored', () => {
    test.each(named)('%s, by REST', async (_, method) => {
      expect(await complaintsByRest(method, wrongs(method).filter(({ must }) => must))).toEqual([]);
    });

    test.each(named)('%s, by gRPC', async (_, method) => {
      expect(await complaintsByGrpc(method, wrongs(method).filter(({ must, typed }) => must && !typed))).toEqual([]);
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
      expect(await stored(place)).toEqual(before);
    });
  });

  describe('what is strange and may be meant all the same is never a fault', () => {
    test.each(named)('%s', async (_, method) => {
      const strange = wrongs(method).filter(({ must }) => !must);
      expect(await complaintsByRest(method, strange)).toEqual([]);
      expect(await complaintsByGrpc(method, strange.filter(({ typed }) => !typed))).toEqual([]);
    });
  });

  describe('a request with many things wrong hears of all of them at once', () => {
    const many: [string, string, JsonObject, string[]][] = [
      ['guest', '/v1/lodging/reservations', { room_id: 'x', check_in: 'x', check_out: 'y', guests: -1 }, ['check_in', 'check_out', 'guests', 'room_id']],
      ['guest', '/v1/lodging/reservations', {}, ['check_in', 'check_out', 'guests', 'room_id']],
      ['guest', '/v1/lodging/reservations', { ...wish({ id: soundRequest('LodgingService.CreateReservation').request.room_id as string }, 40, 2), check_in: '2027-02-29', check_out: '2027-02-30' } as JsonObject, ['check_in', 'check_out']],
      ['host', '/v1/properties', { name: ' ', address: '\n', time_zone: 'Seoul' }, ['address', 'name', 'time_zone']],
      ['host', '/v1/rooms', { property_id: 'x', name: '', capacity: 0, price_per_night: { currency_code: 'USD' } }, ['capacity', 'name', 'price_per_night', 'property_id']],
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

  test('fields that nobody knows are passed over, and change nothing', async () => {
    const { newRoom, guest } = lodging(place);
    const room = await newRoom();
    const body = { ...wish(room, 40, 2), status: 'PAID', total: krw(1), guest_id: room.id, __proto__x: 1, nothing: { deep: [{}] } };
    expect(await guest.post('/v1/lodging/reservations', body)).toMatchObject({ status: 200, body: { status: 'REQUESTED', guestId: guest.id, total: krw(200_000) } });
  });

  test('a message told in two pieces is the one whose rules were checked', async () => {
    const { propertyId } = await lodging(place).newRoom();
    const method = publicMethods.find((each) => nameOf(each) === 'PropertyService.CreateRoom')!;
    const whole = encoded(method, { property_id: propertyId, name: 'Two prices', capacity: 2, price_per_night: { currency_code: 'KRW', units: '70000' } });
    const emptyPrice = [(4 << 3) | 2, 0];
    const answer = await grpc(method, Uint8Array.from([...whole, ...emptyPrice]));
    expect(answer).toMatchObject({ code: 0, response: { price_per_night: { currency_code: 'KRW', units: '70000' } } });
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
      expect(refusalOf(answer)).toMatchObject({ code: 3, reason: expect.stringMatching(/^(MALFORMED|INVALID_FIELDS|BODY_TOO_LARGE)$/) });
    });
  });

  describe('an idempotency key', () => {
    test.each([['of 201 characters', 'k'.repeat(201)], ['that is empty', ' '], ['with a tab', 'a\tb']])('%s is refused or passed over, never a fault', async (_, key) => {
      const { guest } = lodging(place);
      const answer = await guest.post('/v1/lodging/reservations', {}, { 'idempotency-key': key });
      expect(refusalOf(answer)).toMatchObject({ status: 400, code: 3 });
    });
  });
};

import type { JsonValue } from '@bufbuild/protobuf';

export interface Call {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** With a token unless `false`. */
  token?: false;
}

/** The service must have read exactly this, and both gateways give its answer alike. */
export type Understood = Call & { says: string; received: JsonValue };
/** Both refuse it by themselves. */
export type Refused = Call & { says: string; status: number; code?: number; reason?: string };

const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

/** Where they part, and may: the embedded gateway takes JSON as it is written down, and speaks REST alone. */
export type Different = Call & { says: string; status: { envoy: number; embedded: number } };

const get = (says: string, path: string, received: JsonValue): Understood => ({ says, path, received });
const post = (says: string, path: string, body: string, received: JsonValue): Understood => ({ says, method: 'POST', path, body, received });
const patch = (says: string, path: string, body: string, received: JsonValue): Understood => ({ ...post(says, path, body, received), method: 'PATCH' });

export const understood: readonly Understood[] = [
  get('a variable of the path', '/v1/rooms/r1', { roomId: 'r1' }),
  get('a variable amid literals, and the query', '/v1/rooms/r1/availability?from=2026-12-24&to=2026-12-26', {
    roomId: 'r1',
    from: '2026-12-24',
    to: '2026-12-26',
  }),
  get('instants in the query, of any offset', '/v1/cafes/c1/seats?start_time=2026-12-24T03:00:00Z&end_time=2026-12-24T14:00:00.5%2B09:00', {
    cafeId: 'c1',
    startTime: '2026-12-24T03:00:00Z',
    endTime: '2026-12-24T05:00:00.500Z',
  }),
  get('names of parameters in snake_case', '/v1/rooms?page_size=5&page_token=t', { pageSize: 5, pageToken: 't' }),
  get('names of parameters in camelCase', '/v1/rooms?pageSize=5&pageToken=t', { pageSize: 5, pageToken: 't' }),
  get('names of parameters percent-encoded', '/v1/rooms?page%5fsize=5', { pageSize: 5 }),
  get('an enum by name', '/v1/stay-requests?status=CONFIRMED', { status: 'CONFIRMED' }),
  get('an enum by number', '/v1/stay-requests?status=2', { status: 'CONFIRMED' }),
  get('a repeated field, once for each', '/v1/orders?attribute=a:1&attribute=b:2,3', { attribute: ['a:1', 'b:2,3'] }),
  get('the last of a singular field given twice', '/v1/rooms?page_token=a&page_token=b', { pageToken: 'b' }),
  get('the query over the path', '/v1/rooms/r1?room_id=r2', { roomId: 'r2' }),
  get('a parameter without = says nothing', '/v1/rooms?page_token&nothing&page_size=1', { pageSize: 1 }),
  get('a parameter without a name says nothing', '/v1/rooms?=a', {}),
  get('an empty value', '/v1/rooms?page_token=', {}),
  get('a second ? belongs to the value', '/v1/rooms?page_token=a?b=c', { pageToken: 'a?b=c' }),
  get('+ stays +, %20 is a space', '/v1/rooms?page_token=a+b%20c', { pageToken: 'a+b c' }),
  get('a sign before a number', '/v1/rooms?page_size=%2B5', { pageSize: 5 }),
  get('in the path, what is no escape is left', '/v1/rooms/%zz', { roomId: '%zz' }),
  get('in the query, what is no escape is left', '/v1/rooms?page_token=%zz%4', { pageToken: '%zz%4' }),
  get('a path percent-encoded in UTF-8', '/v1/rooms/a%20b%C3%A9%3Ac%EC%9E%90', { roomId: 'a bé:c자' }),
  get('a slash at the end', '/v1/rooms/r1/', { roomId: 'r1' }),
  get('slashes doubled', '//v1//rooms///r1//', { roomId: 'r1' }),
  get('dots in the path', '/v1/orders/../rooms/./r1', { roomId: 'r1' }),
  get('dots in the path, encoded', '/v1/orders/%2e%2e/rooms/r1', { roomId: 'r1' }),
  get('a backslash for a slash', '/v1/rooms\\r1', { roomId: 'r1' }),
  get('a verb that nobody knows belongs to the id', '/v1/rooms/r1:nope', { roomId: 'r1:nope' }),
  { ...get('a body on GET is read as the message', '/v1/rooms', { pageToken: 't' }), body: '{"pageToken":"t"}' },
  post('a verb', '/v1/stay-requests/r1:confirm', '{}', { reservationId: 'r1' }),
  post('a verb after an id with a colon', '/v1/rooms/a:b:block', '{}', { roomId: 'a:b' }),
  post('two variables before a verb', '/v1/cafes/c1/seats/s1:block', '{"startTime":"2026-12-24T12:00:00+09:00"}', {
    cafeId: 'c1',
    seatId: 's1',
    startTime: '2026-12-24T03:00:00Z',
  }),
  post('messages in a list, enums in a list', '/v1/cafes', '{"seats":[{"label":"1","features":["WINDOW","QUIET"]},{"x":3}]}', {
    seats: [{ label: '1', features: ['WINDOW', 'QUIET'] }, { x: 3 }],
  }),
  post('an empty body', '/v1/rooms/r1:block', '', { roomId: 'r1' }),
  post('names of fields in camelCase', '/v1/rooms', '{"propertyId":"p","instantBook":true}', { propertyId: 'p', instantBook: true }),
  post('names of fields in snake_case', '/v1/rooms', '{"property_id":"p","instant_book":true}', { propertyId: 'p', instantBook: true }),
  post('unknown fields are passed over', '/v1/rooms', '{"name":"n","nope":{"a":[1,{}]},"__proto__":{"name":"x"}}', { name: 'n' }),
  post('of a field given twice the last', '/v1/rooms', '{"name":"a","name":"b"}', { name: 'b' }),
  post('messages within messages, a hundred deep', '/v1/rooms', deep(100), {}),
  post('null leaves a field unset', '/v1/rooms', '{"name":null,"capacity":null,"pricePerNight":null,"instantBook":null}', {}),
  post('an int64 as text', '/v1/rooms', '{"pricePerNight":{"units":"9007199254740993"}}', { pricePerNight: { units: '9007199254740993' } }),
  post('an int64 as a number beyond 2^53', '/v1/rooms', '{"pricePerNight":{"units":9007199254740993}}', { pricePerNight: { units: '9007199254740993' } }),
  post('the smallest int64', '/v1/rooms', '{"pricePerNight":{"units":-9223372036854775808}}', { pricePerNight: { units: '-9223372036854775808' } }),
  post('an int32 as text', '/v1/rooms', '{"capacity":"7"}', { capacity: 7 }),
  post('an int32 as a whole fraction', '/v1/rooms', '{"capacity":7.0}', { capacity: 7 }),
  post('an int32 with an exponent', '/v1/rooms', '{"capacity":1e2}', { capacity: 100 }),
  post('a bool as text', '/v1/rooms', '{"instantBook":"true"}', { instantBook: true }),
  post('text beyond the first plane', '/v1/rooms', '{"name":"\\ud83d\\ude00 자리"}', { name: '😀 자리' }),
  post('an enum by number in the body', '/v1/sandbox/payment-provider', '{"mode":1}', { mode: 'NORMAL' }),
  post('an enum by number that is not known', '/v1/sandbox/payment-provider', '{"mode":99}', { mode: 99 }),
  post('an enum by its number as text', '/v1/sandbox/payment-provider', '{"mode":"1"}', { mode: 'NORMAL' }),
  post('the query over a body in camelCase', '/v1/rooms?property_id=q', '{"propertyId":"b"}', { propertyId: 'q' }),
  post('a body in snake_case over the query', '/v1/rooms?property_id=q', '{"property_id":"b"}', { propertyId: 'b' }),
  post('the path over a body in camelCase', '/v1/rooms/r1:block', '{"roomId":"b","from":"f"}', { roomId: 'r1', from: 'f' }),
  post('a body in snake_case over the path', '/v1/rooms/r1:block', '{"room_id":"b","from":"f"}', { roomId: 'b', from: 'f' }),
  { ...post('content type text/plain', '/v1/rooms', '{"name":"n"}', { name: 'n' }), headers: { 'content-type': 'text/plain' } },
  { ...post('content type of a form', '/v1/rooms', '{"name":"n"}', { name: 'n' }), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { ...post('no content type', '/v1/rooms', '{"name":"n"}', { name: 'n' }), headers: {} },
  patch('optional fields set to zero are present', '/v1/rooms/r1', '{"name":"","capacity":0,"instantBook":false}', {
    roomId: 'r1',
    name: '',
    capacity: 0,
    instantBook: false,
  }),
  patch('a bool in the query', '/v1/rooms/r1?instant_book=yes&capacity=3', '', { roomId: 'r1', instantBook: true, capacity: 3 }),
  patch('a field of a message in the query', '/v1/rooms/r1?price_per_night.currencyCode=KRW&pricePerNight.units=9007199254740993', '', {
    roomId: 'r1',
    pricePerNight: { currencyCode: 'KRW', units: '9007199254740993' },
  }),
  patch('a field mask in the query', '/v1/rooms/r1?update_mask=name,price_per_night', '{"name":"n"}', {
    roomId: 'r1',
    name: 'n',
    updateMask: 'name,pricePerNight',
  }),
  patch('a field mask in the body', '/v1/rooms/r1', '{"updateMask":"name,pricePerNight"}', { roomId: 'r1', updateMask: 'name,pricePerNight' }),
  patch('a field mask in snake_case in the body', '/v1/rooms/r1', '{"updateMask":"price_per_night"}', { roomId: 'r1', updateMask: 'pricePerNight' }),
];

/** Messages as they are printed: numbers of 64 bits as text, zeroes and empty lists there, unset messages and optionals not. */
export const printed: readonly Understood[] = [
  get('an empty message', '/v1/rooms/r1', { roomId: 'r1' }),
  get('an empty list', '/v1/rooms', {}),
  get('text, money, instants', '/v1/rooms/full', { roomId: 'full' }),
  get('an enum by a number that is not known', '/v1/stay-requests/full', { reservationId: 'full' }),
  get('maps, messages in lists, enums of others', '/v1/orders/full', { orderId: 'full' }),
  get('fractions', '/v1/kpis', {}),
];

const malformed = (says: string, path: string, body?: string | Buffer, method = body === undefined ? 'GET' : 'POST'): Refused => ({
  ...{ says, method, path, status: 400, code: 3, reason: 'MALFORMED' },
  ...(body !== undefined && { body }),
});
const nowhere = (says: string, method: string, path: string): Refused => ({ says, method, path, status: 404, code: 5, reason: 'NOT_FOUND' });
const unauthenticated = { status: 401, code: 16, reason: 'UNAUTHENTICATED' };

const large = Buffer.from(JSON.stringify({ name: 'a'.repeat(64 * 1024) }));

export const refused: readonly Refused[] = [
  malformed('an unknown parameter', '/v1/rooms?nope=1'),
  malformed('an unknown field of a message', '/v1/rooms/r1?price_per_night.nope=1', '', 'PATCH'),
  malformed('a field of what is no message', '/v1/rooms?page_token.a=1'),
  malformed('a message as a whole in the query', '/v1/rooms/r1?price_per_night=5', '', 'PATCH'),
  malformed('letters for a number', '/v1/rooms?page_size=abc'),
  malformed('nothing for a number', '/v1/rooms?page_size='),
  malformed('a fraction for a whole number', '/v1/rooms?page_size=1.0'),
  malformed('a number too large for its field', '/v1/rooms?page_size=3000000000'),
  malformed('no instant', '/v1/cafes/c1/seats?start_time=tomorrow'),
  malformed('an instant without its offset', '/v1/cafes/c1/seats?start_time=2026-12-24T03:00:00'),
  malformed('nothing for an instant', '/v1/cafes/c1/seats?start_time='),
  malformed('no such value of an enum', '/v1/stay-requests?status=NOPE'),
  malformed('a value of an enum in lower case', '/v1/stay-requests?status=confirmed'),
  malformed('an unknown number of an enum in the query', '/v1/stay-requests?status=99'),
  malformed('nothing for a bool', '/v1/rooms/r1?instant_book=', '', 'PATCH'),
  malformed('2 for a bool', '/v1/rooms/r1?instant_book=2', '', 'PATCH'),
  malformed('the token in the query of what is no stream', '/v1/rooms?access_token=t'),
  malformed('an encoded slash', '/v1/rooms/a%2Fb'),
  malformed('an encoded backslash', '/v1/rooms/a%5cb'),
  malformed('an encoded zero byte', '/v1/rooms/a%00b'),
  malformed('half a body', '/v1/rooms', '{"name":'),
  malformed('blanks for a body', '/v1/rooms', '  '),
  malformed('more after the body', '/v1/rooms', '{"name":"a"}xx'),
  malformed('no JSON at all', '/v1/rooms', 'name=a'),
  malformed('a byte order mark', '/v1/rooms', '\ufeff{}'),
  malformed('bytes that are no UTF-8', '/v1/rooms', Buffer.from('{"name":"\xff"}', 'latin1')),
  malformed('half a surrogate pair', '/v1/rooms', '{"name":"\\ud800"}'),
  malformed('a list for a message', '/v1/rooms', '[]'),
  malformed('text for a message', '/v1/rooms', '"x"'),
  malformed('null for a message', '/v1/rooms', 'null'),
  malformed('a list for a message within', '/v1/rooms', '{"pricePerNight":[]}'),
  malformed('an object for text', '/v1/rooms', '{"name":{"a":1}}'),
  malformed('a number for text', '/v1/rooms', '{"name":5}'),
  malformed('a large number for text', '/v1/rooms', '{"name":12345678901234567890}'),
  malformed('text that is no bool', '/v1/rooms', '{"instantBook":"maybe"}'),
  malformed('a number for a bool', '/v1/rooms', '{"instantBook":1}'),
  malformed('a bool for a number', '/v1/rooms', '{"capacity":true}'),
  malformed('a fraction for a whole number in the body', '/v1/rooms', '{"capacity":7.5}'),
  malformed('an int64 too large', '/v1/rooms', '{"pricePerNight":{"units":"9223372036854775808"}}'),
  malformed('an int64 too large, as a number', '/v1/rooms', '{"pricePerNight":{"units":9223372036854775808}}'),
  malformed('no such value of an enum in the body', '/v1/sandbox/payment-provider', '{"mode":"NOPE"}'),
  malformed('messages within messages without end', '/v1/rooms', deep(101)),
  { ...malformed('a name of a header with _', '/v1/rooms'), headers: { x_request_id: 'a' } },
  nowhere('no such path', 'GET', '/v1/nope'),
  nowhere('the root of nothing', 'GET', '/v1'),
  nowhere('a path in capitals', 'GET', '/v1/Rooms'),
  nowhere('another method', 'PUT', '/v1/rooms/r1'),
  nowhere('DELETE where nothing is deleted', 'DELETE', '/v1/rooms/r1'),
  nowhere('HEAD', 'HEAD', '/v1/rooms/r1'),
  nowhere('OPTIONS that asks for nothing', 'OPTIONS', '/v1/rooms/r1'),
  nowhere('a verb by another method', 'GET', '/v1/rooms/r1:block'),
  nowhere('a stream by another method', 'POST', '/v1/orders/three:watch'),
  { ...nowhere('a stream by another method, and without a token', 'DELETE', '/v1/orders/three:watch'), token: false },
  nowhere('a verb behind an encoded colon', 'POST', '/v1/rooms/r1%3Ablock'),
  nowhere('a verb with a slash behind it', 'POST', '/v1/rooms/r1:block/'),
  nowhere('a verb without an id', 'POST', '/v1/rooms/:block'),
  { ...nowhere('JSON to a gRPC path', 'POST', '/jari.property.v1.PropertyService/GetRoom'), body: '{"roomId":"r1"}' },
  { says: 'a body over 64 KiB', method: 'POST', path: '/v1/rooms', body: large, status: 413, code: 3, reason: 'BODY_TOO_LARGE' },
  {
    ...{ says: 'a body over 64 KiB in chunks', method: 'POST', path: '/v1/rooms', body: large, status: 413, code: 3, reason: 'BODY_TOO_LARGE' },
    headers: { 'transfer-encoding': 'chunked' },
  },
  { says: 'headers over 32 KiB', path: '/v1/rooms', headers: { 'x-long': 'a'.repeat(40_000) }, status: 431, code: 3, reason: 'HEADERS_TOO_LARGE' },
  { says: 'no token where one is needed', path: '/v1/orders', token: false, ...unauthenticated },
  { says: 'a proof of another kind where a token is needed', path: '/v1/orders', headers: { authorization: 'Basic YTpi' }, ...unauthenticated },
  { says: 'a bad token', path: '/v1/orders', headers: { authorization: 'Bearer bad' }, ...unauthenticated },
  { says: 'a bad token where none is needed', path: '/v1/rooms', headers: { authorization: 'Bearer a.b.c' }, ...unauthenticated },
  { says: 'a bad token where nothing is', path: '/v1/nope', headers: { authorization: 'Bearer a.b.c' }, ...unauthenticated },
  { says: 'a bad token in the query of a stream', path: '/v1/orders/three:watch?access_token=bad', token: false, ...unauthenticated },
  { says: 'no token for a stream', path: '/v1/orders/three:watch', token: false, ...unauthenticated },
];

const lenient = (says: string, call: Call): Different => ({ says, status: { envoy: 200, embedded: 400 }, ...call });

export const different: readonly Different[] = [
  lenient('a comma after the last field', { method: 'POST', path: '/v1/rooms', body: '{"name":"a",}' }),
  lenient('single quotes', { method: 'POST', path: '/v1/rooms', body: "{'name':'a'}" }),
  lenient('a line break within text', { method: 'POST', path: '/v1/rooms', body: '{"name":"a\nb"}' }),
  lenient('a field mask as a message', { method: 'PATCH', path: '/v1/rooms/r1', body: '{"updateMask":{"paths":["name"]}}' }),
  lenient('a field mask as a message in the query', { method: 'PATCH', path: '/v1/rooms/r1?update_mask.paths=name' }),
  {
    ...{ says: 'gRPC at the port of REST', method: 'POST', path: '/jari.property.v1.PropertyService/GetRoom', body: Buffer.alloc(5) },
    ...{ headers: { 'content-type': 'application/grpc', te: 'trailers' }, status: { envoy: 200, embedded: 404 } },
  },
];

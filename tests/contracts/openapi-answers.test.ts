import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { embedded } from '../system/kit/embedded.ts';
import { day } from '../system/kit/lodging.ts';
import { nobody, ok, person } from '../system/kit/people.ts';
import { answerSchema, document, invalidFields, operations, type Described } from './openapi.ts';

// The description of the REST API, compared with what the running gateway answers on the sample data and after a reservation.

const jari = await embedded();
const found: Record<string, string> = { service: 'lodging' };
beforeAll(async () => {
  await jari.up();
  const [guest, host] = [person(jari, 'guest'), person(jari, 'host')];
  const first = async (path: string, list: string): Promise<string> => {
    const [item] = (await ok(nobody(jari).get<Record<string, { id: string }[]>>(path)))[list] ?? [];
    return item?.id ?? '';
  };
  Object.assign(found, {
    room_id: await first('/v1/rooms', 'rooms'),
    cafe_id: await first('/v1/cafes', 'cafes'),
    product_id: await first('/v1/products', 'products'),
    lesson_id: await first('/v1/tutoring/lessons', 'lessons'),
  });
  const { id } = await ok(
    guest.post<{ id: string }>('/v1/lodging/reservations', {
      ...{ room_id: found['room_id'], check_in: day(30), check_out: day(32), guests: 1 },
    }),
  );
  Object.assign(found, { reservation_id: id, order_id: id });
  await host.post(`/v1/stay-requests/${id}:confirm`);
}, 60_000);
afterAll(() => jari.remove(), 60_000);

test('the description is served to anyone (D1)', async () => {
  const answer = await nobody(jari).get('/openapi.json');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.body).toEqual(document);
});

const reads = operations.filter(
  ({ verb, path, operation }) =>
    verb === 'get' && path.startsWith('/v1/') && operation.responses['200']?.content?.['application/json'],
);

const days = { from: day(30), to: day(33) };
const hours = { start_time: `${day(3)}T03:00:00Z`, end_time: `${day(3)}T04:00:00Z` };

/** By whoever may; an id that the sample data does not have is somebody else's. */
function addressOf({ path, operation }: Described): string {
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => found[name] ?? '019a3000-0000-7000-8000-00000000ffff',
  );
  const required = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required);
  const values: Readonly<Record<string, string>> = { ...days, ...hours, ...found };
  const query = required.map(({ name = '' }) => `${name}=${encodeURIComponent(values[name] ?? '')}`);
  return query.length ? `${filled}?${query.join('&')}` : filled;
}

const answered: number[] = [];

test.each(reads)('GET $path answers as described, with its errors too (D1)', async (described) => {
  const { operation } = described;
  const role = operation['x-roles']?.includes('admin') ? 'admin' : (operation['x-roles']?.[0] ?? 'guest');
  const answer = await person(jari, role === 'customer' ? 'guest' : role).get(addressOf(described));
  answered.push(answer.status);
  expect(operation.responses).toHaveProperty(String(answer.status));
  expect({
    answer: answer.body,
    wrong: invalidFields(answerSchema(operation, answer.status), answer.body),
  }).toMatchObject({
    wrong: [],
  });
  const withUnknown = `${addressOf(described)}${addressOf(described).includes('?') ? '&' : '?'}nope=1`;
  const refused = await person(jari, 'guest').get(withUnknown);
  expect(refused.status).toBe(400);
  expect(invalidFields(answerSchema(operation, 400), refused.body)).toEqual([]);
});

test('most of these calls find what they ask for', () => {
  expect(answered.filter((status) => status === 200).length).toBeGreaterThan(reads.length * 0.6);
});

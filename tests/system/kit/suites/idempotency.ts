import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { eventually } from '../eventually.ts';
import { day, krw, lodging, wish, type Reservation, type StayRequest } from '../lodging.ts';
import { ok, person, refusalOf, type Answer, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { encoded, nameOf, publicMethods, rpcCaller, type RpcCaller } from '../rpc.ts';

/** The same caller, method, key and body: the same answer, nothing done again. */
export const idempotencyKeys = (place: Place): void => {
  let rpc: RpcCaller;
  beforeAll(() => void (rpc = rpcCaller(place.grpc)));
  afterAll(() => rpc.close());

  const people = (): ReturnType<typeof lodging> => lodging(place);
  const reserve = (by: Person, key: string, body: object): Promise<Answer<Reservation>> =>
    by.post('/v1/lodging/reservations', body, { 'idempotency-key': key });
  const made = async (by: Person): Promise<number> => {
    const { reservations } = await ok(by.get<{ reservations: unknown[] }>('/v1/lodging/reservations?page_size=200'));
    return reservations.length;
  };
  const somebody = (): Person => person(place, `keyed-${v7()}`);

  test('fifty calls at once with one key make one reservation and have fifty equal answers', async () => {
    const [guest, key] = [somebody(), v7()];
    const body = wish(await people().newRoom(), 40, 2);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ok(reserve(guest, key, body))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await made(guest)).toBe(1);
    expect(await place.rows('lodging', 'select id from reservation where guest_id = $1', guest.id)).toHaveLength(1);
  });

  test('it is the same by REST and by gRPC, however the fields are ordered', async () => {
    const [guest, key] = [somebody(), v7()];
    const room = await people().newRoom();
    const first = await ok(reserve(guest, key, wish(room, 40, 2)));
    const method = publicMethods.find((each) => nameOf(each) === 'LodgingService.CreateReservation')!;
    const answer = await rpc.call(
      method,
      encoded(method, { guests: 2, check_out: day(42), check_in: day(40), room_id: room.id }),
      {
        authorization: `Bearer ${await guest.token}`,
        'idempotency-key': key,
      },
    );
    expect(answer).toMatchObject({ code: 0, response: { id: first.id } });
    const backwards = Object.fromEntries(Object.entries(wish(room, 40, 2)).reverse());
    expect(await ok(reserve(guest, key, backwards))).toEqual(first);
    expect(await made(guest)).toBe(1);
  });

  test('without a key the command simply runs again', async () => {
    const guest = somebody();
    const room = await people().newRoom();
    const [one, other] = [await people().reserve(room, 40, 2, guest), await people().reserve(room, 40, 2, guest)];
    expect(one.id).not.toBe(other.id);
    expect(await made(guest)).toBe(2);
  });

  test('another body under the same key is refused, while it runs and after', async () => {
    const [guest, key] = [somebody(), v7()];
    const room = await people().newRoom();
    const reused = { status: 400, code: 3, reason: 'IDEMPOTENCY_KEY_REUSED' };
    const answers = await Promise.all([40, 50].map((inDays) => reserve(guest, key, wish(room, inDays, 2))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(refusalOf(answers.find(({ status }) => status === 400)!)).toMatchObject(reused);
    expect(refusalOf(await reserve(guest, key, wish(room, 60, 2)))).toMatchObject(reused);
    expect(await made(guest)).toBe(1);
  });

  test('another user with the same key never sees it: it is another key', async () => {
    const [one, other, key] = [somebody(), somebody(), v7()];
    const body = wish(await people().newRoom(), 40, 2);
    const [hers, his] = await Promise.all([ok(reserve(one, key, body)), ok(reserve(other, key, body))]);
    expect(hers).toMatchObject({ guestId: one.id });
    expect(his).toMatchObject({ guestId: other.id });
    expect(his.id).not.toBe(hers.id);
    expect(refusalOf(await reserve(other, key, { ...body, guests: 1 }))).toMatchObject({
      reason: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('who may not call any more is refused before the answer is repeated', async () => {
    const [name, key] = [`turncoat-${v7()}`, v7()];
    const body = wish(await people().newRoom(), 40, 2);
    await ok(reserve(person(place, name), key, body));
    expect(refusalOf(await reserve(person(place, `${name}:host`), key, body))).toMatchObject({ status: 403, code: 7 });
  });

  test('the same key for another command is another key', async () => {
    const { newRoom, guest, reaches } = people();
    const key = v7();
    const { id } = await ok(reserve(guest, key, wish(await newRoom(), 40, 2)));
    await ok(guest.post(`/v1/lodging/reservations/${id}:cancel`, {}, { 'idempotency-key': key }));
    await reaches(id, 'CANCELLED');
  });

  test('the answer is the first one, whatever has happened since', async () => {
    const { newRoom, guest, reaches } = people();
    const [key, body] = [v7(), wish(await newRoom({ instant: true }), 40, 2)];
    const first = await ok(reserve(guest, key, body));
    await reaches(first.id, 'PAID');
    expect(await ok(reserve(guest, key, body))).toEqual(first);
    expect(first).toMatchObject({ status: 'REQUESTED' });
  });

  test('a refusal of the business is kept, even when its reason has gone', async () => {
    const { newRoom, host, reserve: ask, asked } = people();
    const room = await newRoom();
    const { id } = await ask(room, 40);
    await asked(id);
    const nights = { from: day(40), to: day(41) };
    await ok(host.post(`/v1/rooms/${room.id}:block`, nights));
    const confirm = (key: string): Promise<Answer<StayRequest>> =>
      host.post(`/v1/stay-requests/${id}:confirm`, {}, { 'idempotency-key': key });
    const key = v7();
    const refused = await confirm(key);
    expect(refusalOf(refused)).toMatchObject({ code: 9, reason: 'NIGHTS_TAKEN' });
    await ok(host.post(`/v1/rooms/${room.id}:unblock`, nights));
    const again = await confirm(key);
    expect({ status: again.status, body: again.body }).toEqual({ status: refused.status, body: refused.body });
    expect(await ok(confirm(v7()))).toMatchObject({ status: 'CONFIRMED' });
  });

  test('what was malformed is not kept: put right, the same key works', async () => {
    const { newRoom, host } = people();
    const [guest, key, room] = [somebody(), v7(), await newRoom()];
    const body = { ...wish(room, 40, 2), guests: 4 };
    expect(refusalOf(await reserve(guest, key, body))).toMatchObject({ code: 3, fields: ['guests'] });
    expect(refusalOf(await reserve(guest, key, { ...body, check_in: 'soon' }))).toMatchObject({ code: 3 });
    await ok(host.patch(`/v1/rooms/${room.id}`, { capacity: 4 }));
    await eventually(
      () => reserve(guest, key, body),
      ({ status }) => status === 200,
    );
    expect(await made(guest)).toBe(1);
  });

  test('that something is not there is not kept: it may only not be there yet, and strangers’ keys fill no table', async () => {
    const { newRoom, host } = people();
    const [guest, key] = [somebody(), v7()];
    expect(await reserve(guest, key, { ...wish(await newRoom(), 40, 2), room_id: v7() })).toMatchObject({
      status: 404,
    });
    const confirm = host.post(`/v1/stay-requests/${v7()}:confirm`, {}, { 'idempotency-key': key });
    expect(await confirm).toMatchObject({ status: 404 });
    for (const [service, by] of [
      ['lodging', guest],
      ['property', host],
    ] as const)
      expect(
        await place.rows(service, 'select from kept_answer where caller = $1 and key = $2', by.id, key),
      ).toHaveLength(0);
    expect(await ok(reserve(guest, key, wish(await newRoom(), 40, 2)))).toMatchObject({ status: 'REQUESTED' });
  });

  test('a property and a room are made once as well, and a host decides once', async () => {
    const { host } = people();
    const post = (path: string, body: object, key: string): Promise<{ id: string }> =>
      ok(host.post<{ id: string }>(path, body, { 'idempotency-key': key }));
    const twice = async (path: string, body: object): Promise<{ id: string }> => {
      const key = v7();
      const [one, other] = await Promise.all([post(path, body, key), post(path, body, key)]);
      expect(other).toEqual(one);
      return one;
    };
    const property = await twice('/v1/properties', { name: 'Once', address: '1 Street', time_zone: 'Asia/Seoul' });
    const room = await twice('/v1/rooms', {
      property_id: property.id,
      name: 'Once',
      capacity: 1,
      price_per_night: krw(1_000),
    });
    const { rooms } = await ok(host.get<{ rooms: { id: string }[] }>(`/v1/rooms?property_id=${property.id}`));
    expect(rooms.map(({ id }) => id)).toEqual([room.id]);
    await twice(`/v1/rooms/${room.id}:block`, { from: day(40), to: day(42) });
  });

  test('kill -9 of everything: answers and refusals are repeated as they were, and nothing is done again', async () => {
    const { newRoom, guest, host, cancel, reaches } = people();
    const caller = somebody();
    const [key, body] = [v7(), wish(await newRoom(), 40, 2)];
    const first = await ok(reserve(caller, key, body));
    const over = await ok(reserve(guest, v7(), body));
    await ok(cancel(over.id));
    await reaches(over.id, 'CANCELLED');
    const late = (): Promise<Answer> =>
      host.post(`/v1/stay-requests/${over.id}:confirm`, {}, { 'idempotency-key': key });
    const refused = await late();
    expect(refused.status).toBe(400);
    await place.crash();
    expect(await ok(reserve(caller, key, body))).toEqual(first);
    expect((await late()).body).toEqual(refused.body);
    expect(
      await place.rows('property', 'select from kept_answer where caller = $1 and key = $2', host.id, key),
    ).toHaveLength(1);
    expect(await made(caller)).toBe(1);
  }, 120_000);

  test('kill -9 while fifty calls run: called again with the same key, there is one reservation', async () => {
    const callers = Array.from({ length: 10 }, somebody);
    const keys = callers.map(() => v7());
    const body = wish(await people().newRoom(), 40, 2);
    const calls = callers.flatMap((caller, nth) =>
      Array.from({ length: 5 }, () => reserve(caller, keys[nth]!, body).catch(() => undefined)),
    );
    await Promise.race(calls);
    await place.crash();
    const before = await Promise.all(calls);
    for (const [nth, caller] of callers.entries()) {
      const after = await ok(reserve(caller, keys[nth]!, body));
      for (const answer of before.slice(nth * 5, nth * 5 + 5))
        if (answer?.status === 200) expect(answer.body).toEqual(after);
      expect(await made(caller)).toBe(1);
    }
  }, 120_000);
};

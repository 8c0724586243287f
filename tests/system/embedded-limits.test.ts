import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { embedded } from './kit/embedded.ts';
import { eventually } from './kit/eventually.ts';
import { day, krw, lodging, wish, type Room } from './kit/lodging.ts';
import { ok, person, refusalOf, type Answer, type ErrorBody, type Person } from './kit/people.ts';
import { preordering } from './kit/preorder.ts';
import { soundRequest } from './kit/methods/all.ts';
import { unlimited } from './kit/unlimited.ts';

/** Fewer than by default: they are made one after the other. */
const ordersPerCustomer = 40;
/** As `npm start` runs: with every other limit at its default. */
const jari = await embedded({
  ...Object.fromEntries(Object.keys(unlimited).map((name) => [name, ''])),
  JARI_ORDERS_PER_CUSTOMER: `${ordersPerCustomer}`,
});
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

const metadataOf = ({ body }: Answer<unknown>): unknown =>
  (body as { details?: { reason?: string; metadata?: object }[] }).details?.find(({ reason }) => reason)?.metadata;
const reserveBy = (by: Person, room: Room, inDays: number, more: object = {}): Promise<Answer<unknown>> =>
  by.post('/v1/lodging/reservations', { ...wish(room, inDays, 1), ...more });

describe('with every limit at its default', () => {
  test('one guest leaves few requests at a host, and others are let in (B7)', async () => {
    const { newRoom } = lodging(jari);
    const room = await newRoom();
    const eager = person(jari, 'eager-guest');
    const answers = await Promise.all(Array.from({ length: 30 }, (_, nth) => reserveBy(eager, room, 40 + nth)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length).toBe(5);
    for (const answer of refused)
      expect(refusalOf(answer)).toMatchObject({ status: 429, code: 8, reason: 'TOO_MANY_HOLDS' });
    expect((await reserveBy(person(jari, 'another-guest'), room, 40)).status).toBe(200);
  }, 60_000);

  test('one customer does not hold all phones (B7)', async () => {
    const { newPhone, ask, product } = preordering(jari);
    const phone = await newPhone(50);
    const eager = person(jari, 'eager-customer');
    expect(refusalOf(await ask(phone, { quantity: 5 }, eager))).toMatchObject({
      status: 429,
      code: 8,
      reason: 'TOO_MANY_HOLDS',
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(phone, { quantity: 1 }, eager)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(await product(phone.id)).toMatchObject({ held: 4, available: 46 });
  }, 60_000);

  test('one person changes some hundred listings within ten minutes, whichever they are, and is told when to go on (B7)', async () => {
    const [busy, other] = ['busy', 'other'].map((name) => person(jari, `${name}-lister:host,seller`));
    const property = { name: 'House', address: '1 Street', time_zone: 'Asia/Seoul' };
    const { id } = await ok(busy!.post<{ id: string }>('/v1/properties', property));
    const close = (): Promise<Answer<unknown>> => busy!.post(`/v1/properties/${id}:close`, {});
    const answers = (
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          const own = [];
          for (let nth = 0; nth < 60; nth++) own.push(await close());
          return own;
        }),
      )
    ).flat();
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(61); // 361 calls: 300 at once, and one more every two seconds
    const last = refused.at(-1)!;
    expect(refusalOf(last)).toMatchObject({ status: 429, code: 8, reason: 'RATE_LIMITED' });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    const lesson = { title: 'Lesson', price: krw(1_000), minutes: 50, start_times: [`${day(8)}T09:00:00Z`] };
    const listings = () => [
      busy!.patch(`/v1/properties/${id}`, { name: 'Another' }),
      busy!.post('/v1/tutoring/lessons', lesson),
    ];
    await eventually(
      () => Promise.all(listings()),
      (both) => both.every(({ status }) => status === 429),
    );
    expect((await other!.post('/v1/properties', property)).status).toBe(200);
  }, 60_000);

  test('one customer makes so many orders in a day, of all businesses together, however many are cancelled (B7)', async () => {
    const { newRoom } = lodging(jari);
    const room = await newRoom();
    const eager = person(jari, 'tireless-guest');
    let made = 0;
    const reserve = async (): Promise<Answer<unknown>> => {
      const answer = await reserveBy(eager, room, 40);
      if (answer.status !== 200) return answer;
      made++;
      await ok(eager.post(`/v1/lodging/reservations/${(answer.body as { id: string }).id}:cancel`, {}));
      return reserve();
    };
    expect((await reserveBy(eager, room, 800)).status).toBe(400); // a refused one does not count
    expect(refusalOf(await reserve())).toMatchObject({ status: 429, code: 8, reason: 'RATE_LIMITED' });
    expect(made).toBe(ordersPerCustomer);
    const orders = [
      'Seating.CreateSeatSelection',
      'Tutoring.CreatePurchase',
      'Preorder.CreatePreorder',
      'Rental.CreateRental',
    ];
    const paths = ['seat-selections', 'tutoring/purchases', 'preorders', 'rentals'];
    for (const [nth, name] of orders.entries()) {
      const { request } = soundRequest(name.replace('.', 'Service.'));
      expect(refusalOf(await eager.post(`/v1/${paths[nth]}`, request))).toMatchObject({ reason: 'RATE_LIMITED' });
    }
    expect((await reserveBy(person(jari, 'rested-guest'), room, 40)).status).toBe(200);
  }, 60_000);

  test('one person cancels a hundred times at once, in all businesses together; administrators are free of that (B4)', async () => {
    const cancel = (by: Person, path: string): Promise<Answer<unknown>> =>
      by.post(`/v1/${path}/${newId()}:cancel`, { text: 'The water is off.' });
    const paths = ['lodging/reservations', 'seat-selections', 'tutoring/purchases', 'preorders', 'rentals'];
    const many = async (by: Person): Promise<number[]> =>
      (await Promise.all(Array.from({ length: 101 }, (_, nth) => cancel(by, paths[nth % 5]!)))).map(
        ({ status }) => status,
      );
    for (const busy of ['busy-agent:agent', 'busy-customer:customer']) {
      const answers = await many(person(jari, busy));
      expect(answers.filter((status) => status === 404)).toHaveLength(100);
      expect(answers.filter((status) => status === 429)).toHaveLength(1);
    }
    expect(new Set(await many(person(jari, 'busy-boss:agent,admin')))).toEqual(new Set([404]));
  }, 60_000);

  test('one seller has a hundred lessons waiting for an administrator, and no more (B7)', async () => {
    const seller = person(jari, 'eager-seller:seller');
    const lesson = { title: 'Lesson', price: krw(1_000), minutes: 50, start_times: [`${day(8)}T09:00:00Z`] };
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => seller.post<{ id: string }>('/v1/tutoring/lessons', lesson)),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(100);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expect(refusalOf(answer)).toMatchObject({ status: 429, code: 8, reason: 'TOO_MANY_WAITING' });
    await ok(seller.post(`/v1/tutoring/lessons/${made[0]!.body.id}:withdraw`, {}));
    await ok(seller.post('/v1/tutoring/lessons', lesson));
  }, 60_000);

  test('nothing is booked in the year 9999; the error names the field and the last day (B7)', async () => {
    const { newRoom, host } = lodging(jari);
    const room = await newRoom();
    const guest = person(jari, 'far-guest');
    const far = await guest.post('/v1/lodging/reservations', {
      room_id: room.id,
      check_in: '9999-12-01',
      check_out: '9999-12-02',
      guests: 1,
    });
    expect(refusalOf(far)).toMatchObject({ status: 400, code: 3, fields: ['check_out'] });
    expect((far.body as ErrorBody).message).toContain(day(730));
    expect(refusalOf(await host.post(`/v1/rooms/${room.id}:block`, { from: day(730), to: day(731) }))).toMatchObject({
      status: 400,
      code: 3,
      fields: ['to'],
    });
    expect((await host.post(`/v1/rooms/${room.id}:block`, { from: day(729), to: day(730) })).status).toBe(200);
    const lesson = { title: 'Lesson', price: krw(1_000), minutes: 50, start_times: [`${day(800)}T09:00:00Z`] };
    expect(refusalOf(await person(jari, 'seller').post('/v1/tutoring/lessons', lesson))).toMatchObject({
      status: 400,
      code: 3,
      fields: ['start_times'],
    });
  }, 60_000);

  test('a price that was changed after the guest read it is not charged, and a jump of the price is confirmed by the host (B1)', async () => {
    const { newRoom, host } = lodging(jari);
    const room = await newRoom({ price: 50_000 });
    const guest = person(jari, 'careful-guest');
    const agreed = { agreed_total: krw(50_000) };
    expect((await reserveBy(guest, room, 30, agreed)).status).toBe(200);

    const change = (more: object) => host.patch(`/v1/rooms/${room.id}`, { price_per_night: krw(5_000_000), ...more });
    expect(refusalOf(await change({}))).toMatchObject({ status: 400, code: 9, reason: 'PRICE_JUMP' });
    await ok(change({ confirm_price: true }));
    // Nobody agrees to 1 won: until lodging knows the new price, it is refused with the old one.
    const asked = () => reserveBy(guest, room, 31, { agreed_total: krw(1) });
    await eventually(
      asked,
      (answer) => (metadataOf(answer) as { total_units?: string } | undefined)?.total_units === '5000000',
    );
    const refused = await reserveBy(guest, room, 31, agreed);
    expect(refusalOf(refused)).toMatchObject({ status: 400, code: 9, reason: 'PRICE_CHANGED' });
    expect(metadataOf(refused)).toEqual({ total_units: '5000000', total_currency: 'KRW' });
  }, 60_000);
});

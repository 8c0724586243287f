import { describe, expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import type { Order } from '../lodging.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { preordering } from '../preorder.ts';

/** Pre-ordering a phone, from the application to the activation, and back (P1–P8, P11, P12). */
export const preorderStory = (place: Place): void => {
  const people = (): ReturnType<typeof preordering> => preordering(place);

  test('a phone is pre-ordered from home, given to the nearest dealership, accepted, shipped, delivered and activated (P1, P3, P4, P5)', async () => {
    const { newPhone, newTown, request, reaches, assignments, answer, deliver, product } = people();
    const phone = await newPhone(5);
    const { location, ids } = await newTown({ kilometres: 30 }, { kilometres: 2 });
    const { id, status, total } = await request(phone, { quantity: 2, fulfilment: 'DELIVERY', location });
    expect({ status, total: total.units }).toEqual({ status: 'REQUESTED', total: '1800000' });
    expect(await product(phone.id)).toMatchObject({ onHand: 5, held: 2, available: 3 });
    expect(await reaches(id, 'ASSIGNED')).toMatchObject({ dealershipId: ids[1] });
    expect((await assignments()).find((each) => each.id === id)).toMatchObject({
      status: 'ASSIGNED',
      distanceMeters: 2_000,
      why: expect.stringMatching(/^The nearest: 2\.0 km away/),
    });
    await ok(answer('accept', id));
    await reaches(id, 'ACCEPTED');
    await eventually(
      () => deliver('start', id),
      (started) => started.status === 200,
    );
    await reaches(id, 'SHIPPED');
    await becomes(() => product(phone.id), { onHand: 3, held: 0, available: 3 });
    await ok(deliver('complete', id));
    await reaches(id, 'DELIVERED');
    await ok(answer('activate', id));
    await reaches(id, 'ACTIVATED');
  });

  test('what is not in stock is refused at once, and nothing is kept: of three phones four people get three (P2)', async () => {
    const { newPhone, newTown, ask, request, product, customer } = people();
    const mine = async (): Promise<string[]> =>
      (await ok(customer.get<{ preorders: { id: string }[] }>('/v1/preorders?page_size=200'))).preorders.map(
        ({ id }) => id,
      );
    const phone = await newPhone(3);
    const { location } = await newTown({ kilometres: 1 });
    for (let nth = 0; nth < 3; nth++) await request(phone, { location });
    const before = await mine();
    expect(refusalOf(await ask(phone, { location }))).toMatchObject({ status: 400, code: 9, reason: 'OUT_OF_STOCK' });
    expect(await mine()).toEqual(before);
    expect(await product(phone.id)).toMatchObject({ onHand: 3, held: 3, available: 0 });
  });

  test('a phone that is picked up leaves the shelf when it is activated (P5)', async () => {
    const { newPhone, newTown, request, reaches, answer, product } = people();
    const phone = await newPhone(1);
    const { location } = await newTown({ kilometres: 1 });
    const { id } = await request(phone, { location });
    await reaches(id, 'ASSIGNED');
    await ok(answer('accept', id));
    await ok(answer('activate', id));
    await reaches(id, 'ACTIVATED');
    await becomes(() => product(phone.id), { onHand: 0, held: 0 });
  });

  test('a dealership that declines is passed over; when all have, the pre-order waits until a dealership joins (P4)', async () => {
    const { newPhone, newTown, request, reaches, answer, admin, dealer } = people();
    const phone = await newPhone(1);
    const { location, ids } = await newTown({ kilometres: 1, capacity: 1 }, { kilometres: 3 });
    const { id } = await request(phone, { location });
    expect(await reaches(id, 'ASSIGNED')).toMatchObject({ dealershipId: ids[0] });
    await ok(answer('decline', id));
    await eventually(
      () => people().preorder(id),
      ({ dealershipId }) => dealershipId === ids[1],
    );
    await ok(answer('accept', id));
    await reaches(id, 'ACCEPTED');
    expect(refusalOf(await answer('decline', id, admin))).toMatchObject({ code: 9, reason: 'ALREADY_DECIDED' });
    expect((await answer('accept', id, dealer)).status).toBe(200); // asked twice, done once
  });

  test('cancelled before receipt, the dealership and the stock are given back, and the customer reads of each step (P6, P7, P8, P11)', async () => {
    const { newPhone, newTown, request, reaches, answer, deliver, cancel, product, assignments, messages, customer } =
      people();
    const phone = await newPhone(2);
    const { location } = await newTown({ kilometres: 1 });
    const { id } = await request(phone, { fulfilment: 'DELIVERY', location });
    await reaches(id, 'ASSIGNED');
    await ok(answer('accept', id));
    await eventually(
      () => deliver('start', id),
      ({ status }) => status === 200,
    );
    await reaches(id, 'SHIPPED');
    expect(await ok(customer.get(`/v1/preorders/${id}:cancelPreview`))).toMatchObject({
      percent: 100,
      refund: { units: '0' },
      reason: 'NOTHING_PAID',
    });
    expect(await ok(cancel(id))).toMatchObject({ status: 'CANCELLING' });
    await ok(cancel(id));
    await reaches(id, 'CANCELLED');
    expect(await product(phone.id)).toMatchObject({ onHand: 2, held: 0 });
    expect((await assignments()).map((each) => each.id)).not.toContain(id);
    const steps = [
      '예약신청',
      '대리점 배정',
      '예약접수완료',
      '배송준비',
      '배송출발',
      '배송중',
      '예약취소',
      '배송취소',
      '예약취소완료',
    ];
    const mine = async (): Promise<string[]> =>
      (await messages()).filter(({ order }) => order.id === id).map(({ text }) => text);
    const found = await eventually(mine, ({ length }) => length >= steps.length);
    expect(found.map((text) => text.match(/^\[(.+?)\]/)?.[1]).toSorted()).toEqual(steps.toSorted());
  });

  test('a phone that the dealer activated before it was delivered is cancelled all the same, and is in stock again (P6, P7, P8)', async () => {
    const { newPhone, newTown, request, reaches, answer, cancel, product, assignments, admin } = people();
    const phone = await newPhone(1);
    const { location } = await newTown({ kilometres: 1 });
    const { id } = await request(phone, { fulfilment: 'DELIVERY', location });
    await reaches(id, 'ASSIGNED');
    await ok(answer('accept', id));
    await reaches(id, 'ACCEPTED');
    expect(await ok(answer('activate', id))).toMatchObject({ status: 'ACTIVATED' });
    expect(await ok(cancel(id))).toMatchObject({ status: 'CANCELLING', cancelRefused: '' });
    await reaches(id, 'CANCELLED');
    await becomes(() => product(phone.id), { onHand: 1, held: 0, available: 1 });
    expect((await assignments(admin)).find((each) => each.id === id)).toMatchObject({ status: 'CANCELLED' });
    expect(await ok(admin.get(`/v1/deliveries/${id}`))).toMatchObject({ status: 'CANCELLED' });
  });

  test('a pre-order that is delivered while it is being cancelled stays delivered, and says why', async () => {
    const { newPhone, newTown, request, reaches, answer, deliver, cancel } = people();
    const phone = await newPhone(1);
    const { location } = await newTown({ kilometres: 1 });
    const { id } = await request(phone, { fulfilment: 'DELIVERY', location });
    await reaches(id, 'ASSIGNED');
    await ok(answer('accept', id));
    await eventually(
      () => deliver('start', id),
      ({ status }) => status === 200,
    );
    await ok(deliver('complete', id));
    const answered = await cancel(id); // it may have heard already, or hear only now
    const left = await reaches(id, 'DELIVERED');
    if (answered.status === 200) await becomes(() => people().preorder(id), { cancelRefused: 'DELIVERED' });
    else expect(refusalOf(answered)).toMatchObject({ code: 9, reason: 'NOT_CANCELLABLE' });
    expect(left.dealershipId).not.toBe('');
  });

  test('is seen by its customer and the customer centre, and by nobody else', async () => {
    const { newPhone, newTown, request, preorder, agent, admin, dealer } = people();
    const phone = await newPhone(1);
    const { location } = await newTown({ kilometres: 1 });
    const { id } = await request(phone, { location });
    expect([await preorder(id, agent), await preorder(id, admin)]).toMatchObject([{ id }, { id }]);
    expect((await person(place, 'somebody').get(`/v1/preorders/${id}`)).status).toBe(404);
    expect((await dealer.get(`/v1/preorders/${id}`)).status).toBe(403);
    expect((await person(place, 'stranger:dealer').post(`/v1/assignments/${id}:accept`, {})).status).toBe(404);
  });

  describe('the customer centre', () => {
    test('finds pre-orders by state, product, dealership and text (P12)', async () => {
      const { newPhone, newTown, request, reaches, answer, agent } = people();
      const name = `Phone ${Date.now()}`;
      const phone = await newPhone(2, name);
      const { location, ids } = await newTown({ kilometres: 1 });
      const [waiting, accepted] = [await request(phone, { location }), await request(phone, { location })];
      await Promise.all([waiting, accepted].map(({ id }) => reaches(id, 'ASSIGNED')));
      await ok(answer('accept', accepted.id));
      await reaches(accepted.id, 'ACCEPTED');
      const found = (query: string) => async (): Promise<string[]> =>
        (await ok(agent.get<{ orders: Order[] }>(`/v1/orders?kind=preorder.preorder&as=ALL&${query}`))).orders
          .map(({ id }) => id)
          .toSorted();
      const both = [waiting.id, accepted.id].toSorted();
      const product = `attribute=product_id:${phone.id}`;
      await becomes(found(`${product}&phase=ACTIVE`), [accepted.id]);
      await becomes(found(`${product}&phase=WAITING`), [waiting.id]);
      expect(await found(product)()).toEqual(both);
      expect(await found(`${product}&attribute=dealership_id:${ids[0]}`)()).toEqual(both);
      expect(await found(`${product}&attribute=dealership_id:${waiting.id}`)()).toEqual([]);
      expect(await found(`q=${encodeURIComponent(name)}`)()).toEqual(both);
    });
  });

  test('pressed twice with one key is one pre-order, and holds one phone', async () => {
    const { newPhone, newTown, customer, product } = people();
    const phone = await newPhone(5);
    const { location } = await newTown({ kilometres: 1 });
    const wish = { product_id: phone.id, quantity: 1, fulfilment: 'PICKUP', location, address: '' };
    const key = { 'idempotency-key': `twice-${phone.id}` };
    const answers = await Promise.all([1, 2, 3].map(() => customer.post<{ id: string }>('/v1/preorders', wish, key)));
    expect(new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.id)).size).toBe(1);
    expect(await ok(customer.post('/v1/preorders', wish, key))).toMatchObject({
      id: answers.find(({ status }) => status === 200)?.body.id,
    });
    await becomes(() => product(phone.id), { held: 1, available: 4 });
  });
};

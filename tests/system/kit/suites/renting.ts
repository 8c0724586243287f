import { describe, expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import type { Order } from '../lodging.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { firstPayment, rental, type Rental } from '../rental.ts';

/** The requirements R1–R10 as a customer, a courier and an administrator meet them. */
export const rentalStory = (place: Place): void => {
  const people = (): ReturnType<typeof rental> => rental(place);

  test('a customer rents, pays, and has it delivered; the count on hand falls when delivery starts (R1, R2, R3, R4)', async () => {
    const { newDispenser, rent, reaches, paid, delivery, courier, courierSays, product } = people();
    const { id: productId } = await newDispenser(2);
    const made = await rent({ id: productId });
    expect(made).toMatchObject({
      status: 'RECEIVED',
      productId,
      months: 24,
      paid: { units: String(firstPayment) },
      cancelRefused: '',
    });
    expect(await paid(made.id)).toBe(firstPayment);
    await reaches(made.id, 'STOCK_CONFIRMED');
    expect(await product(productId)).toMatchObject({ onHand: 2, held: 1, available: 1 });

    expect(await delivery(made.id, 'SCHEDULED')).toMatchObject({
      address: '',
      area: '서울특별시 마포구',
      courierId: '',
      handoverCode: '',
    });
    expect(await product(productId)).toMatchObject({ onHand: 2 });
    await ok(courierSays('start', made.id));
    await reaches(made.id, 'DELIVERING');
    await becomes(() => product(productId), { onHand: 1, held: 0, available: 1 });
    expect(await delivery(made.id, 'STARTED')).toMatchObject({ address: made.address, handoverCode: '' });
    expect(refusalOf(await courier.post(`/v1/deliveries/${made.id}:complete`, {}))).toMatchObject({
      code: 9,
      reason: 'WRONG_CODE',
    });
    await ok(courierSays('complete', made.id));
    await reaches(made.id, 'INSTALLED');
    expect(refusalOf(await people().cancel(made.id))).toMatchObject({ code: 9, reason: 'NOT_CANCELLABLE' });
  });

  test('the customer sees payment, units and delivery in one place, and the whole history (R6, R10)', async () => {
    const { newDispenser, rent, reaches, courierSays, customer, delivery } = people();
    const { id } = await rent(await newDispenser(1));
    await reaches(id, 'STOCK_CONFIRMED');
    await delivery(id, 'SCHEDULED');
    await ok(courierSays('start', id));
    const order = (): Promise<Order> => ok(customer.get<Order>(`/v1/orders/${id}`));
    await eventually(
      () => customer.get(`/v1/orders/${id}`),
      ({ status }) => status === 200,
    );
    const { timeline } = await eventually(
      order,
      ({ status, paymentStatus, timeline: told }) =>
        status === 'DELIVERING' && paymentStatus === 'COMPLETED' && told.length === 8,
    );
    expect(timeline.map(({ type }) => type.split('.').at(-1)).toSorted()).toEqual(
      [
        'PaymentCompleted',
        'RentalReceived',
        'StockReserved',
        'RentalStockConfirmed',
        'DeliveryScheduled',
        'DeliveryStarted',
        'RentalDelivering',
        'StockCommitted',
      ].toSorted(),
    );
    const { rentals } = await ok(customer.get<{ rentals: Rental[] }>('/v1/rentals?status=DELIVERING&page_size=200'));
    expect(rentals.map((each) => each.id)).toContain(id);
    const stranger = person(place, 'stranger');
    expect((await stranger.get(`/v1/rentals/${id}`)).status).toBe(404);
    expect((await stranger.post(`/v1/rentals/${id}:cancel`, {})).status).toBe(404);
  });

  test('what the provider declines is not accepted at all, and leaves nothing behind (R7)', async () => {
    const { newDispenser, ask, provider, customer } = people();
    const dispenser = await newDispenser(1);
    const mine = async (): Promise<number> =>
      (await ok(customer.get<{ rentals: Rental[] }>('/v1/rentals?page_size=200'))).rentals.length;
    const before = await mine();
    await provider('DECLINING');
    try {
      const refused = await ask(dispenser);
      expect(refusalOf(refused)).toMatchObject({ status: 400, code: 9, reason: 'PAYMENT_DECLINED' });
    } finally {
      await provider('NORMAL');
    }
    expect(await mine()).toBe(before);
  });

  test('a phone cannot be rented, nor what is not there', async () => {
    const { customer, admin, ask } = people();
    const { products } = await ok(admin.get<{ products: { id: string }[] }>('/v1/products?kind=PHONE'));
    expect(refusalOf(await ask(products[0]!))).toMatchObject({ code: 3, fields: ['product_id'] });
    expect((await ask({ id: '019a3000-0000-7000-8000-00000000ffff' })).status).toBe(404);
    const months = (count: number) =>
      customer.post('/v1/rentals', { product_id: products[0]!.id, months: count, address: ' ' });
    for (const count of [11, 61])
      expect(refusalOf(await months(count))).toMatchObject({ code: 3, fields: ['address', 'months'] });
  });

  test('the same key twice, at the same moment: one rental, one charge, one answer', async () => {
    const { newDispenser, ask, ledger } = people();
    const dispenser = await newDispenser(5);
    const key = { 'idempotency-key': `rent ${dispenser.id}` };
    const [first, second] = await Promise.all([ask(dispenser, undefined, key), ask(dispenser, undefined, key)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect((await ledger(first.body.id)).map(({ type }) => type)).toEqual(['CHARGE']);
    expect(
      await place.rows('rental', `select from rental where state #>> '{contract,productId}' = $1`, dispenser.id),
    ).toHaveLength(1);
  });

  describe('cancelling (R5)', () => {
    test('is shown before, and gives back units, delivery and money, at every stage', async () => {
      const { newDispenser, rent, reaches, cancel, paid, product, customer, delivery, courierSays } = people();
      const [full, empty] = [await newDispenser(2), await newDispenser(0)];
      const waiting = await rent(empty);
      await reaches(waiting.id, 'BACKORDERED');
      const confirmed = await rent(full);
      await reaches(confirmed.id, 'STOCK_CONFIRMED');
      const onItsWay = await rent(full);
      await delivery(onItsWay.id, 'SCHEDULED');
      await ok(courierSays('start', onItsWay.id));
      await reaches(onItsWay.id, 'DELIVERING');
      await becomes(() => product(full.id), { onHand: 1 });

      for (const { id, reason } of [
        { ...waiting, reason: 'BACKORDERED' },
        { ...confirmed, reason: 'STOCK_CONFIRMED' },
        { ...onItsWay, reason: 'DELIVERING' },
      ]) {
        const amount = { units: String(firstPayment) };
        expect(await ok(customer.get(`/v1/rentals/${id}:cancelPreview`))).toMatchObject({
          paid: amount,
          refund: amount,
          percent: 100,
          reason,
        });
        expect(await ok(cancel(id))).toMatchObject({ status: 'CANCELLING', reason: 'CANCELLED_BY_CUSTOMER' });
        await ok(cancel(id));
        await reaches(id, 'CANCELLED');
        await eventually(
          () => paid(id),
          (kept) => kept === 0,
        );
        expect(refusalOf(await customer.get(`/v1/rentals/${id}:cancelPreview`))).toMatchObject({
          reason: 'NOT_CANCELLABLE',
        });
      }
      await becomes(() => product(full.id), { onHand: 2, held: 0, available: 2 });
      await becomes(() => product(empty.id), { onHand: 0, held: 0, available: 0 });
    });

    test('races with the courier: it is either cancelled, refunded and back in stock, or refused and installed', async () => {
      const { newDispenser, rent, reaches, cancel, courierSays, paid, product, rentalOf, delivery } = people();
      const dispenser = await newDispenser(8);
      const made = await Promise.all(Array.from({ length: 8 }, () => rent(dispenser)));
      for (const { id } of made) await reaches(id, 'STOCK_CONFIRMED');
      for (const { id } of made) await delivery(id, 'SCHEDULED');
      await Promise.all(
        made.map(async ({ id }, nth) => {
          const delivers = async () => {
            await courierSays('start', id);
            await courierSays('complete', id);
          };
          if (nth % 4 === 3) await delivers().then(() => cancel(id));
          else await Promise.all([delivers(), cancel(id)]);
        }),
      );
      const ended = await Promise.all(
        made.map(({ id }) =>
          eventually(
            () => rentalOf(id),
            ({ status }) => status === 'CANCELLED' || status === 'INSTALLED',
          ),
        ),
      );
      for (const { id, status } of ended)
        await eventually(
          () => paid(id),
          (kept) => kept === (status === 'INSTALLED' ? firstPayment : 0),
        );
      const installed = ended.filter(({ status }) => status === 'INSTALLED').length;
      await becomes(() => product(dispenser.id), { onHand: 8 - installed, held: 0, available: 8 - installed });
    });
  });
};

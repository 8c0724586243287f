import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { lodging, type Order } from '../lodging.ts';
import { ok, person, refusalOf, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { preordering, type Message } from '../preorder.ts';
import { rental } from '../rental.ts';
import { seating, time } from '../seating.ts';
import { tutoring } from '../tutoring.ts';

const why = '단수로 문을 닫아요.';

interface Cancelled {
  id: string;
  status: string;
  reason: string;
  reasonText: string;
}

/** By whom, as the code says it, and in words. */
interface Cause {
  reason: string;
  words: string;
}

/** One order, and how it is cancelled by somebody else than its customer. */
interface Ordered {
  customer: Person;
  path: string;
  id: string;
  reaches(id: string, status: string): Promise<unknown>;
  /** What the customer is out of pocket, where the business is paid. */
  paid?(id: string): Promise<number>;
}

/** Requirement B4 in each business: who cancels says why, and the customer has all the money back and is told. */
export function othersCancel(place: Place): void {
  const agent = person(place, 'agent');
  const admin = person(place, 'admin');

  /** Asked twice, it is done once; the order, its history and the message say by whom and why. */
  async function cancels(by: Person, { reason, words }: Cause, ordered: Ordered): Promise<void> {
    const { customer, path, id, reaches, paid } = ordered;
    const cancel = (body: object, who = by) => who.post<Cancelled>(`${path}/${id}:cancel`, body);
    expect(refusalOf(await cancel({}))).toMatchObject({ status: 400, code: 3, fields: ['text'] });
    const stranger = person(place, 'stranger:customer,seller');
    const notThere = { status: 404, code: 5 };
    for (const body of [{}, { text: why }]) expect(refusalOf(await cancel(body, stranger))).toMatchObject(notThere);

    const told = { reason, reasonText: why };
    const [first, second] = await Promise.all([ok(cancel({ text: why })), ok(cancel({ text: why }))]);
    for (const answer of [first, second]) expect(answer).toMatchObject({ id, ...told });
    await reaches(id, 'CANCELLED');
    expect(await ok(cancel({}, customer))).toMatchObject({ status: 'CANCELLED', ...told }); // theirs comes too late
    if (paid)
      await eventually(
        () => paid(id),
        (out) => out === 0,
      );

    const shown = (): Promise<Order> => ok(customer.get<Order>(`/v1/orders/${id}`));
    const { timeline } = await becomes(shown, { status: 'CANCELLED', ...told });
    expect(timeline.filter(({ text }) => text.endsWith(`: ${why}`)).map(({ type }) => type.split('.').at(-1))).toEqual([
      expect.stringMatching(/Cancelling$/),
      expect.stringMatching(/Cancelled$/),
    ]);
    const messages = async (): Promise<Message[]> =>
      (await ok(customer.get<{ messages: Message[] }>('/v1/messages?page_size=200'))).messages;
    const isTold = ({ text, order }: Message): boolean =>
      order.id === id && text.includes(words) && text.includes(`“${why}”`);
    await eventually(messages, (all) => all.filter(isTold).length === 2); // that it begins, and that it is done
  }
  const byStaff: Cause = { reason: 'CANCELLED_BY_STAFF', words: '고객센터에서 취소했어요' };
  const bySeller: Cause = { reason: 'CANCELLED_BY_SELLER', words: '판매자가 취소했어요' };

  test('the customer centre cancels a reservation two days before, of which its guest would get back a part; the trail has who and why (B4)', async () => {
    const { newRoom, confirmed, reaches, paid, free, guest: customer } = lodging(place);
    const room = await newRoom();
    const { id } = await confirmed(room, 2);
    await reaches(id, 'PAID');
    const path = '/v1/lodging/reservations';
    expect(await ok(customer.get(`${path}/${id}:cancelPreview`))).toMatchObject({ percent: 20 });
    await cancels(agent, byStaff, { customer, path, id, reaches, paid });
    expect(await free(room, 2, 2)).toEqual([true, true]);
    const { entries } = await ok(
      admin.get<{ entries: { callerId: string; request: string }[] }>('/v1/ops/lodging/audit'),
    );
    const acts = entries.filter(({ request }) => request.includes(id) && request.includes(why));
    expect(acts.map(({ callerId }) => callerId)).toEqual([agent.id, agent.id]);
  });

  test('an administrator cancels a seat (B4)', async () => {
    const { newCafe, select, reaches, paid, states, customer } = seating(place);
    const { cafe, seats } = await newCafe(1);
    const { id } = await select(seats[0]!, cafe, time(3, 12, 14));
    await reaches(id, 'REGISTERED');
    await cancels(admin, byStaff, { customer, path: '/v1/seat-selections', id, reaches, paid });
    expect(await states(cafe, time(3, 12, 14))).toEqual(['FREE']);
  });

  test('a seller cancels a purchase, and the payout that was held for it is reversed; staff do the same (B4)', async () => {
    const path = '/v1/tutoring/purchases';
    for (const by of ['seller', 'staff'] as const) {
      const { seller, buyer: customer, onSale, bought, reaches, paid, paidOut, lesson } = tutoring(place);
      const sold = await onSale([600]);
      const { id } = await bought(sold);
      await paidOut(id, 'HELD');
      const ordered = { customer, path, id, reaches, paid };
      await (by === 'seller' ? cancels(seller, bySeller, ordered) : cancels(agent, byStaff, ordered));
      await paidOut(id, 'REVERSED');
      expect((await lesson(sold.id)).freeStartTimes).toEqual(sold.startTimes);
    }
  });

  test('a completed purchase is cancelled until its seller is paid, and not once they are (B4)', async () => {
    const { seller, buyer: customer, ...store } = tutoring(place);
    const { onSale, registerAccount, bought, taught, holdPasses, reaches, paid, paidOut, transfers, purchase } = store;
    const path = '/v1/tutoring/purchases';
    await registerAccount();
    for (const by of ['seller', 'administrator'] as const) {
      const { id } = await bought(await onSale([5]));
      await taught(id);
      expect(refusalOf(await customer.post(`${path}/${id}:cancel`, {}))).toMatchObject({ reason: 'NOT_CANCELLABLE' });
      const ordered = { customer, path, id, reaches, paid };
      await (by === 'seller' ? cancels(seller, bySeller, ordered) : cancels(admin, byStaff, ordered));
      await paidOut(id, 'REVERSED');
      expect(await transfers(id)).toEqual([]);
    }
    const { id } = await bought(await onSale([5]));
    await taught(id);
    await holdPasses(id);
    await paidOut(id, 'COMPLETED');
    await ok(seller.post(`${path}/${id}:cancel`, { text: why }));
    await eventually(
      () => purchase(id),
      (each) => each.cancelRefused === 'PAID_OUT',
    );
    expect(await purchase(id)).toMatchObject({ status: 'COMPLETED' });
    expect((await transfers(id)).length).toBe(1);
  });

  test('the customer centre cancels a pre-order, and the phone is in stock again (B4)', async () => {
    const { newPhone, newTown, request, reaches, product, customer } = preordering(place);
    const [phone, { location }] = [await newPhone(1), await newTown({ kilometres: 1 })];
    const { id } = await request(phone, { location });
    await reaches(id, 'ASSIGNED');
    await cancels(agent, byStaff, { customer, path: '/v1/preorders', id, reaches });
    expect(await product(phone.id)).toMatchObject({ held: 0, available: 1 });
  });

  test('the customer centre cancels a rental, and the dispenser is in stock again (B4)', async () => {
    const { newDispenser, rent, reaches, paid, product, customer } = rental(place);
    const dispenser = await newDispenser(1);
    const { id } = await rent(dispenser);
    await reaches(id, 'STOCK_CONFIRMED');
    await cancels(agent, byStaff, { customer, path: '/v1/rentals', id, reaches, paid });
    expect(await product(dispenser.id)).toMatchObject({ held: 0, available: 1 });
  });

  test('what is over stays, with a clear reason (B4)', async () => {
    const { newRoom, reserve, asked, decide, reaches } = lodging(place);
    const { id } = await reserve(await newRoom(), 40);
    await asked(id);
    await ok(decide('reject', id));
    await reaches(id, 'REJECTED');
    expect(refusalOf(await agent.post(`/v1/lodging/reservations/${id}:cancel`, { text: why }))).toMatchObject({
      ...{ status: 400, code: 9, reason: 'NOT_CANCELLABLE' },
    });
  });
}

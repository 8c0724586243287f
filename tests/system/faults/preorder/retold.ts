import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../../kit/eventually.ts';
import { ok, person } from '../../kit/people.ts';
import { preordering } from '../../kit/preorder.ts';
import { everything, queuesAreEmpty, tellAgain } from '../messages.ts';
import type { Native } from '../native.ts';

/** What messages may come to on the way, on the real broker (P11). */
export const preordersRetold = (place: Native): void => {
  const people = (): ReturnType<typeof preordering> => preordering(place);

  /** What each person was written about each order, by the step in brackets. */
  async function written(orders: readonly string[]): Promise<Record<string, string[]>> {
    const sql = `select recipient_id || ' about ' || (state #>> '{note,order,id}') about, state #>> '{note,text}' text from message where state #>> '{note,order,id}' = any($1)`;
    const rows = await place.rows<{ about: string; text: string }>('notification', sql, orders);
    const steps = Map.groupBy(rows, ({ about }) => about);
    return Object.fromEntries(
      [...steps].map(([about, texts]) => [
        about,
        texts.map(({ text }) => text.match(/^\[(.+?)\]/)?.[1] ?? text).sort(),
      ]),
    );
  }

  test('each step is one message to its customer, also when every event is sent three times more in any order (P11)', async () => {
    const { newPhone, newTown, request, reaches, answer, deliver, cancel, customer } = people();
    const [phone, another] = [await newPhone(10), await newPhone(10)];
    const { location } = await newTown({ kilometres: 1 });
    const mina = person(place, 'mina');
    const sent = await request(phone, { location, fulfilment: 'DELIVERY' });
    const cancelled = await request(phone, { location });
    const hers = await request(phone, { location }, mina);
    for (const { id } of [sent, cancelled]) await reaches(id, 'ASSIGNED');
    await becomes(() => people().preorder(hers.id, mina), { status: 'ASSIGNED' });
    await ok(answer('accept', sent.id));
    await eventually(
      () => deliver('start', sent.id),
      ({ status }) => status === 200,
    );
    await reaches(sent.id, 'SHIPPED');
    await ok(deliver('complete', sent.id));
    await reaches(sent.id, 'DELIVERED');
    await ok(answer('activate', sent.id));
    await ok(cancel(cancelled.id));
    await reaches(sent.id, 'ACTIVATED');
    await reaches(cancelled.id, 'CANCELLED');

    const expected = {
      [`${customer.id} about ${sent.id}`]: [
        '예약신청',
        '대리점 배정',
        '예약접수완료',
        '배송준비',
        '배송출발',
        '배송중',
        '배송완료',
        '상품도착',
        '개통완료',
      ].sort(), // the courier's word and the pre-order's
      [`${customer.id} about ${cancelled.id}`]: ['예약신청', '대리점 배정', '예약취소', '예약취소완료'].sort(),
      [`${mina.id} about ${hers.id}`]: ['예약신청', '대리점 배정'].sort(),
    };
    const orders = [sent, cancelled, hers].map(({ id }) => id);
    await eventually(
      () => written(orders),
      (found) => expect(found).toEqual(expected),
    );
    await queuesAreEmpty(place);

    const before = await everything(place, another.id);
    expect(await tellAgain(place, 3)).toBeGreaterThan(30);
    // What comes last says that all before it was heard.
    const { id: last } = await request(another, { location });
    await eventually(
      () => written([last]),
      (found) => expect(found[`${customer.id} about ${last}`]).toHaveLength(2),
    );
    await queuesAreEmpty(place);
    expect(await written(orders)).toEqual(expected);
    expect(await everything(place, another.id, last)).toEqual(before);
  }, 120_000);
};

import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { insist } from '../insist.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { tutoring } from '../tutoring.ts';

const settling = 60_000;

/** Tutoring when many act at once: on one start time, against a payout, against a lecture's beginning. */
export function tutoringRaces(place: Place): void {
  test('200 buyers want one start time at the same moment: one purchase, one charge (T1)', async () => {
    const { onSale, buy, paid, seller } = tutoring(place);
    const sold = await onSale();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        insist((key) => buy(sold, person(place, `crowd-${index}`), sold.startTimes[0], key)),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    expect([accepted.length, answers.filter(({ status }) => status === 400).length]).toEqual([1, 199]);
    const { id } = accepted[0]!.body;
    await becomes(() => ok(seller.get(`/v1/tutoring/purchases/${id}`)), { status: 'READY' });
    expect(await paid(id)).toBe(50_005);
    const charged = await place.rows('payment', `select id from payment where payee_id = $1`, seller.id);
    expect(charged).toHaveLength(1);
  });

  test('cancelled while they are paid, paid out and scheduled, purchases end with nothing charged and nothing kept (T8, T9)', async () => {
    const { onSale, registerAccount, buyer, buy, cancel, paid, transfers, statement, lesson, purchase } =
      tutoring(place);
    await registerAccount();
    const sold = await onSale(Array.from({ length: 20 }, (_, index) => 600 + 75 * index));
    const ids = await Promise.all(
      sold.startTimes.map(async (startTime, index) => {
        const { id } = await ok(buy(sold, buyer, startTime));
        await new Promise((resolve) => setTimeout(resolve, 15 * index));
        await Promise.all([ok(cancel(id)), ok(cancel(id))]);
        return id;
      }),
    );
    for (const id of ids) {
      await becomes(() => purchase(id), { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' }, settling);
      await eventually(
        () => paid(id),
        (left) => left === 0,
        settling,
      );
    }
    expect((await lesson(sold.id)).freeStartTimes).toEqual(sold.startTimes);
    const sent = (await Promise.all(ids.map(transfers))).flat().reduce((sum, amount) => sum + amount, 0);
    await eventually(statement, ({ balance }) => Number(balance.units) === -sent, settling);
  }, 120_000);

  test('three buyers at once want one hour of a seller, at two start times of one lesson and in another lesson: one gets it', async () => {
    for (let round = 0; round < 3; round++) {
      const { onSale, buy, seller } = tutoring(place);
      const [first, second] = [await onSale([600, 630]), await onSale([600])];
      const wishes = [
        [first, first.startTimes[0]],
        [first, first.startTimes[1]],
        [second, second.startTimes[0]],
      ] as const;
      const answers = await Promise.all(
        wishes.map(([of, startTime], nth) => buy(of, person(place, `rival-${nth}`), startTime)),
      );
      const accepted = answers.filter(({ status }) => status === 200);
      expect(accepted).toHaveLength(1);
      for (const answer of answers.filter((each) => each !== accepted[0]))
        expect(refusalOf(answer)).toMatchObject({ reason: 'START_TIME_TAKEN' });
      const ready = () => ok(seller.get<{ purchases: { status: string }[] }>('/v1/tutoring/purchases'));
      await eventually(ready, ({ purchases }) => purchases.length === 1 && purchases[0]?.status === 'READY', settling);
      const { id } = accepted[0]!.body;
      await ok(person(place, `rival-${answers.indexOf(accepted[0]!)}`).post(`/v1/tutoring/purchases/${id}:cancel`, {}));
    }
  }, 120_000);

  test('cancelled at the moment at which the lecture begins: either the money is back or the lecture goes on, never both (T8)', async () => {
    for (let round = 0; round < 3; round++) {
      const { seller, buyer, onSale, bought, cancel, paid, purchase } = tutoring(place);
      const { id } = await bought(await onSale([5]));
      const path = `/v1/lectures/${id}`;
      await ok(buyer.post(`${path}:join`, {}));
      await Promise.all([ok(cancel(id)), seller.post(`${path}:join`, {})]);
      const { status } = await eventually(
        () => purchase(id),
        (each) => ['READY', 'CANCELLED'].includes(each.status),
        settling,
      );
      const lecture = await ok(buyer.get<{ status: string }>(path));
      expect(lecture.status).toBe(status === 'READY' ? 'LIVE' : 'CANCELLED');
      await eventually(
        () => paid(id),
        (left) => left === (status === 'READY' ? 50_005 : 0),
        settling,
      );
    }
  }, 120_000);

  test('the books balance, whatever happened', async () => {
    expect(await place.rows('payout', 'select sum(amount)::int sum from ledger_entry')).toEqual([{ sum: 0 }]);
  });
}

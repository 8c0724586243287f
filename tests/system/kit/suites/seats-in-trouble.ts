import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { becomes, eventually } from '../eventually.ts';
import { ok, person, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { seating, time, type Selection } from '../seating.ts';

const settle = 30_000;
const somebody = (place: Place): Person => person(place, `troubled-${v7()}`);

/** What is accepted while others are down, and that all of it comes to rest once they are back. */
export const seatsWhileOthersAreDown = (place: Place): void => {
  const people = (): ReturnType<typeof seating> => seating(place);

  /** A hundred people want sixty places (twenty seats at three times) while `service` is away. */
  async function whileAway(service: string, meanwhile: string): Promise<void> {
    const { newCafe, select, statuses, wholeLedger } = people();
    const { cafe, seats } = await newCafe(20);
    await place.kill(service);
    const made = await Promise.all(
      Array.from({ length: 100 }, (_, nth) => {
        const from = 9 + 2 * (Math.floor(nth / 20) % 3);
        return select(seats[nth % 20]!, cafe, time(5, from, from + 2), somebody(place));
      }),
    );
    const ids = made.map(({ id }) => id);
    await eventually(
      () => statuses(ids),
      (found) => [...found.values()].filter((status) => status === meanwhile).length >= 60,
      settle,
    );
    await place.start(service);
    const ended = await eventually(
      () => statuses(ids),
      (found) => [...found.values()].every((status) => ['registered', 'refused'].includes(status)),
      settle,
    );
    expect([...ended.values()].filter((status) => status === 'registered')).toHaveLength(60);
    const charged = (await wholeLedger()).filter(({ orderId }) => ids.includes(orderId));
    expect(charged.map(({ orderId }) => orderId).sort()).toEqual(
      [...ended].flatMap(([id, status]) => (status === 'registered' ? [id] : [])).sort(),
    );
  }

  test(
    'payment down: a hundred selections are accepted all the same, and each is registered or refused when it is back (C7)',
    () => whileAway('payment', 'payment-pending'),
    150_000,
  );
  test(
    'the study cafe down: likewise; who came too late is refused and pays nothing (C6)',
    () => whileAway('studycafe', 'selected'),
    150_000,
  );
};

/** Whatever a selection has come to, it can be called off before its time. */
export const seatsCalledOff = (place: Place): void => {
  const people = (): ReturnType<typeof seating> => seating(place);
  const noon = time(5, 12, 14);

  test('a selection is cancelled in each state; seat and money are back, and nothing was charged that was not due (C4)', async () => {
    const { newCafe, select, reaches, cancel, paid, payment, states, provider } = people();
    const { cafe, seats } = await newCafe(3);
    const customers = seats.map(() => somebody(place));
    const at = async (nth: number, status: string): Promise<Selection> => {
      const made = await select(seats[nth]!, cafe, noon, customers[nth]);
      return reaches(made.id, status);
    };
    await provider('DOWN');
    const waiting = await at(0, 'PAYMENT_PENDING');
    await ok(cancel(waiting.id, customers[0]));
    await provider('NORMAL');
    await becomes(() => payment(waiting.id), { status: 'CANCELLED' }, settle);
    const registered = await at(1, 'REGISTERED');
    await place.kill('studycafe');
    const selected = await at(2, 'SELECTED');
    for (const [nth, { id }] of [waiting, registered, selected].entries())
      await Promise.all([ok(cancel(id, customers[nth])), ok(cancel(id, customers[nth]))]);
    // The money is back at once, the seat when the cafe is.
    for (const { id } of [registered, selected])
      await becomes(() => payment(id).catch(() => ({})), { status: 'CANCELLED' }, settle);
    expect(await reaches(registered.id, 'CANCELLING')).toMatchObject({ reason: 'CANCELLED_BY_CUSTOMER' });
    await place.start('studycafe');

    for (const { id } of [waiting, registered, selected]) {
      expect(await reaches(id, 'CANCELLED', settle)).toMatchObject({ reason: 'CANCELLED_BY_CUSTOMER' });
      expect(await paid(id)).toBe(0);
    }
    expect(await states(cafe, noon)).toEqual(['FREE', 'FREE', 'FREE']);
  }, 120_000);

  test('cancelling races with the payment: money and seat, or neither (C4)', async () => {
    const { newCafe, select, reaches, cancel, paid, states } = people();
    const { cafe, seats } = await newCafe(12);
    const made = await Promise.all(
      seats.map(async (seat, nth) => {
        const by = somebody(place);
        const { id } = await select(seat, cafe, noon, by);
        await pause(nth * 8);
        await ok(cancel(id, by));
        return id;
      }),
    );
    for (const id of made) {
      await reaches(id, 'CANCELLED');
      await eventually(
        () => paid(id),
        (sum) => sum === 0,
      );
    }
    expect(new Set(await states(cafe, noon))).toEqual(new Set(['FREE']));
  });
};

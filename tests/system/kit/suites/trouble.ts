import { describe, expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { lodging, type Order } from '../lodging.ts';
import { ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

/** What is accepted while others are down, and that all of it comes to rest once they are back. */
export const lodgingInTrouble = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);
  const settle = 30_000;

  /** As the provider is told to be, and NORMAL after it. */
  const during = async <Result>(
    mode: 'DOWN' | 'SLOW' | 'LOSES_ANSWERS',
    delayMs: number,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    await people().provider(mode, delayMs);
    try {
      return await work();
    } finally {
      await people().provider('NORMAL');
    }
  };

  describe('while the payment provider is in trouble (L9)', () => {
    test('DOWN: the guest sees PAYMENT_PENDING, the host sees it too and has it tried again', async () => {
      const { newRoom, confirmed, reaches, stay, guest, host, payment, paid } = people();
      const room = await newRoom();
      const [id, ownTurn] = await during('DOWN', 0, async () => {
        const made = await confirmed(room, 40);
        await reaches(made.id, 'PAYMENT_PENDING');
        await becomes(() => stay(made.id), { status: 'CONFIRMED', paymentStatus: 'PENDING' });
        await becomes(() => ok(guest.get<Order>(`/v1/orders/${made.id}`)), {
          phase: 'WAITING',
          paymentStatus: 'PENDING',
        });
        // By now it waits so long between its attempts that the host's retry is what comes first.
        const nextAttempt = 'select due_at, extract(epoch from due_at - now()) wait from timer where aggregate_id = $1';
        const [due] = await eventually(
          () => place.rows<{ due_at: Date; wait: string }>('payment', nextAttempt, made.id),
          ([timer]) => Number(timer?.wait) > 1.5,
        );
        return [made.id, due!.due_at.getTime()];
      });
      await ok(host.post(`/v1/payments/${id}:retry`, {}));
      await reaches(id, 'PAID');
      expect(Date.parse((await payment(id)).updateTime)).toBeLessThan(ownTurn);
      expect(await paid(id)).toBe(200_000);
      expect(refusalOf(await host.post(`/v1/payments/${id}:retry`, {}))).toMatchObject({
        code: 9,
        reason: 'NOT_PENDING',
      });
    });

    test('DOWN: payments wait, and complete by themselves once it is back', async () => {
      const { newRoom, confirmed, reaches, paid } = people();
      const room = await newRoom();
      const waiting = await during('DOWN', 0, async () => {
        const made = await Promise.all([40, 50, 60].map((inDays) => confirmed(room, inDays)));
        for (const { id } of made) await reaches(id, 'PAYMENT_PENDING');
        return made;
      });
      for (const { id } of waiting) {
        await reaches(id, 'PAID', settle);
        expect(await paid(id)).toBe(200_000);
      }
    });

    test('DOWN while a paid reservation is cancelled: it is off at once, and the money comes back when it can', async () => {
      const { newRoom, confirmed, reaches, cancel, paid, payment } = people();
      const { id } = await confirmed(await newRoom(), 40);
      await reaches(id, 'PAID');
      await during('DOWN', 0, async () => {
        await ok(cancel(id));
        await reaches(id, 'CANCELLED');
        expect(await payment(id)).toMatchObject({ status: 'REFUNDING' });
        expect(await paid(id)).toBe(200_000);
      });
      await becomes(() => payment(id), { status: 'CANCELLED' }, settle);
      expect(await paid(id)).toBe(0);
    });

    test('SLOW beyond the time-out: PAYMENT_PENDING, then paid, and charged once only', async () => {
      const { newRoom, confirmed, reaches, paid } = people();
      const room = await newRoom();
      const { id } = await during('SLOW', 4_000, async () => {
        const made = await confirmed(room, 40);
        await reaches(made.id, 'PAYMENT_PENDING');
        return made;
      });
      await reaches(id, 'PAID', settle);
      expect(await paid(id)).toBe(200_000);
    });

    test('LOSES_ANSWERS: it has charged and says nothing; we ask again and never charge twice', async () => {
      const { newRoom, confirmed, reaches, paid } = people();
      const room = await newRoom();
      await during('LOSES_ANSWERS', 0, async () => {
        const made = await Promise.all([40, 50, 60].map((inDays) => confirmed(room, inDays)));
        for (const { id } of made) {
          await reaches(id, 'PAID', settle);
          expect(await paid(id)).toBe(200_000);
        }
      });
    });

    test('LOSES_ANSWERS while the guest cancels: what was charged unseen goes back', async () => {
      const { newRoom, confirmed, reaches, cancel, paid, payment, ledger } = people();
      const room = await newRoom();
      const made = await during('LOSES_ANSWERS', 0, async () => {
        const all = await Promise.all([40, 50, 60].map((inDays) => confirmed(room, inDays)));
        await Promise.all(
          all.map(async ({ id }) => {
            await eventually(
              () => ledger(id),
              (entries) => entries.length > 0,
            );
            await ok(cancel(id));
          }),
        );
        return all;
      });
      for (const { id } of made) {
        await reaches(id, 'CANCELLED', settle);
        await becomes(() => payment(id), { status: 'CANCELLED' }, settle);
        expect(await paid(id)).toBe(0);
        expect((await ledger(id)).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
      }
    });
  });

  test('lodging management down: reservations are accepted all the same, and decided when it is back (L8)', async () => {
    const { newRoom, reserve, reservation, reaches, asked, decide, quiet } = people();
    const [asking, instant] = [await newRoom(), await newRoom({ instant: true })];
    await place.kill('property');
    const [first, second] = [await reserve(asking, 40), await reserve(instant, 40)];
    expect([first.status, second.status]).toEqual(['REQUESTED', 'REQUESTED']);
    await quiet();
    expect(await reservation(second.id)).toMatchObject({ status: 'REQUESTED' });
    await place.start('property');
    await reaches(second.id, 'PAID', settle);
    await asked(first.id);
    await ok(decide('confirm', first.id));
    await reaches(first.id, 'PAID');
  }, 120_000);

  test('payment down and unable to say so: PAYMENT_PENDING all the same, and paid when it is back (L9)', async () => {
    const { newRoom, confirmed, reaches, paid } = people();
    const room = await newRoom();
    await place.kill('payment');
    const { id } = await confirmed(room, 40);
    await reaches(id, 'PAYMENT_PENDING', settle);
    await place.start('payment');
    await reaches(id, 'PAID', settle);
    expect(await paid(id)).toBe(200_000);
  }, 120_000);
};

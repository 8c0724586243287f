import { expect, test } from '@jest/globals';
import { becomes } from '../eventually.ts';
import { lodging } from '../lodging.ts';
import type { Place } from '../place.ts';

/** Deadlines, at a place where they are seconds: JARI_STAY_ANSWER_SECONDS and JARI_LODGING_PAYMENT_SECONDS at most 2. */
export const lodgingDeadlines = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);

  test('a request that its host leaves unanswered is rejected, nothing is charged (L4)', async () => {
    const { newRoom, reserve, reaches, paid, stay } = people();
    const { id } = await reserve(await newRoom(), 40);
    expect(await reaches(id, 'REJECTED')).toMatchObject({ reason: 'NO_ANSWER' });
    expect(await stay(id)).toMatchObject({ status: 'REJECTED', reason: 'NO_ANSWER' });
    expect(await paid(id)).toBe(0);
  });

  test('a guest whose card is declined and who chooses no other one in time has the nights no longer, and pays nothing (L13, B5)', async () => {
    const { newRoom, reserve, reaches, provider, paid, payment, free } = people();
    const room = await newRoom({ instant: true });
    await provider('DECLINING');
    try {
      const { id } = await reserve(room, 40);
      expect(await reaches(id, 'PAYMENT_FAILED')).toMatchObject({ reason: 'CARD_DECLINED' });
      await becomes(() => free(room, 40, 2), [true, true]);
      await becomes(() => payment(id), { status: 'CANCELLED' });
      expect(await paid(id)).toBe(0);
    } finally {
      await provider('NORMAL');
    }
  });

  test('a payment that stays undecided past its deadline is called off, and what was charged meanwhile goes back (L9)', async () => {
    const { newRoom, reserve, reaches, provider, paid, payment, free } = people();
    const room = await newRoom({ instant: true });
    await provider('SLOW', 2_500);
    try {
      const { id } = await reserve(room, 40);
      expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'PAYMENT_TIMEOUT' });
      expect(await free(room, 40, 2)).toEqual([true, true]);
      await provider('NORMAL');
      await becomes(() => payment(id), { status: 'CANCELLED' });
      expect(await paid(id)).toBe(0);
    } finally {
      await provider('NORMAL');
    }
  });
};

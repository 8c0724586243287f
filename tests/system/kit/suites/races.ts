import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { day, lodging, type Room } from '../lodging.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

const resting = ['PAID', 'REJECTED', 'PAYMENT_FAILED', 'CANCELLED'];
const rounds = 8;

/** What the flows must survive: people who act at the same moment. Each race is run a few times, from both sides. */
export const lodgingRaces = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);

  /** Waits until it rests; then money, nights and state must agree. */
  const agrees = async (room: Room, inDays: number, id: string): Promise<string> => {
    const { reservation, paid, free, payment, admin } = people();
    const { status } = await eventually(
      () => reservation(id),
      ({ status }) => resting.includes(status),
    );
    if ((await admin.get(`/v1/payments/${id}`)).status === 200)
      await becomes(() => payment(id), { status: status === 'PAID' ? 'COMPLETED' : 'CANCELLED' });
    expect(await paid(id)).toBe(status === 'PAID' ? 200_000 : 0);
    await becomes(() => free(room, inDays, 2), status === 'PAID' ? [false, false] : [true, true]);
    return status;
  };

  const inEachRound = (run: (inDays: number, round: number) => Promise<void>): Promise<void[]> =>
    Promise.all(Array.from({ length: rounds }, (_, round) => run(40 + 3 * round, round)));

  test('the guest cancels as the host confirms: nights and money come back', async () => {
    const { newRoom, reserve, asked, decide, cancel } = people();
    const room = await newRoom();
    await inEachRound(async (inDays) => {
      const { id } = await reserve(room, inDays);
      await asked(id);
      const [confirmed, cancelled] = await Promise.all([decide('confirm', id), cancel(id)]);
      expect(cancelled.status).toBe(200);
      if (confirmed.status !== 200) expect(refusalOf(confirmed)).toMatchObject({ code: 9, reason: 'ALREADY_DECIDED' });
      expect(await agrees(room, inDays, id)).toBe('CANCELLED');
    });
  });

  test('the guest cancels while the charge is on its way: it nets zero', async () => {
    const { newRoom, confirmed, cancel, provider } = people();
    const room = await newRoom();
    await provider('SLOW', 300);
    try {
      await inEachRound(async (inDays, round) => {
        const { id } = await confirmed(room, inDays);
        await new Promise((after) => setTimeout(after, 60 * round));
        await ok(cancel(id));
        expect(await agrees(room, inDays, id)).toBe('CANCELLED');
      });
    } finally {
      await provider('NORMAL');
    }
  });

  test('the host confirms and rejects at the same moment: one of the two holds', async () => {
    const { newRoom, reserve, asked, decide } = people();
    const room = await newRoom();
    await inEachRound(async (inDays) => {
      const { id } = await reserve(room, inDays);
      await asked(id);
      const answers = await Promise.all([decide('confirm', id), decide('reject', id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(refusalOf(answers.find(({ status }) => status === 400)!)).toMatchObject({
        code: 9,
        reason: 'ALREADY_DECIDED',
      });
      expect(await agrees(room, inDays, id)).toBe(answers[0].status === 200 ? 'PAID' : 'REJECTED');
    });
  });

  test('the host confirms five times at once: confirmed once, charged once', async () => {
    const { newRoom, reserve, asked, decide } = people();
    const room = await newRoom();
    const { id } = await reserve(room, 40);
    await asked(id);
    const answers = await Promise.all(Array.from({ length: 5 }, () => decide('confirm', id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await agrees(room, 40, id)).toBe('PAID');
  });

  test('the host confirms two that overlap at the same moment: one gets the nights', async () => {
    const { newRoom, reserve, asked, decide, reservation } = people();
    const room = await newRoom();
    await inEachRound(async (inDays) => {
      const both = await Promise.all([reserve(room, inDays), reserve(room, inDays + 1, 1)]);
      await Promise.all(both.map(({ id }) => asked(id)));
      const answers = await Promise.all(both.map(({ id }) => decide('confirm', id)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(refusalOf(answers.find(({ status }) => status === 400)!).reason).toMatch(
        /^(NIGHTS_TAKEN|ALREADY_DECIDED)$/,
      );
      const won = answers[0]!.status === 200 ? both[0]! : both[1]!;
      const lost = won === both[0] ? both[1]! : both[0]!;
      await becomes(() => reservation(won.id), { status: 'PAID' });
      await becomes(() => reservation(lost.id), { status: 'REJECTED', reason: 'NIGHTS_TAKEN' });
    });
  });

  test('the host blocks the nights as an instant-book guest takes them: they belong to one', async () => {
    const { newRoom, host, reserve, reservation, paid } = people();
    const room = await newRoom({ instant: true });
    await inEachRound(async (inDays) => {
      const [blocked, { id }] = await Promise.all([
        host.post(`/v1/rooms/${room.id}:block`, { from: day(inDays), to: day(inDays + 2) }),
        reserve(room, inDays),
      ]);
      const expected = blocked.status === 200 ? 'REJECTED' : 'PAID';
      if (blocked.status !== 200) expect(refusalOf(blocked)).toMatchObject({ code: 9, reason: 'NIGHTS_TAKEN' });
      await becomes(() => reservation(id), { status: expected });
      expect(await paid(id)).toBe(expected === 'PAID' ? 200_000 : 0);
    });
  });

  test('guest and host cancel at the same moment: it is off once, refunded once', async () => {
    const { newRoom, confirmed, reaches, cancel, decide, ledger } = people();
    const room = await newRoom();
    await inEachRound(async (inDays) => {
      const { id } = await confirmed(room, inDays);
      await reaches(id, 'PAID');
      const [byGuest, byHost] = await Promise.all([cancel(id), decide('cancel', id)]);
      expect(byGuest.status).toBe(200);
      if (byHost.status !== 200) expect(refusalOf(byHost)).toMatchObject({ code: 9, reason: 'NOT_CANCELLABLE' });
      expect(await agrees(room, inDays, id)).toBe('CANCELLED');
      expect((await ledger(id)).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
    });
  });

  test('ten guests want the same instant-book nights: one has them, nine are told, one is charged', async () => {
    const { newRoom, reserve, reservation, paid } = people();
    const room = await newRoom({ instant: true });
    const guests = Array.from({ length: 10 }, (_, nth) => person(place, `rival-${nth}`));
    const made = await Promise.all(guests.map((by) => reserve(room, 40, 2, by)));
    const ended = await Promise.all(
      made.map(({ id }, nth) =>
        eventually(
          () => reservation(id, guests[nth]),
          ({ status }) => resting.includes(status),
        ),
      ),
    );
    expect(ended.filter(({ status }) => status === 'PAID')).toHaveLength(1);
    expect(ended.filter(({ status, reason }) => status === 'REJECTED' && reason === 'NIGHTS_TAKEN')).toHaveLength(9);
    const sums = await Promise.all(made.map(({ id }) => paid(id)));
    expect(sums.filter((sum) => sum > 0)).toEqual([200_000]);
  });

  test('the administrator retries a payment many times while it is on its way: charged once', async () => {
    const { newRoom, confirmed, provider, admin } = people();
    const room = await newRoom();
    await provider('SLOW', 500);
    try {
      const { id } = await confirmed(room, 40);
      await eventually(
        () => admin.get(`/v1/payments/${id}`),
        ({ status }) => status === 200,
      );
      await Promise.all(Array.from({ length: 10 }, () => admin.post(`/v1/payments/${id}:retry`, {})));
      expect(await agrees(room, 40, id)).toBe('PAID');
    } finally {
      await provider('NORMAL');
    }
  });
};

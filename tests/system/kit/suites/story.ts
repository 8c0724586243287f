import { describe, expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { day, krw, lodging, wish, type Order, type Payment, type Reservation, type StayRequest } from '../lodging.ts';
import { nobody, ok, person, refusalOf, type Person } from '../people.ts';
import type { Place } from '../place.ts';

/** Lodging's requirements, told as its people would try them. */
export const lodgingStory = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);

  describe('a guest', () => {
    test('picks a lodging from the list, which needs no token, and reserves it (L1)', async () => {
      const { rooms } = await ok(
        nobody(place).get<{ rooms: { id: string; name: string; pricePerNight: { units: string } }[] }>('/v1/rooms'),
      );
      const room = rooms.find(({ name }) => name.includes('Sarangchae'))!;
      const { guest } = people();
      // Right after the first start lodging may not have heard of the rooms yet.
      const { body: made } = await becomes(
        () => guest.post<Reservation>('/v1/lodging/reservations', wish(room, 40, 2)),
        { status: 200 },
      );
      expect(made).toMatchObject({
        status: 'REQUESTED',
        guestId: guest.id,
        roomId: room.id,
        checkIn: day(40),
        checkOut: day(42),
      });
      expect(made.total).toEqual(krw(2 * Number(room.pricePerNight.units)));
    });

    test('sees the reservation become PAID once the host has confirmed; it was charged once, the whole price (L2, L3)', async () => {
      const { newRoom, confirmed, reaches, ledger, payment } = people();
      const { id } = await confirmed(await newRoom(), 40);
      expect(await reaches(id, 'PAID')).toMatchObject({ reason: '' });
      expect(await ledger(id)).toMatchObject([{ orderId: id, type: 'CHARGE', amount: krw(200_000) }]);
      expect(await payment(id)).toMatchObject({ status: 'COMPLETED', amount: krw(200_000), refunded: krw(0) });
    });

    test('may be confirmed by an administrator as well (L2)', async () => {
      const { newRoom, reserve, asked, decide, reaches, admin } = people();
      const { id } = await reserve(await newRoom(), 40);
      await asked(id);
      expect(await decide('confirm', id, {}, admin)).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
      await reaches(id, 'PAID');
    });

    test('is rejected when the host says no, in the host’s own words, and pays nothing (L4)', async () => {
      const { newRoom, reserve, asked, decide, reaches, paid, admin } = people();
      const { id } = await reserve(await newRoom(), 40);
      await asked(id);
      await ok(decide('reject', id, { text: '그 주에는 공사를 합니다 · we are building' }));
      expect(await reaches(id, 'REJECTED')).toMatchObject({
        reason: 'DECLINED_BY_HOST',
        reasonText: '그 주에는 공사를 합니다 · we are building',
      });
      expect(await paid(id)).toBe(0);
      expect(await admin.get(`/v1/payments/${id}`)).toMatchObject({ status: 404 });
    });

    test('is rejected, and pays nothing, for nights that another guest has: availability comes before any payment (L4, L7)', async () => {
      const { newRoom, confirmed, reserve, reaches, ledger } = people();
      const room = await newRoom();
      const { id: first } = await confirmed(room, 40, 3);
      const { id: second } = await reserve(room, 42, 2, person(place, 'mina'));
      expect(
        await becomes(() => people().reservation(second, person(place, 'mina')), { status: 'REJECTED' }),
      ).toMatchObject({ reason: 'NIGHTS_TAKEN' });
      await reaches(first, 'PAID');
      expect(await ledger(second)).toEqual([]);
      expect(await people().free(room, 39, 5)).toEqual([true, false, false, false, true]);
    });

    test('arrives on the day another one leaves: the check-out day is free', async () => {
      const { newRoom, confirmed, reaches } = people();
      const room = await newRoom();
      for (const inDays of [42, 40, 44]) await reaches((await confirmed(room, inDays)).id, 'PAID');
      expect(await people().free(room, 39, 8)).toEqual([true, false, false, false, false, false, false, true]);
    });

    test('cancels, and gets back what the preview said by the policy of that day; the nights are free again (L5)', async () => {
      for (const [inDays, percent, reason] of [
        [40, 100, 'DAYS_BEFORE_10'],
        [8, 70, 'DAYS_BEFORE_7'],
        [6, 50, 'DAYS_BEFORE_5'],
        [3, 20, 'DAYS_BEFORE_1'],
      ] as const) {
        const { newRoom, confirmed, reaches, cancel, guest, paid, ledger, free } = people();
        const room = await newRoom();
        const { id } = await confirmed(room, inDays);
        await reaches(id, 'PAID');
        const preview = await ok(guest.get(`/v1/lodging/reservations/${id}:cancelPreview`));
        expect(preview).toEqual({ paid: krw(200_000), refund: krw(2_000 * percent), percent, reason });
        await ok(cancel(id));
        expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'CANCELLED_BY_GUEST' });
        await eventually(
          () => paid(id),
          (sum) => sum === 200_000 - 2_000 * percent,
        );
        expect((await ledger(id)).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
        expect(await free(room, inDays, 2)).toEqual([true, true]);
      }
    });

    test('cancels before anything was confirmed or paid, and nothing is ever charged (L5)', async () => {
      const { newRoom, reserve, cancel, reaches, paid, guest } = people();
      const { id } = await reserve(await newRoom(), 40);
      expect(await ok(guest.get(`/v1/lodging/reservations/${id}:cancelPreview`))).toMatchObject({
        refund: krw(0),
        reason: 'NOTHING_PAID',
      });
      await ok(cancel(id));
      await reaches(id, 'CANCELLED');
      expect(await paid(id)).toBe(0);
    });

    test('who cancels twice has cancelled once; what is over cannot be cancelled', async () => {
      const { newRoom, confirmed, reserve, asked, decide, reaches, cancel, ledger, guest } = people();
      const room = await newRoom();
      const { id } = await confirmed(room, 40);
      await reaches(id, 'PAID');
      await Promise.all([ok(cancel(id)), ok(cancel(id)), ok(cancel(id))]);
      await reaches(id, 'CANCELLED');
      expect(await cancel(id)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
      await becomes(() => ledger(id), { length: 2 });

      const { id: rejected } = await reserve(room, 40);
      await asked(rejected);
      await ok(decide('reject', rejected));
      await reaches(rejected, 'REJECTED');
      const notCancellable = { status: 400, code: 9, reason: 'NOT_CANCELLABLE' };
      expect(refusalOf(await cancel(rejected))).toMatchObject(notCancellable);
      expect(refusalOf(await guest.get(`/v1/lodging/reservations/${rejected}:cancelPreview`))).toMatchObject(
        notCancellable,
      );
    });

    test('gets everything back when the host cancels, however late', async () => {
      const { newRoom, confirmed, reaches, decide, paid, free, admin } = people();
      const room = await newRoom();
      const { id } = await confirmed(room, 3);
      await reaches(id, 'PAID');
      expect(await decide('cancel', id, { text: 'a burst pipe' })).toMatchObject({
        status: 200,
        body: { status: 'RELEASED' },
      });
      expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'CANCELLED_BY_HOST', reasonText: 'a burst pipe' });
      await eventually(
        () => paid(id),
        (sum) => sum === 0,
      );
      expect(await ok(admin.get<Payment>(`/v1/payments/${id}`))).toMatchObject({ refunded: krw(200_000) });
      expect(await free(room, 3, 2)).toEqual([true, true]);
    });

    test('reserves an instant-book room without any host, and pays at once', async () => {
      const { newRoom, reserve, reaches } = people();
      const { id } = await reserve(await newRoom({ instant: true }), 40);
      await reaches(id, 'PAID');
    });

    test('whose card is declined is told why, keeps the nights, and is charged once by another card (L13, B5)', async () => {
      const { provider, newRoom, confirmed, declined, stay, reaches, free, paid, guest, host } = people();
      const room = await newRoom();
      const card = await ok(guest.post<{ id: string }>('/v1/payment-methods', { token: 'tok_mastercard' }));
      await provider('DECLINING');
      const { id } = await confirmed(room, 40);
      try {
        await declined(id);
        await becomes(() => ok(host.get<Order>(`/v1/orders/${id}`)), {
          ...{ status: 'PAYMENT_PENDING', next: { who: 'CUSTOMER', what: 'PAYMENT' } },
          deadline: expect.objectContaining({ what: 'PAY_UNTIL' }),
        });
        expect([(await stay(id)).status, await free(room, 40, 2)]).toEqual(['CONFIRMED', [false, false]]);
      } finally {
        await provider('NORMAL');
      }
      const retry = (by: Person) => by.post(`/v1/payments/${id}:retry`, { payment_method_id: card.id });
      expect(refusalOf(await retry(host))).toMatchObject({ status: 403, reason: 'NOT_PAYER' });
      expect((await Promise.all([retry(guest), retry(guest)])).map(({ status }) => status)).toEqual([200, 200]);
      expect(await reaches(id, 'PAID')).toMatchObject({ reason: '' });
      await becomes(() => stay(id), { status: 'CONFIRMED', paymentStatus: 'COMPLETED' });
      expect(await paid(id)).toBe(200_000);
    });

    test('whose card is declined can cancel, and so can the host; the nights are free again, and nothing is charged (L13, B5)', async () => {
      const { provider, newRoom, confirmed, declined, reaches, free, paid, cancel, decide } = people();
      const room = await newRoom();
      await provider('DECLINING');
      try {
        const ways: readonly [(id: string) => Promise<unknown>, string][] = [
          [(id) => ok(cancel(id)), 'CANCELLED_BY_GUEST'],
          [(id) => ok(decide('cancel', id)), 'CANCELLED_BY_HOST'],
        ];
        for (const [way, reason] of ways) {
          const { id } = await confirmed(room, 40);
          await declined(id);
          await way(id);
          expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason });
          await becomes(() => free(room, 40, 2), [true, true]);
          expect(await paid(id)).toBe(0);
        }
      } finally {
        await provider('NORMAL');
      }
    });
  });

  describe('everybody sees the state at any time (L6, L10, L11, L12)', () => {
    test('guest, host and administrator follow one id through reservation, request, payment and order (L6, L11)', async () => {
      const { newRoom, confirmed, reaches, stay, payment, guest, host, admin } = people();
      const { id } = await confirmed(await newRoom({ name: '달빛 방' }), 40);
      await reaches(id, 'PAID');
      await becomes(() => stay(id), { id, status: 'CONFIRMED', paymentStatus: 'COMPLETED' });
      expect(await payment(id)).toMatchObject({ id, order: { kind: 'lodging.reservation', id } });
      for (const one of [guest, host, admin])
        await becomes(() => ok(one.get<Order>(`/v1/orders/${id}`)), {
          ...{
            id,
            status: 'PAID',
            phase: 'ACTIVE',
            order: { kind: 'lodging.reservation', id },
            paymentStatus: 'COMPLETED',
          },
          ...{ customerId: guest.id, providerId: host.id, title: expect.stringContaining('달빛 방') },
        });
    });

    test('an order says whose turn it is and until when (B10)', async () => {
      const { newRoom, reserve, asked, guest, decide } = people();
      const { id } = await reserve(await newRoom(), 40);
      await asked(id);
      const shown = () => ok(guest.get<Order>(`/v1/orders/${id}`));
      await becomes(shown, {
        next: { who: 'PROVIDER', what: 'ANSWER' },
        deadline: { what: 'ANSWER_UNTIL', at: `${day(40)}T06:00:00Z` },
      });
      await ok(decide('confirm', id));
      await becomes(shown, {
        next: { who: 'CUSTOMER', what: 'ARRIVE' },
        deadline: { what: 'FREE_CANCELLATION_UNTIL', at: `${day(30)}T15:00:00Z` },
      });
    });

    test('the timeline tells what happened, in order: confirmed before paid (L6, L7)', async () => {
      const { newRoom, confirmed, reaches, guest, cancel } = people();
      const { id } = await confirmed(await newRoom(), 40);
      await reaches(id, 'PAID');
      await ok(cancel(id));
      await reaches(id, 'CANCELLED');
      const wanted = [
        ...['ReservationRequested', 'StayConfirmed', 'ReservationConfirmed', 'PaymentCompleted', 'ReservationPaid'],
        ...['ReservationCancelling', 'ReservationCancelled'],
      ];
      const { timeline } = await eventually(
        () => ok(guest.get<Order>(`/v1/orders/${id}`)),
        ({ timeline }) => wanted.every((type) => timeline.some((entry) => entry.type.endsWith(`.${type}`))),
      );
      const told = timeline.map(({ type }) => type.split('.').at(-1)!).filter((type) => wanted.includes(type));
      expect(told).toEqual(wanted);
      const times = timeline.map(({ at }) => Date.parse(at));
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(timeline.every(({ text, source }) => text.length > 0 && source.startsWith('/'))).toBe(true);
    });

    test('the guest’s list shows reservation and payment, the host’s request, availability and payment (L10)', async () => {
      const { newRoom, reserve, asked, host } = people();
      const mina = person(place, `mina-${day(0)}`);
      const room = await newRoom();
      const [paid, waiting] = [await reserve(room, 40, 2, mina), await reserve(room, 50, 2, mina)];
      await Promise.all([asked(paid.id), asked(waiting.id)]);
      await ok(people().decide('confirm', paid.id));
      await becomes(() => people().reservation(paid.id, mina), { status: 'PAID' });

      const reservations = await ok(mina.get<{ reservations: Reservation[] }>('/v1/lodging/reservations'));
      expect(reservations.reservations.map(({ id, status, roomId }) => ({ id, status, roomId }))).toEqual([
        { id: waiting.id, status: 'REQUESTED', roomId: room.id },
        { id: paid.id, status: 'PAID', roomId: room.id },
      ]);
      await becomes(
        async () => (await ok(mina.get<{ orders: Order[] }>('/v1/orders?as=CUSTOMER&kind=lodging.reservation'))).orders,
        [
          { id: waiting.id, phase: 'RECEIVED', paymentStatus: '', timeline: [] },
          { id: paid.id, phase: 'ACTIVE', paymentStatus: 'COMPLETED', timeline: [] },
        ],
      );
      const requests = async (status: string): Promise<StayRequest[]> =>
        (await ok(host.get<{ stayRequests: StayRequest[] }>(`/v1/stay-requests?status=${status}&page_size=5`)))
          .stayRequests;
      await becomes(async () => (await requests('CONFIRMED'))[0], {
        id: paid.id,
        available: false,
        paymentStatus: 'COMPLETED',
      });
      expect((await requests('PENDING'))[0]).toMatchObject({ id: waiting.id, available: true, paymentStatus: '' });
      expect(
        (await ok(mina.get<{ reservations: Reservation[] }>('/v1/lodging/reservations?status=PAID'))).reservations,
      ).toHaveLength(1);
      const byRoom = await ok(
        host.get<{ orders: Order[] }>(`/v1/orders?as=PROVIDER&phase=ACTIVE&attribute=room_id:${room.id}`),
      );
      expect(byRoom.orders.map(({ id }) => id)).toEqual([paid.id]);
    });

    test('lists come newest first, page by page, without a gap or a repetition', async () => {
      const { newRoom, reserve } = people();
      const lister = person(place, `lister-${day(0)}`);
      const room = await newRoom();
      const made: string[] = [];
      for (let inDays = 40; inDays < 47; inDays++) made.unshift((await reserve(room, inDays, 1, lister)).id);
      const found: string[] = [];
      for (let token = '', pages = 0; pages === 0 || token; pages++) {
        const path = `/v1/lodging/reservations?page_size=3&page_token=${token}`;
        const page = await ok(lister.get<{ reservations: Reservation[]; nextPageToken: string }>(path));
        expect(page.reservations.length).toBe(pages < 2 ? 3 : 1);
        found.push(...page.reservations.map(({ id }) => id));
        token = page.nextPageToken;
      }
      expect(found).toEqual(made);
    });

    test('the administrator sees how each team does: reservations made, share confirmed, share of payments that succeed (L12)', async () => {
      const { provider, newRoom, confirmed, declined, reserve, asked, decide, reaches, admin } = people();
      const room = await newRoom();
      const from = new Date().toISOString();
      for (const inDays of [40, 50]) await reaches((await confirmed(room, inDays)).id, 'PAID');
      const { id } = await reserve(room, 60);
      await asked(id);
      await ok(decide('reject', id));
      await provider('DECLINING');
      try {
        await declined((await confirmed(room, 70)).id);
      } finally {
        await provider('NORMAL');
      }
      const to = new Date(Date.now() + 1_000).toISOString();
      await becomes(() => ok(admin.get(`/v1/kpis?from=${from}&to=${to}`)), {
        kinds: [{ kind: 'lodging.reservation', requested: '4', confirmedShare: 0.75, paymentSuccessShare: 2 / 3 }],
      });
      expect(await ok(admin.get(`/v1/kpis?to=${day(-700)}`))).toEqual({ kinds: [] });
    });
  });
};

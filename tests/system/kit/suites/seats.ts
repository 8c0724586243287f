import { describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { becomes, eventually } from '../eventually.ts';
import { krw, type Order } from '../lodging.ts';
import { nobody, ok, person, refusalOf, type Person } from '../people.ts';
import type { Place } from '../place.ts';
import { seating, time, type Cafe, type Selection } from '../seating.ts';

/** The study cafe's requirements, told as its people would try them. */
export const seatStory = (place: Place): void => {
  const people = (): ReturnType<typeof seating> => seating(place);
  const somebody = (): Person => person(place, `sitter-${v7()}`);
  const noon = time(3, 12, 14);

  describe('a customer', () => {
    test('looks at a cafe’s seats, which needs no token, and selects one (C1, C5)', async () => {
      const { cafes } = await ok(nobody(place).get<{ cafes: Cafe[] }>('/v1/cafes?page_size=200'));
      const cafe = cafes.find(({ name }) => name.includes('Books & Window'))!;
      const seats = await people().map(cafe, noon, nobody(place));
      expect([seats.length, new Set(seats.map(({ label }) => label)).size]).toEqual([48, 48]);
      const mina = somebody();
      const free = seats.find(({ state }) => state === 'FREE')!;
      // Seating hears of the cafes a moment after they have opened.
      const { body: made } = await eventually(
        () => people().selectAt(free, cafe, noon, mina),
        ({ status }) => status === 200,
      );
      expect(made).toMatchObject({
        status: 'SELECTED',
        customerId: mina.id,
        cafeId: cafe.id,
        seatId: free.id,
        total: krw(4_000),
        reason: '',
      });
      expect([Date.parse(made.startTime), Date.parse(made.endTime)]).toEqual([
        Date.parse(noon.start_time),
        Date.parse(noon.end_time),
      ]);
    });

    test('has the seat once it is held, paid and registered; it was charged once, the whole price (C2, C3)', async () => {
      const { newCafe, select, reaches, states, ledger, payment } = people();
      const { cafe, seats } = await newCafe();
      const { id } = await select(seats[0]!, cafe, noon, somebody());
      await reaches(id, 'REGISTERED');
      expect(await ledger(id)).toMatchObject([{ orderId: id, type: 'CHARGE', amount: krw(4_000) }]);
      expect(await payment(id)).toMatchObject({ status: 'COMPLETED', amount: krw(4_000), refunded: krw(0) });
      expect(await states(cafe, noon)).toEqual(['TAKEN', 'FREE']);
    });

    test('is refused, and pays nothing, for a seat that another one has then; before and after that it is free (C6)', async () => {
      const { newCafe, select, reaches, ledger, states } = people();
      const { cafe, seats } = await newCafe(1);
      const seat = seats[0]!;
      await reaches((await select(seat, cafe, noon, somebody())).id, 'REGISTERED');
      const { id } = await select(seat, cafe, time(3, 13.5, 15), somebody());
      expect(await reaches(id, 'REFUSED')).toMatchObject({ reason: 'SEAT_TAKEN' });
      expect(await ledger(id)).toEqual([]);
      for (const when of [time(3, 10, 12), time(3, 14, 16)])
        await reaches((await select(seat, cafe, when, somebody())).id, 'REGISTERED');
      expect(await states(cafe, time(3, 9.5, 10))).toEqual(['FREE']);
      expect(await states(cafe, time(3, 15.5, 16.5))).toEqual(['TAKEN']);
    });

    test('cannot have a seat that an administrator blocked; nobody blocks a seat that somebody has (C6)', async () => {
      const { newCafe, select, reaches, block, states, ledger } = people();
      const { cafe, seats } = await newCafe();
      const [first, second] = seats;
      expect(await block('block', cafe, first!, time(3, 13, 15))).toMatchObject({
        status: 200,
        body: { id: first!.id, state: 'BLOCKED' },
      });
      const { id } = await select(first!, cafe, noon, somebody());
      expect(await reaches(id, 'REFUSED')).toMatchObject({ reason: 'SEAT_BLOCKED' });
      expect(await ledger(id)).toEqual([]);
      await reaches((await select(second!, cafe, noon, somebody())).id, 'REGISTERED');
      expect(refusalOf(await block('block', cafe, second!, noon))).toMatchObject({
        status: 400,
        code: 9,
        reason: 'SEAT_TAKEN',
      });
      expect(await states(cafe, noon)).toEqual(['BLOCKED', 'TAKEN']);

      await ok(block('unblock', cafe, first!, time(3, 13, 15)));
      await reaches((await select(first!, cafe, noon, somebody())).id, 'REGISTERED');
    });

    test('cancels, and gets back what the preview said: all of it; the seat is free again (C4)', async () => {
      const { newCafe, select, reaches, cancel, paid, ledger, states } = people();
      const { cafe, seats } = await newCafe(1);
      const mina = somebody();
      const { id } = await select(seats[0]!, cafe, noon, mina);
      await reaches(id, 'REGISTERED');
      const preview = await ok(mina.get(`/v1/seat-selections/${id}:cancelPreview`));
      expect(preview).toEqual({ paid: krw(4_000), refund: krw(4_000), percent: 100, reason: 'BEFORE_START' });
      await Promise.all([ok(cancel(id, mina)), ok(cancel(id, mina)), ok(cancel(id, mina))]);
      expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'CANCELLED_BY_CUSTOMER' });
      expect(await cancel(id, mina)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
      await eventually(
        () => paid(id),
        (sum) => sum === 0,
      );
      expect((await ledger(id)).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
      expect(await states(cafe, noon)).toEqual(['FREE']);
    });

    test('whose card is declined is told why, and keeps the seat for another card; cancelled, it is free again (C9, B5)', async () => {
      const { provider, newCafe, select, reaches, states, paid, cancel } = people();
      const { cafe, seats } = await newCafe(1);
      const mina = somebody();
      await provider('DECLINING');
      try {
        const { id } = await select(seats[0]!, cafe, noon, mina);
        expect(await reaches(id, 'PAYMENT_PENDING')).toMatchObject({
          reason: 'CARD_DECLINED',
          reasonText: 'The card was declined.',
        });
        expect(await states(cafe, noon)).toEqual(['HELD']);
        await ok(cancel(id, mina));
        await reaches(id, 'CANCELLED');
        expect(await paid(id)).toBe(0);
        await becomes(() => states(cafe, noon), ['FREE']);
      } finally {
        await provider('NORMAL');
      }
    });

    test('pays the price of the moment, whatever the cafe asks for a minute later (C1)', async () => {
      const { newCafe, select, reaches, admin } = people();
      const { cafe, seats } = await newCafe(2);
      const { id } = await select(seats[0]!, cafe, noon, somebody());
      await ok(admin.patch(`/v1/cafes/${cafe.id}`, { price_per_hour: { currency_code: 'KRW', units: 9_000 } }));
      await eventually(
        () => select(seats[1]!, cafe, time(4, 12, 13), somebody()),
        ({ total }) => expect(total).toEqual(krw(9_000)),
      );
      expect(await reaches(id, 'REGISTERED')).toMatchObject({ total: krw(4_000) });
    });

    test('repeating the request with its key makes one selection', async () => {
      const { newCafe, selectAt } = people();
      const { cafe, seats } = await newCafe(1);
      const [mina, key] = [somebody(), v7()];
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ok(selectAt(seats[0]!, cafe, noon, mina, key))),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect((await ok(mina.get<{ seatSelections: unknown[] }>('/v1/seat-selections'))).seatSelections).toHaveLength(1);
    });

    test('keeps three unpaid seats at most; one that is given back makes room for another', async () => {
      const { provider, newCafe, selectAt, select, reaches, cancel } = people();
      const { cafe, seats } = await newCafe(5);
      const mina = somebody();
      await provider('DOWN');
      try {
        const held = [];
        for (const seat of seats.slice(0, 3)) held.push(await select(seat, cafe, noon, mina));
        expect(refusalOf(await selectAt(seats[3]!, cafe, noon, mina))).toMatchObject({
          status: 429,
          code: 8,
          reason: 'TOO_MANY_HOLDS',
        });
        await select(seats[4]!, cafe, noon, somebody());
        await ok(cancel(held[0]!.id, mina));
        await select(seats[3]!, cafe, noon, mina);
        await reaches(held[1]!.id, 'PAYMENT_PENDING');
      } finally {
        await provider('NORMAL');
      }
    });

    test('finds the selection completed once its time is over', async () => {
      const { newCafe, select, reaches, cancel } = people();
      const { cafe, seats } = await newCafe(1);
      const mina = somebody();
      const { id } = await select(seats[0]!, cafe, noon, mina);
      await reaches(id, 'REGISTERED');
      const due = await place.rows<{ due_at: Date }>(
        'seating',
        `select due_at from timer where aggregate_id = $1 and name = 'time-over'`,
        id,
      );
      expect(due.map(({ due_at }) => due_at.getTime())).toEqual([Date.parse(noon.end_time)]);
      await place.rows('seating', 'update timer set due_at = now() where aggregate_id = $1', id); // nobody waits three days
      await reaches(id, 'COMPLETED');
      expect(refusalOf(await cancel(id, mina))).toMatchObject({ reason: 'NOT_CANCELLABLE' });
    });
  });

  describe('everybody sees the state at any time (C5, C8)', () => {
    test('a selection is on the customer’s pages, with its whole story, though the read models know nothing of seats (C8, K5)', async () => {
      const { newCafe, select, reaches, admin } = people();
      const { cafe, seats } = await newCafe(1);
      const mina = somebody();
      const { id } = await select(seats[0]!, cafe, noon, mina);
      await reaches(id, 'REGISTERED');
      const wanted = [
        'SelectionMade',
        'SeatHeld',
        'SelectionHeld',
        'PaymentCompleted',
        'SelectionPaid',
        'SeatRegistered',
        'SelectionRegistered',
      ];
      for (const one of [mina, admin]) {
        const { timeline } = await eventually(
          () => ok(one.get<Order>(`/v1/orders/${id}`)),
          (order) => {
            expect(order).toMatchObject({
              id,
              status: 'REGISTERED',
              phase: 'ACTIVE',
              order: { kind: 'seating.selection', id },
              paymentStatus: 'COMPLETED',
            });
            expect(order.title).toContain('Test cafe · 1 · ');
            expect(order.timeline).toHaveLength(wanted.length);
          },
        );
        const told = timeline.map(({ type }) => type.split('.').at(-1)!);
        expect(told.toSorted()).toEqual(wanted.toSorted());
        const ofSeating = (types: readonly string[]): string[] => types.filter((type) => type.startsWith('Selection'));
        expect(ofSeating(told)).toEqual(ofSeating(wanted));
      }
      const listed = await ok(
        mina.get<{ orders: Order[] }>(`/v1/orders?kind=seating.selection&attribute=cafe_id:${cafe.id}`),
      );
      expect(listed.orders.map((order) => order.id)).toEqual([id]);
      const kpis = await ok(admin.get<{ kinds: { kind: string; requested: string }[] }>('/v1/kpis'));
      expect(Number(kpis.kinds.find(({ kind }) => kind === 'seating.selection')?.requested)).toBeGreaterThan(0);
    });

    test('own selections are listed newest first, by status, page by page; nobody else’s are there (C5)', async () => {
      const { newCafe, select, reaches } = people();
      const { cafe, seats } = await newCafe(4);
      const mina = somebody();
      const made: string[] = [];
      for (const seat of seats.slice(0, 3)) {
        const { id } = await select(seat, cafe, noon, mina);
        await reaches(id, 'REGISTERED');
        made.unshift(id);
      }
      const page = (query: string) =>
        ok(mina.get<{ seatSelections: Selection[]; nextPageToken: string }>(`/v1/seat-selections?${query}`));
      const first = await page('page_size=2&status=REGISTERED');
      const second = await page(`page_size=2&status=REGISTERED&page_token=${first.nextPageToken}`);
      expect([...first.seatSelections, ...second.seatSelections].map(({ id }) => id)).toEqual(made);
      expect(second.nextPageToken).toBe('');
      expect((await page('status=CANCELLED')).seatSelections).toEqual([]);
      const stranger = somebody();
      for (const path of [`/v1/seat-selections/${made[0]}`, `/v1/seat-selections/${made[0]}:cancelPreview`])
        expect(refusalOf(await stranger.get(path))).toMatchObject({ status: 404, code: 5 });
      expect(await person(place, 'agent').get(`/v1/seat-selections/${made[0]}`)).toMatchObject({ status: 200 });
    });
  });

  describe('what makes no sense is refused at the POST, with all that is wrong, and nothing is stored', () => {
    const senseless: [string, object, string[]][] = [
      ['in the past', time(-3, 12, 14), ['start_time']],
      ['the end before the start', { start_time: noon.end_time, end_time: noon.start_time }, ['end_time']],
      ['no time at all', { end_time: noon.start_time }, ['end_time']],
      ['off the half-hours', time(3, 12.25, 14.1), ['start_time', 'end_time']],
      ['by a second', { start_time: noon.start_time.replace('00Z', '01Z') }, ['start_time']],
      ['more than twelve hours', time(3, 9, 21.5), ['end_time']],
      ['before the cafe opens', time(3, 7.5, 9), ['start_time']],
      ['after it closes', time(3, 22, 23.5), ['start_time']],
      ['a year ahead', time(365, 12, 14), ['start_time']],
    ];
    test('in every way', async () => {
      const { newCafe } = people();
      const { cafe, seats } = await newCafe(1);
      const mina = somebody();
      const body = { cafe_id: cafe.id, seat_id: seats[0]!.id, ...noon };
      for (const [what, wrong, fields] of senseless) {
        const told = refusalOf(await mina.post('/v1/seat-selections', { ...body, ...wrong }));
        expect({ what, ...told }).toMatchObject({ what, status: 400, code: 3, fields });
      }
      for (const nowhere of [{ cafe_id: v7() }, { seat_id: v7() }])
        expect(refusalOf(await mina.post('/v1/seat-selections', { ...body, ...nowhere }))).toMatchObject({
          status: 404,
          code: 5,
          reason: 'NO_SUCH_SEAT',
        });
      expect(refusalOf(await mina.post('/v1/seat-selections', {})).fields.sort()).toEqual([
        'cafe_id',
        'end_time',
        'seat_id',
        'start_time',
      ]);
      expect(await place.rows('seating', 'select id from selection where customer_id = $1', mina.id)).toEqual([]);
    });
  });
};

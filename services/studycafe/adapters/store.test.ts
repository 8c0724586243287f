import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import { command } from '#adapters/bus/messages.ts';
import type { RpcError } from '#adapters/rpc/errors.ts';
import { RepublishCafes } from '#proto/jari/studycafe/v1/messages.ts';
import { Seat_State as State, type Seat } from '#proto/jari/studycafe/v1/studycafe.ts';
import { noon } from '../testing/sample.ts';
import { openStudycafeService, times, type StudycafeService } from '../testing/service.ts';
import { halfHoursOf, type Period } from '../times.ts';

let shop: StudycafeService;
beforeAll(async () => {
  shop = await openStudycafeService();
});
afterAll(() => shop.close());

const from = (halfHour: number, count: number): Period => ({
  start: noon + minutes(30 * halfHour),
  end: noon + minutes(30 * (halfHour + count)),
});
const types = async (order: string) => (await shop.told(order)).map(({ type }) => type);
const reasonOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: RpcError) => error.reason,
  );
const block = (verb: 'blockSeat' | 'unblockSeat', cafeId: string, seatId: string, period: Period) =>
  shop.ask<Seat>(verb, { cafeId, seatId, ...times(period) });
const stateOf = async (cafeId: string, period: Period) => (await shop.map(cafeId, period)).map(({ state }) => state);

describe('a seat’s half-hours', () => {
  test('of a hundred requests for four seats at once, on two replicas, belong to one each (C6)', async () => {
    const { cafeId, seatIds } = await shop.open(4);
    const replica = shop.replica();
    const wishes = Array.from({ length: 100 }, (_, nth) => ({
      seatId: seatIds[nth % 4]!,
      period: from((nth * 7) % 12, 1 + (nth % 4)),
    }));
    const orders = await Promise.all(
      wishes.map(({ seatId, period }, nth) => (nth % 2 ? shop : replica).hold(seatId, cafeId, period)),
    );
    const answers = await Promise.all(orders.map(types));
    expect(new Set(answers.flat())).toEqual(new Set(['SeatHeld', 'SeatRefused']));
    expect(answers.every(({ length }) => length === 1)).toBe(true);

    const sold = wishes
      .filter((_, nth) => answers[nth]![0] === 'SeatHeld')
      .flatMap(({ seatId, period }) => halfHoursOf(period).map((at) => `${seatId}/${at}`));
    expect(new Set(sold).size).toBe(sold.length);
    for (const halfHour of Array.from({ length: 16 }, (_, nth) => nth)) {
      const states = await stateOf(cafeId, from(halfHour, 1));
      expect(states).toEqual(
        seatIds.map((seatId) => (sold.includes(`${seatId}/${from(halfHour, 1).start}`) ? State.HELD : State.FREE)),
      );
    }
  });

  test('of adjacent times do not meet: one sits down as the other gets up (C6)', async () => {
    const { cafeId, seatIds } = await shop.open(1);
    for (const period of [from(4, 4), from(0, 4), from(8, 2)])
      expect(await types(await shop.hold(seatIds[0]!, cafeId, period))).toEqual(['SeatHeld']);
    expect(await types(await shop.hold(seatIds[0]!, cafeId, from(3, 2)))).toEqual(['SeatRefused']);
  });

  test('that are blocked are not sold, and those of an order are neither blocked nor unblocked (C6)', async () => {
    const { cafeId, seatIds } = await shop.open(2);
    const [first, second] = seatIds as [string, string];
    expect(await block('blockSeat', cafeId, first, from(0, 4))).toMatchObject({
      id: first,
      label: '1',
      state: State.BLOCKED,
    });
    expect(await block('blockSeat', cafeId, first, from(2, 4))).toMatchObject({ state: State.BLOCKED }); // some of it a second time
    expect(await shop.told(await shop.hold(first, cafeId, from(5, 2)))).toMatchObject([
      { type: 'SeatRefused', body: { reason: 'SEAT_BLOCKED' } },
    ]);
    expect(await types(await shop.hold(first, cafeId, from(6, 2)))).toEqual(['SeatHeld']);
    expect(await reasonOf(block('blockSeat', cafeId, first, from(4, 3)))).toBe('SEAT_TAKEN');
    expect(await stateOf(cafeId, from(4, 3))).toEqual([State.BLOCKED, State.FREE]);

    expect(await block('unblockSeat', cafeId, first, from(0, 8))).toMatchObject({ state: State.FREE });
    expect(await stateOf(cafeId, from(0, 6))).toEqual([State.FREE, State.FREE]);
    expect(await stateOf(cafeId, from(6, 1))).toEqual([State.HELD, State.FREE]);
    expect(await block('unblockSeat', cafeId, second, from(0, 1))).toMatchObject({ id: second, state: State.FREE });
    expect(await reasonOf(block('blockSeat', cafeId, newId(), from(0, 1)))).toBe('NO_SUCH_SEAT');
  });

  test('wanted by an order and blocked by an administrator at the same moment are the one’s or the other’s (C6)', async () => {
    const { cafeId, seatIds } = await shop.open(8);
    const replica = shop.replica();
    const outcomes = await Promise.all(
      seatIds.map(async (seatId) => {
        const [blocked, order] = await Promise.all([
          reasonOf(block('blockSeat', cafeId, seatId, from(0, 4))),
          replica.hold(seatId, cafeId, from(2, 4)),
        ]);
        return `${blocked}, ${(await types(order)).join()}`;
      }),
    );
    expect(outcomes.filter((outcome) => !['done, SeatRefused', 'SEAT_TAKEN, SeatHeld'].includes(outcome))).toEqual([]);
    const states = await stateOf(cafeId, from(2, 2));
    expect(states).toEqual(outcomes.map((outcome) => (outcome.startsWith('done') ? State.BLOCKED : State.HELD)));
  });

  test('are HELD, then TAKEN, and free again when the order lets go (C4, C5)', async () => {
    const { cafeId, seatIds } = await shop.open(1);
    const order = await shop.hold(seatIds[0]!, cafeId, from(0, 2));
    expect(await stateOf(cafeId, from(1, 4))).toEqual([State.HELD]);
    await shop.register(order);
    expect(await stateOf(cafeId, from(1, 4))).toEqual([State.TAKEN]);
    expect(await stateOf(cafeId, from(2, 4))).toEqual([State.FREE]);
    await shop.release(order);
    expect(await stateOf(cafeId, from(0, 4))).toEqual([State.FREE]);
    expect(await types(order)).toEqual(['SeatHeld', 'SeatRegistered', 'SeatReleased']);
  });
});

describe('a command that comes twice, or late', () => {
  test('is answered as before', async () => {
    const { cafeId, seatIds } = await shop.open(1);
    const order = await shop.hold(seatIds[0]!, cafeId, from(0, 2));
    await shop.hold(seatIds[0]!, cafeId, from(0, 2), order);
    expect((await shop.told(order)).map(({ type, body }) => [type, body['version']])).toEqual([
      ['SeatHeld', 1n],
      ['SeatHeld', 1n],
    ]);
  });
  test('takes nothing once the order has let go', async () => {
    const { cafeId, seatIds } = await shop.open(1);
    const order = newId();
    await shop.release(order);
    await shop.hold(seatIds[0]!, cafeId, from(0, 2), order);
    expect(await types(order)).toEqual(['SeatReleased', 'SeatReleased']);
    expect(await stateOf(cafeId, from(0, 2))).toEqual([State.FREE]);
  });
});

test('every cafe is published again when a replica asks for it', async () => {
  const { cafeId } = await shop.open(2);
  await shop.hear(command('jari.studycafe.v1.RepublishCafes', RepublishCafes, '', {}));
  const told = await shop.told(cafeId);
  expect(told.map(({ type, body }) => [type, (body['cafe'] as { version: bigint }).version])).toEqual([
    ['CafeOpened', 1n],
    ['CafeOpened', 1n],
  ]);
  expect(told[1]?.body['cafe']).toMatchObject({
    cafeId,
    name: 'Books',
    opens: '08:00',
    closes: '23:00',
    seats: [{ label: '1' }, { label: '2' }],
  });
});

import { expect, test } from '@jest/globals';
import { Unavailable } from '#adapters/failures/failures.ts';
import { Seat_State } from '#proto/jari/studycafe/v1/studycafe.ts';
import { seatsOver } from './studycafe.ts';

const period = { start: 0, end: 3_600_000 };

test('a seat that studycafe holds or has registered is taken, and a blocked one is blocked (B1)', async () => {
  const seat = { label: '1', x: 0, y: 0, features: [] };
  const { FREE, HELD, TAKEN, BLOCKED } = Seat_State;
  const seats = [FREE, HELD, TAKEN, BLOCKED].map((state, nth) => ({ ...seat, id: `s${nth}`, state }));
  const { states } = seatsOver({ listSeats: () => Promise.resolve({ seats }) });
  expect([...((await states('cafe', period)) ?? [])]).toEqual([
    ['s0', 'free'],
    ['s1', 'taken'],
    ['s2', 'taken'],
    ['s3', 'blocked'],
  ]);
});

test('while studycafe does not answer, no state of a seat is known (B1)', async () => {
  const { states } = seatsOver({ listSeats: () => Promise.reject(new Unavailable('studycafe is away')) });
  expect(await states('cafe', period)).toBeUndefined();
});

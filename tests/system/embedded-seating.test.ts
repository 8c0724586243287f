import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { becomes } from './kit/eventually.ts';
import { person } from './kit/people.ts';
import { seating, time } from './kit/seating.ts';
import { chosenCards } from './kit/suites/cards.ts';
import { seatsCalledOff } from './kit/suites/seats-in-trouble.ts';
import { seatStory } from './kit/suites/seats.ts';
import { watchedSeats } from './kit/suites/seats-watched.ts';

// The requirements C1–C9, on `node services/run.ts` with its own PostgreSQL and the sandbox provider behind HTTP.

const jari = await embedded({ JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_HEARTBEAT_SECONDS: '1' });
const hasty = await embedded({ JARI_SEATING_PAYMENT_SECONDS: '1' });
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('a study cafe', () => seatStory(jari));
describe('cards that customers choose', () => chosenCards(jari));
describe('a watched seat map', () => watchedSeats(jari));
describe('a selection, called off', () => seatsCalledOff(jari));

describe('a payment that stays undecided past its deadline', () => {
  beforeAll(() => hasty.up(), 60_000);
  afterAll(() => hasty.remove(), 60_000);

  test('is called off, the seat is free, and what was charged meanwhile goes back (C9)', async () => {
    const { newCafe, select, reaches, provider, paid, payment, states } = seating(hasty);
    const { cafe, seats } = await newCafe(1);
    await provider('SLOW', 2_500);
    const { id } = await select(seats[0]!, cafe, time(3, 12, 14), person(hasty, 'mina'));
    expect(await reaches(id, 'CANCELLED')).toMatchObject({ reason: 'PAYMENT_TIMEOUT' });
    await becomes(() => states(cafe, time(3, 12, 14)), ['FREE']);
    await provider('NORMAL');
    await becomes(() => payment(id), { status: 'CANCELLED' });
    expect(await paid(id)).toBe(0);
  });
});

import { describe, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { registration, type RegistrationEvent, type RegistrationInput } from './registration.ts';
import { at, blocked, cafe, free, kept, noon, wish } from './testing/sample.ts';

const kind = 'seating.selection';
const held: RegistrationEvent = { type: 'SeatHeld', kind, wish };
const taken: RegistrationEvent = { type: 'SeatRefused', kind, wish, reason: 'SEAT_TAKEN' };
const registered: RegistrationEvent = { type: 'SeatRegistered' };
const released: RegistrationEvent = { type: 'SeatReleased', kind };
const again: RegistrationEvent = { type: 'AnswerRepeated' };

const hold: Extract<RegistrationInput, { type: 'HoldSeat' }> = { type: 'HoldSeat', kind, wish, cafe, taken: free, at };
const { given } = spec(registration);

describe('an order’s seat', () => {
  test('is held when it is free (C6)', () => given().when(hold).then(held));
  test.each([
    ['somebody has some of the time', 'SEAT_TAKEN', { taken: kept }],
    ['an administrator blocked some of the time', 'SEAT_BLOCKED', { taken: blocked }],
    ['the time has begun', 'TIME_PASSED', { at: noon }],
    ['there is no such seat', 'NO_SUCH_SEAT', { wish: { ...wish, seatId: 'seat-99' } }],
    ['there is no such cafe', 'NO_SUCH_SEAT', { cafe: { status: 'none' } }],
  ] as const)('is refused when %s (C6)', (_, reason, but) => {
    const input = { ...hold, ...but };
    given().when(input).then({ type: 'SeatRefused', kind, wish: input.wish, reason });
  });
  test('may begin up to the last moment before', () =>
    given()
      .when({ ...hold, at: noon - 1 })
      .then(held));
});

describe('every state meets every command, and answers it', () => {
  const histories = {
    none: [],
    'released before it was asked for': [released],
    held: [held],
    registered: [held, registered],
    refused: [taken],
    released: [held, released],
    'released when registered': [held, registered, released],
  } satisfies Record<string, RegistrationEvent[]>;
  const inputs = { hold, register: { type: 'RegisterSeat' }, release: { type: 'ReleaseSeat', kind } } satisfies Record<
    string,
    RegistrationInput
  >;

  const table: Record<keyof typeof histories, Record<keyof typeof inputs, RegistrationEvent[]>> = {
    none: { hold: [held], register: [], release: [released] },
    'released before it was asked for': { hold: [again], register: [again], release: [released] },
    held: { hold: [again], register: [registered], release: [released] },
    registered: { hold: [again], register: [again], release: [released] },
    refused: { hold: [again], register: [again], release: [released] },
    released: { hold: [again], register: [again], release: [released] },
    'released when registered': { hold: [again], register: [again], release: [released] },
  };
  const pairs = (Object.keys(histories) as (keyof typeof histories)[]).flatMap((history) =>
    (Object.keys(inputs) as (keyof typeof inputs)[]).map((input) => [history, input] as const),
  );
  test.each(pairs)('%s, %s', (history, input) =>
    given(...histories[history])
      .when(inputs[input])
      .then(...table[history][input]),
  );
});

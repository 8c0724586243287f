import { expect, test } from '@jest/globals';
import { Unavailable } from '#adapters/failures/failures.ts';
import { nightsOver } from './property.ts';

const range = ['room', '2026-12-24', '2026-12-26'] as const;

test('the nights that property says are free are free (B1)', async () => {
  const nights = [
    { date: '2026-12-24', free: true },
    { date: '2026-12-25', free: false },
  ];
  const { free } = nightsOver({ getAvailability: () => Promise.resolve({ nights }) });
  expect(await free(...range)).toEqual(new Set(['2026-12-24']));
});

test('while property does not answer, it is not known which are free (B1)', async () => {
  const { free } = nightsOver({ getAvailability: () => Promise.reject(new Unavailable('property is away')) });
  expect(await free(...range)).toBeUndefined();
});

import { expect, test } from '@jest/globals';
import { sentence } from './sentence.ts';

test('an event of any business reads as a sentence, with its reason where there is one', () => {
  expect(sentence('jari.lodging.v1.ReservationPaid')).toBe('Reservation paid');
  expect(sentence('jari.lodging.v1.ReservationRejected', 'NIGHTS_TAKEN')).toBe('Reservation rejected: nights taken');
  expect(sentence('jari.lodging.v1.ReservationRejected', 'DECLINED_BY_HOST', 'We repaint that week')).toBe(
    'Reservation rejected: declined by host: We repaint that week',
  );
});

import { describe, expect, test } from '@jest/globals';
import type { Entry } from './order-view.ts';
import { entryText, statusText } from './display-texts.ts';
import { headWith } from './testing/orders.ts';

const entry = (told: Partial<Entry>): Entry => ({
  ...{ id: 'm1', type: 'jari.lodging.v1.ReservationRejected', source: '/lodging', at: 0 },
  ...{ text: 'Reservation rejected: declined by host: We repaint that week', ...told },
});

describe('a state', () => {
  test('is told by the business, in either language', () => {
    const head = headWith({ status: 'PAYMENT_PENDING', phase: 'WAITING' });
    expect([statusText(head, 'ko'), statusText(head, 'en')]).toEqual(['결제 기다리는 중', 'Waiting for payment']);
  });
  test('of a business without words is told by its phase', () => {
    const order = { kind: 'camping.pitch', id: 'p1' };
    const head = headWith({ status: 'KEPT', phase: 'ACTIVE', order } as never);
    expect([statusText(head, 'ko'), statusText(head, 'en')]).toEqual(['진행 중', 'In progress']);
  });
});

describe('what happened', () => {
  test('is told in either language, with what a person wrote of it', () => {
    const told = entry({ reasonText: 'We repaint that week' });
    expect(entryText(told, 'ko')).toBe('예약되지 않았어요: We repaint that week');
    expect(entryText(told, 'en')).toBe('It was not booked: We repaint that week');
  });
  test('is told without it in a line of an earlier version', () => {
    expect(entryText(entry({}), 'en')).toBe('It was not booked');
  });
  test('at a business without words is told by the name of the event', () => {
    const told = entry({ type: 'jari.camping.v1.PitchKept', text: 'Pitch kept' });
    expect(entryText(told, 'ko')).toBe('Pitch kept');
  });
});

import { expect, test } from '@jest/globals';
import pino from 'pino';
import { busContract, listener, message } from './contract.ts';
import { inProcessBus } from './in-process.ts';
import { matches } from './topic.ts';

const log = pino({ level: 'silent' });

busContract('the bus in one process', () => inProcessBus({ log }));

test('a message is safe only when every service has committed it', async () => {
  const bus = inProcessBus({ log });
  const views = listener('views', { events: ['#'] });
  let down = true;
  const payout = listener('payout', { events: ['#'] }, async () => {
    if (down) throw new Error('the database is away');
  });
  bus.subscribe(views.subscription);
  bus.subscribe(payout.subscription);
  const paid = message('order.lodging.ReservationPaid');
  expect(await bus.publish([paid])).toEqual(new Set());
  down = false;
  expect(await bus.publish([paid])).toEqual(new Set([paid.id]));
});

test('a message that no queue takes is logged once, however often it is sent', async () => {
  const lines: string[] = [];
  const bus = inProcessBus({ log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) });
  await bus.publish([message('nobody.Hears'), message('nobody.Hears')]);
  await bus.publish([message('nobody.Hears')]);
  expect(lines.map((line) => JSON.parse(line).routingKey)).toEqual(['nobody.Hears']);
});

test.each([
  ['property.StayConfirmed', 'property.StayConfirmed', true],
  ['property.StayConfirmed', 'property.StayRejected', false],
  ['property.*', 'property.StayConfirmed', true],
  ['property.*', 'property', false],
  ['*.lodging.*', 'order.lodging.ReservationPaid', true],
  ['order.#', 'order', true],
  ['order.#', 'order.lodging.ReservationPaid', true],
  ['order.#', 'orders.lodging', false],
  ['#.ReservationPaid', 'order.lodging.ReservationPaid', true],
  ['#.lodging.#', 'lodging', true],
  ['#', '', true],
])('pattern %s and key %s: %s', (pattern, key, expected) => expect(matches(pattern, key)).toBe(expected));

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { native } from './faults/native.ts';
import { seatsWhileOthersAreDown } from './kit/suites/seats-in-trouble.ts';
import { seatsSoldOnce } from './kit/suites/seats-sold-once.ts';
import { seatStory } from './kit/suites/seats.ts';
import { watchedSeats } from './kit/suites/seats-watched.ts';

// The requirements C1–C9 on the real parts (Envoy, RabbitMQ, PostgreSQL, a process per service), and K5: no other business is there.

const services = ['seating', 'studycafe', 'payment', 'views'];
const jari = await native({ JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_HEARTBEAT_SECONDS: '1' }, { services });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

async function killed(): Promise<void> {
  for (const service of ['payment', 'seating', 'studycafe']) {
    await pause(700);
    await jari.kill(service);
    await jari.start(service);
  }
}

describe('a study cafe', () => seatStory(jari));
describe('a watched seat map', () => watchedSeats(jari));
describe('seats, wanted by many at once, while services are killed', () =>
  seatsSoldOnce(jari, { wishes: 2_000, meanwhile: killed }));
describe('seats, when others are down', () => seatsWhileOthersAreDown(jari));

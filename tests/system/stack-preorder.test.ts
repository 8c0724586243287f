import { afterAll, beforeAll, describe } from '@jest/globals';
import { native } from './faults/native.ts';
import { preorderStory } from './kit/suites/preorder.ts';
import { preordersInTrouble } from './kit/suites/preorder-trouble.ts';

// The requirements P1–P12 on the real parts: Envoy, RabbitMQ, PostgreSQL, a process per service.

const jari = await native({ JARI_PREORDER_INTENT_SECONDS: '5' }, { services: ['preorder', 'assignment', 'inventory', 'delivery', 'notification', 'views'] });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

describe('pre-ordering a phone', () => preorderStory(jari));
describe('pre-ordering a phone, when others are down', () => preordersInTrouble(jari));

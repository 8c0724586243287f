import { afterAll, beforeAll, describe } from '@jest/globals';
import { native } from './faults/native.ts';
import { tutoringRaces } from './kit/suites/tutoring-races.ts';
import { tutoringStory } from './kit/suites/tutoring-story.ts';
import { tutoringInTrouble } from './kit/suites/tutoring-trouble.ts';

// The requirements T1–T14 on the real parts: Envoy, RabbitMQ, PostgreSQL, a process per service, the sandboxes in theirs.

const services = ['payment', 'approval', 'payout', 'lecture', 'tutoring', 'views'];
const jari = await native({ JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_PAYOUT_HOLD_SECONDS: '1' }, { services });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

describe('tutoring', () => tutoringStory(jari));
describe('tutoring, when many act at once', () => tutoringRaces(jari));
describe('tutoring, when others are down', () => tutoringInTrouble(jari, { purchases: 100, sales: 50, payouts: 12 }));

import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { tutoringRaces } from './kit/suites/tutoring-races.ts';
import { tutoringStory } from './kit/suites/tutoring-story.ts';

// The requirements T1–T10, T13 and T14, on `node services/run.ts` with its own PostgreSQL, the sandbox provider and the sandbox bank behind HTTP.

const jari = await embedded({ JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_PAYOUT_HOLD_SECONDS: '1' }, [
  'payment',
  'approval',
  'payout',
  'lecture',
  'tutoring',
  'views',
]);
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('tutoring', () => tutoringStory(jari));
describe('tutoring, when many act at once', () => tutoringRaces(jari));

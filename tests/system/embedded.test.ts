import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { hostsDecide } from './kit/suites/hosting.ts';
import { lodgingDeadlines } from './kit/suites/impatience.ts';
import { lodgingRaces } from './kit/suites/races.ts';
import { rebuiltViews } from './kit/suites/rebuilding.ts';
import { lodgingStory } from './kit/suites/story.ts';
import { lodgingInTrouble } from './kit/suites/trouble.ts';
import { watchedOrder } from './kit/suites/watching.ts';

// The requirements L1–L13, on `node services/run.ts` with its own PostgreSQL and the sandbox provider behind HTTP.

const jari = await embedded({ JARI_PAYMENT_ANSWER_SECONDS: '2' });
const hasty = await embedded({ JARI_STAY_ANSWER_SECONDS: '1', JARI_LODGING_PAYMENT_SECONDS: '1' });
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('lodging', () => lodgingStory(jari));
describe('a host', () => hostsDecide(jari));
describe('a watched order', () => watchedOrder(jari));
describe('the read models', () => rebuiltViews(jari));
describe('lodging, when two act at once', () => lodgingRaces(jari));
describe('lodging, when others are down', () => lodgingInTrouble(jari));

describe('lodging, when nobody answers', () => {
  beforeAll(() => hasty.up(), 60_000);
  afterAll(() => hasty.remove(), 60_000);
  lodgingDeadlines(hasty);
});

import { afterAll, beforeAll, describe } from '@jest/globals';
import { native } from './faults/native.ts';
import { accessTable } from './kit/suites/access.ts';
import { badInput } from './kit/suites/bad-input.ts';
import { idempotencyKeys } from './kit/suites/idempotency.ts';
import { nightsAreSoldOnce } from './kit/suites/nights.ts';
import { lodgingRaces } from './kit/suites/races.ts';
import { lodgingStory } from './kit/suites/story.ts';
import { forgedTokens } from './kit/suites/tokens.ts';
import { lodgingInTrouble } from './kit/suites/trouble.ts';
import { watchedOrder } from './kit/suites/watching.ts';

const jari = await native({ JARI_PAYMENT_ANSWER_SECONDS: '2' });
beforeAll(() => jari.stack.up(), 120_000);
afterAll(() => jari.remove(), 60_000);

describe('bad input', () => badInput(jari, { namesTypes: false }));
describe('tokens', () => forgedTokens(jari));
describe('access', () => accessTable(jari));
describe('lodging', () => lodgingStory(jari));
describe('a watched order', () => watchedOrder(jari));
describe('lodging, when two act at once', () => lodgingRaces(jari));
describe('lodging, when others are down', () => lodgingInTrouble(jari));
describe('idempotency keys', () => idempotencyKeys(jari));
describe('nights', () => nightsAreSoldOnce(jari));

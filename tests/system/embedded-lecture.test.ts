import { afterAll, beforeAll, describe } from '@jest/globals';
import { embedded } from './kit/embedded.ts';
import { lectureInBrowsers } from './kit/suites/browsers.ts';
import { lectureStory } from './kit/suites/lectures.ts';
import { signalling } from './kit/suites/signalling.ts';

// The lecture system (T7) with the read models that hear it, on `node services/run.ts tutoring lecture views` with its own PostgreSQL.

const jari = await embedded({ JARI_HEARTBEAT_SECONDS: '4' }, ['tutoring', 'lecture', 'views']);
beforeAll(() => jari.up(), 60_000);
afterAll(() => jari.remove(), 60_000);

describe('a lecture', () => lectureStory(jari));
describe('in the room of a lecture', () => signalling(jari));
describe('a lecture in two browsers', () => lectureInBrowsers(jari));

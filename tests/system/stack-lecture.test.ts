import { afterAll, beforeAll, describe } from '@jest/globals';
import { native } from './faults/native.ts';
import { lectureInBrowsers } from './kit/suites/browsers.ts';
import { lectureStory } from './kit/suites/lectures.ts';
import { signalling } from './kit/suites/signalling.ts';

// The lecture system (T7) on the real parts. There are two processes of it: the two people's calls and streams go by either.

const jari = await native({ JARI_HEARTBEAT_SECONDS: '4' }, { services: ['lecture', 'views'], replicasEach: 2 });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

describe('a lecture', () => lectureStory(jari));
describe('in the room of a lecture', () => signalling(jari));
describe('a lecture in two browsers', () => lectureInBrowsers(jari));

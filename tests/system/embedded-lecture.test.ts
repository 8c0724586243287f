import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { embedded } from './kit/embedded.ts';
import { lecturing } from './kit/lecture.ts';
import { refusalOf } from './kit/people.ts';
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

// Last, since it uses up what the person may send.
test('a person sends 120 signals at once, and no more (T7)', async () => {
  const { buyer, path, scheduled } = lecturing(jari);
  const id = await scheduled();
  const answers = await Promise.all(
    Array.from({ length: 300 }, () => buyer.post(path(id, ':signal'), { sessionId: newId(), payload: 'hello' })),
  );
  const reasons = answers.map((answer) => refusalOf(answer).reason);
  expect(new Set(reasons)).toEqual(new Set(['SESSION_OVER', 'RATE_LIMITED']));
  expect(reasons.filter((reason) => reason === 'SESSION_OVER').length).toBeLessThan(200);
});

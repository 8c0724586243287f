import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { native } from './faults/native.ts';
import { eventually } from './kit/eventually.ts';
import { lecturing } from './kit/lecture.ts';
import { lectureInBrowsers } from './kit/suites/browsers.ts';
import { lectureStory } from './kit/suites/lectures.ts';
import { signalling } from './kit/suites/signalling.ts';

// The lecture system (T7) on the real parts. There are two processes of it: the two people's calls and streams go by either.

const jari = await native(
  { JARI_HEARTBEAT_SECONDS: '4' },
  { services: ['tutoring', 'lecture', 'views'], replicasEach: 2 },
);
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

describe('a lecture', () => lectureStory(jari));
describe('in the room of a lecture', () => signalling(jari));
describe('a lecture in two browsers', () => lectureInBrowsers(jari));

test('one of the processes is killed in the midst of a lecture: who comes back is still in the room, who does not has left it (T7)', async () => {
  const { buyer, seller, read, scheduled, join, signal, watch } = lecturing(jari);
  const id = await scheduled();
  const [mine, yours] = [await join(id, buyer), await join(id, seller)];
  const before = [await watch(id, buyer, mine), await watch(id, seller, yours)];
  await jari.stack.kill('lecture');
  const iSee = await watch(id, buyer, mine);
  for (const stream of before) stream.leave();
  await eventually(
    async () => iSee.room()?.peers.length,
    (peers) => peers === 2,
  );
  expect((await signal(id, buyer, mine, 'are you there?')).body).toMatchObject({ fromPeerId: mine.peerId });
  await eventually(
    async () => iSee.room()?.peers.length,
    (peers) => peers === 1,
  );
  expect(await read(id)).toMatchObject({
    status: 'LIVE',
    attendance: [{ userId: buyer.id }, { userId: seller.id, leaveTime: expect.any(String) }],
  });
  iSee.leave();
  await jari.stack.start('lecture');
}, 90_000);

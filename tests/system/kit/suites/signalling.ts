import { expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { eventually } from '../eventually.ts';
import { lecturing, type Watching } from '../lecture.ts';
import { ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

/** How two pages in a room hear of each other (T7). Streams and calls go through whichever replica the gateway picks. */
export const signalling = (place: Place): void => {
  const { buyer, seller, path, read, scheduled, cancel, join, signal, watch, end } = lecturing(place);

  const peersAre = (watching: Watching, ...peers: string[]): Promise<unknown> =>
    eventually(
      async () => watching.room()?.peers.map(({ peerId }) => peerId),
      (seen) => expect(seen).toEqual(peers),
    );
  const hears = (watching: Watching, ...payloads: string[]): Promise<unknown> =>
    eventually(
      async () => watching.heard().map(({ payload }) => payload),
      (heard) => expect(heard).toEqual(payloads),
    );
  const meeting = async ({ inSeconds = 60 } = {}) => {
    const id = await scheduled({ inSeconds });
    const mine = await join(id, buyer);
    const iSee = await watch(id, buyer, mine);
    const yours = await join(id, seller);
    const youSee = await watch(id, seller, yours);
    return { id, mine, iSee, yours, youSee, leave: () => [iSee, youSee].forEach((each) => each.leave()) };
  };

  test('each sees the other come; signals arrive at the other alone, in the order in which they were sent (T7)', async () => {
    const { id, mine, iSee, yours, youSee, leave } = await meeting();
    await peersAre(iSee, mine.peerId, yours.peerId);
    await peersAre(youSee, mine.peerId, yours.peerId);
    expect(youSee.room()).toMatchObject({
      lecture: { id, status: 'LIVE' },
      peers: [{ userId: buyer.id }, { userId: seller.id }],
    });
    const there = Array.from({ length: 30 }, (_, index) => `there ${index}`);
    const back = Array.from({ length: 30 }, (_, index) => `back ${index}`);
    const send = async (
      payloads: readonly string[],
      ...[by, from, to]: [typeof buyer, typeof mine, typeof yours]
    ): Promise<void> => {
      for (const payload of payloads)
        expect(await ok(signal(id, by, from, payload, to.peerId))).toMatchObject({ fromPeerId: from.peerId, payload });
    };
    await Promise.all([send(there, buyer, mine, yours), send(back, seller, yours, mine)]);
    await Promise.all([hears(youSee, ...there), hears(iSee, ...back)]);
    expect(youSee.heard().map(({ number }) => Number(number))).toEqual(there.map((_, index) => index + 1));
    expect(new Set(iSee.heard().map(({ fromPeerId }) => fromPeerId))).toEqual(new Set([yours.peerId]));
    expect(youSee.events.filter(({ snapshot }) => snapshot)).toHaveLength(1);
    leave();
  });

  test('what was sent before the other one watched is heard; so it is by who watches again, under the same numbers, and told that all is well', async () => {
    const id = await scheduled();
    const [mine, yours] = [await join(id, buyer), await join(id, seller)];
    await ok(signal(id, buyer, mine, 'one'));
    await ok(signal(id, buyer, mine, 'two'));
    const first = await watch(id, seller, yours);
    await hears(first, 'one', 'two');
    const again = await watch(id, seller, yours);
    first.leave();
    await ok(signal(id, buyer, mine, 'three'));
    await hears(again, 'one', 'two', 'three');
    expect(again.heard().map(({ number }) => number)).toEqual(['1', '2', '3']);
    // The stream that broke off was not the last one: nobody left.
    await eventually(
      async () => again.events.filter(({ heartbeat }) => heartbeat).length,
      (beats) => beats >= 1,
    );
    expect((await read(id)).attendance.map(({ leaveTime }) => leaveTime)).toEqual([undefined, undefined]);
    again.leave();
  });

  test('who enters again is somebody new: the old session is over, and nothing that was meant for it comes through', async () => {
    const { id, mine, iSee, yours, youSee, leave } = await meeting();
    await ok(signal(id, buyer, mine, 'to the old page', yours.peerId));
    const renewed = await join(id, seller);
    await youSee.ended;
    expect(youSee.events.at(-1)).toMatchObject({ error: { code: 9 } });
    await peersAre(iSee, mine.peerId, renewed.peerId);
    const now = await watch(id, seller, renewed);
    expect(refusalOf(await signal(id, buyer, mine, 'late', yours.peerId))).toMatchObject({
      status: 400,
      reason: 'PEER_GONE',
    });
    expect(refusalOf(await signal(id, seller, yours, 'from the old page'))).toMatchObject({
      status: 400,
      reason: 'SESSION_OVER',
    });
    expect(refusalOf(await seller.get(path(id, `:watch?session_id=${yours.sessionId}`)))).toMatchObject({
      status: 400,
      reason: 'SESSION_OVER',
    });
    await ok(signal(id, buyer, mine, 'to the new page', renewed.peerId));
    await ok(signal(id, seller, renewed, 'from the new page'));
    await Promise.all([hears(now, 'to the new page'), hears(iSee, 'from the new page')]);
    expect((await read(id)).attendance.map(({ userId }) => userId)).toEqual([buyer.id, seller.id]);
    now.leave();
    leave();
  });

  test('a signal is some text, and a session is of one person in one lecture', async () => {
    const { id, mine, yours, leave } = await meeting();
    for (const payload of ['', 'a\0b', 'a'.repeat(40_000)])
      expect(refusalOf(await signal(id, buyer, mine, payload))).toMatchObject({
        status: 400,
        code: 3,
        fields: ['payload'],
      });
    const elsewhere = await join(await scheduled(), buyer);
    for (const { sessionId } of [yours, elsewhere, { sessionId: newId() }])
      expect(refusalOf(await signal(id, buyer, { ...mine, sessionId }, 'hello'))).toMatchObject({
        status: 400,
        reason: 'SESSION_OVER',
      });
    leave();
  });

  test('who leaves is seen to leave, cannot be sent anything, and may come back', async () => {
    const { id, mine, iSee, yours, youSee } = await meeting();
    await peersAre(iSee, mine.peerId, yours.peerId);
    youSee.leave();
    await peersAre(iSee, mine.peerId);
    expect(iSee.room()?.lecture).toMatchObject({
      status: 'LIVE',
      attendance: [{ userId: buyer.id }, { userId: seller.id, leaveTime: expect.any(String) }],
    });
    expect(refusalOf(await signal(id, buyer, mine, 'anybody?'))).toMatchObject({ status: 400, reason: 'PEER_GONE' });
    const back = await join(id, seller);
    await peersAre(iSee, mine.peerId, back.peerId);
    iSee.leave();
  });

  test('both see it when the lecture ends or is cancelled, and are let go', async () => {
    const { id, iSee, youSee } = await meeting({ inSeconds: -5 });
    await ok(end(id, seller));
    await Promise.all([iSee.ended, youSee.ended]);
    for (const { events } of [iSee, youSee])
      expect(events.at(-1)).toMatchObject({ change: { lecture: { status: 'ENDED' }, peers: [] } });

    const other = await scheduled();
    const waiting = await watch(other, buyer, await join(other, buyer));
    await cancel(other);
    await waiting.ended;
    expect(waiting.events.at(-1)).toMatchObject({ change: { lecture: { status: 'CANCELLED' }, peers: [] } });
  });

  test('pressed twice under one key, joining gives one session and a signal arrives once', async () => {
    const id = await scheduled();
    const key = (): Record<string, string> => ({ 'idempotency-key': newId() });
    const joining = key();
    const [one, two] = await Promise.all(
      [1, 2].map(() => ok(buyer.post<{ sessionId: string }>(path(id, ':join'), {}, joining))),
    );
    expect(two).toEqual(one);
    const yours = await join(id, seller);
    const youSee = await watch(id, seller, yours);
    const sending = key();
    for (let times = 2; times; times--)
      await ok(buyer.post(path(id, ':signal'), { sessionId: one?.sessionId, payload: 'once' }, sending));
    await ok(buyer.post(path(id, ':signal'), { sessionId: one?.sessionId, payload: 'last' }));
    await hears(youSee, 'once', 'last');
    youSee.leave();
  });
};

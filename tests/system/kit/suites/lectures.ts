import { expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { becomes, eventually } from '../eventually.ts';
import { lecturing, startComes, type Lecture } from '../lecture.ts';
import { nobody, ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

/** Two people and a lecture (T7). */
export const lectureStory = (place: Place): void => {
  const { buyer, seller, path, read, scheduled, cancel, told, join, end } = lecturing(place);
  const live = async (): Promise<string> => {
    const id = await scheduled();
    await join(id, buyer);
    await join(id, seller);
    return id;
  };

  test('is in the lists of its buyer and its seller, and there for nobody else (T7)', async () => {
    const id = await scheduled();
    for (const who of [buyer, seller]) {
      const { lectures } = await ok(who.get<{ lectures: Lecture[] }>('/v1/lectures?status=SCHEDULED'));
      expect(lectures[0]).toMatchObject({
        id,
        status: 'SCHEDULED',
        buyerId: buyer.id,
        sellerId: seller.id,
        minutes: 50,
        attendance: [],
      });
    }
    const first = await ok(buyer.get<{ lectures: Lecture[]; nextPageToken: string }>('/v1/lectures?page_size=1'));
    await scheduled();
    const second = await ok(buyer.get<{ lectures: Lecture[]; nextPageToken: string }>('/v1/lectures?page_size=1'));
    const next = await ok(
      buyer.get<{ lectures: Lecture[] }>(`/v1/lectures?page_size=1&page_token=${second.nextPageToken}`),
    );
    expect(next.lectures).toEqual(first.lectures);

    const { sessionId } = await join(id, buyer);
    const signal = { sessionId, payload: 'hello' };
    for (const stranger of [person(place, 'stranger'), person(place, 'other:seller'), person(place, 'admin')]) {
      for (const call of [stranger.get(path(id)), stranger.get(path(id, `:watch?session_id=${sessionId}`))])
        expect(refusalOf(await call)).toMatchObject({ status: 404, code: 5 });
      for (const [verb, body] of [
        [':join', {}],
        [':end', {}],
        [':signal', signal],
      ] as const)
        expect(refusalOf(await stranger.post(path(id, verb), body))).toMatchObject({ status: 404, code: 5 });
      expect(await ok(stranger.get('/v1/lectures'))).toMatchObject({ lectures: [] });
    }
    expect(refusalOf(await nobody(place).post(path(id, ':join'), {}))).toMatchObject({ status: 401, code: 16 });
    expect((await read(id)).attendance).toHaveLength(1);
  });

  test('opens ten minutes before the start (T7)', async () => {
    const later = await scheduled({ inSeconds: 3_600 });
    expect(refusalOf(await seller.post(path(later, ':join'), {}))).toMatchObject({
      status: 400,
      code: 9,
      reason: 'TOO_EARLY',
    });
    await join(await scheduled({ inSeconds: 590 }), seller);
  });

  test('is LIVE once both are there, and ENDED when the seller says so, with the attendance of both (T7)', async () => {
    const id = await scheduled();
    const first = await join(id, buyer);
    expect(await read(id)).toMatchObject({ status: 'SCHEDULED', attendance: [{ userId: buyer.id }] });
    expect((await read(id)).attendance[0]?.leaveTime).toBeUndefined();
    const early = await end(id, seller);
    expect(refusalOf(early)).toMatchObject({ status: 400, code: 9, reason: 'LECTURE_NOT_STARTED' });
    const { startTime } = await read(id);
    expect(early.body).toMatchObject({
      details: [{ metadata: { start_time: new Date(startTime).toISOString() } }],
    });
    const begun = await scheduled({ inSeconds: -5 });
    expect(refusalOf(await end(begun, seller))).toMatchObject({ status: 400, code: 9, reason: 'NOT_LIVE' });
    const second = await join(id, seller);
    expect(new Set([first.peerId, first.sessionId, second.peerId, second.sessionId]).size).toBe(4);
    expect(await read(id)).toMatchObject({ status: 'LIVE' });
    expect(refusalOf(await end(id, buyer))).toMatchObject({ status: 403, code: 7, reason: 'NOT_THE_SELLER' });
    expect(refusalOf(await end(id, seller))).toMatchObject({ status: 400, code: 9, reason: 'LECTURE_NOT_STARTED' });

    await startComes(place, id);
    const ended = await ok(end(id, seller));
    expect(ended).toMatchObject({ status: 'ENDED', attendance: [{ userId: buyer.id }, { userId: seller.id }] });
    for (const { joinTime, leaveTime } of ended.attendance)
      expect(Date.parse(leaveTime!)).toBeGreaterThanOrEqual(Date.parse(joinTime));
    expect(await ok(end(id, seller))).toEqual(ended);
    expect(refusalOf(await buyer.post(path(id, ':join'), {}))).toMatchObject({ status: 400, reason: 'LECTURE_OVER' });
    expect(await told(id)).toEqual(['LectureScheduled', 'LectureStarted', 'LectureEnded']);
  });

  test('is ENDED by the clock, also when nobody ever came, or it was asked for too late', async () => {
    const [soon, late] = await Promise.all([
      scheduled({ inSeconds: -53, minutes: 1 }),
      scheduled({ inSeconds: -3_600, minutes: 50 }),
    ]);
    expect(await read(soon)).toMatchObject({ status: 'SCHEDULED' });
    await becomes(() => read(late), { status: 'ENDED', attendance: [] });
    const ended = await becomes(() => read(soon), { status: 'ENDED' });
    expect(ended.attendance).toEqual([]);
    expect(await told(late)).toEqual(['LectureScheduled', 'LectureEnded']);
  });

  test('is cancelled, also twice or before it is scheduled, but not once both have met', async () => {
    const [id, meeting, early] = [await scheduled(), await live(), newId()];
    await join(id, buyer);
    await Promise.all([id, id, early, meeting].map(cancel));
    const cancelled = await becomes(() => read(id), { status: 'CANCELLED' });
    expect(cancelled.attendance).toEqual([
      { userId: buyer.id, joinTime: expect.any(String), leaveTime: expect.any(String) },
    ]);
    expect(refusalOf(await buyer.post(path(id, ':join'), {}))).toMatchObject({ status: 400, reason: 'LECTURE_OVER' });
    const tells = (which: string, ...events: string[]): Promise<unknown> =>
      eventually(
        () => told(which),
        (all) => expect(all).toEqual(events),
      );
    await tells(id, 'LectureScheduled', 'LectureCancelled', 'LectureCancelled');
    await tells(early, 'LectureCancelled');
    expect(refusalOf(await buyer.get(path(early)))).toMatchObject({ status: 404 });
    await tells(meeting, 'LectureScheduled', 'LectureStarted', 'LectureCancelRefused');
    expect(await read(meeting)).toMatchObject({ status: 'LIVE' });
  });
};

import { expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { day, krw, lodging } from '../lodging.ts';
import { ok, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

/** What a host does with rooms, nights and requests (L2, L4). */
export const hostsDecide = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);

  test('blocks nights and puts them back; whoever asks for blocked nights is rejected', async () => {
    const { newRoom, host, reserve, reaches, free, asked, decide } = people();
    const room = await newRoom();
    const waiting = await reserve(room, 41, 1);
    await asked(waiting.id);
    await ok(host.post(`/v1/rooms/${room.id}:block`, { from: day(40), to: day(43) }));
    expect(await free(room, 39, 5)).toEqual([true, false, false, false, true]);
    const { id } = await reserve(room, 42);
    expect(await reaches(id, 'REJECTED')).toMatchObject({ reason: 'NIGHTS_TAKEN' });
    expect(refusalOf(await decide('confirm', waiting.id))).toMatchObject({ code: 9, reason: 'NIGHTS_TAKEN' });
    await ok(host.post(`/v1/rooms/${room.id}:unblock`, { from: day(41), to: day(43) }));
    expect(await free(room, 39, 5)).toEqual([true, false, true, true, true]);
    await ok(decide('confirm', waiting.id));
    await reaches(waiting.id, 'PAID');
  });

  test('cannot block nights of a confirmed stay, nor decide twice', async () => {
    const { newRoom, host, confirmed, decide, free, reaches } = people();
    const room = await newRoom();
    const { id } = await confirmed(room, 40);
    expect(refusalOf(await host.post(`/v1/rooms/${room.id}:block`, { from: day(39), to: day(41) }))).toMatchObject({
      code: 9,
      reason: 'NIGHTS_TAKEN',
    });
    expect(await free(room, 39, 1)).toEqual([true]);
    expect(await decide('confirm', id)).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
    expect(refusalOf(await decide('reject', id))).toMatchObject({ code: 9, reason: 'ALREADY_DECIDED' });
    await reaches(id, 'PAID');
  });

  test('who confirms one request has rejected the waiting ones that overlap it, and no other', async () => {
    const { newRoom, reserve, asked, decide, reaches, reservation, quiet } = people();
    const room = await newRoom();
    const [first, overlapping, beside] = await Promise.all([
      reserve(room, 40, 3),
      reserve(room, 42, 2),
      reserve(room, 43, 2),
    ]);
    await Promise.all([first, overlapping, beside].map(({ id }) => asked(id)));
    await ok(decide('confirm', first.id));
    expect(await reaches(overlapping.id, 'REJECTED')).toMatchObject({ reason: 'NIGHTS_TAKEN' });
    await quiet();
    expect(await reservation(beside.id)).toMatchObject({ status: 'REQUESTED' });
  });

  test('changes the price: reservations made keep theirs, new ones have the new', async () => {
    const { newRoom, host, reserve, reservation } = people();
    const room = await newRoom();
    const { id } = await reserve(room, 40);
    await ok(host.patch(`/v1/rooms/${room.id}`, { price_per_night: krw(130_000) }));
    await eventually(
      () => reserve(room, 50, 1),
      ({ total }) => total.units === '130000',
    );
    expect((await reservation(id)).total).toEqual(krw(200_000));
  });
};

import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { eventsOf } from '../server-sent.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { addressed, seating, time, type Cafe, type Seat } from '../seating.ts';

type Event = { snapshot?: { seats: Seat[] }; change?: Seat; heartbeat?: { at: string }; error?: object };

/** A cafe's seat map, as a page shows it (C5). JARI_HEARTBEAT_SECONDS is 1 at this place. */
export const watchedSeats = (place: Place): void => {
  const noon = time(3, 12, 14);

  const watch = async (cafe: Cafe): Promise<{ next(): Promise<Event>; change(): Promise<Event>; leave(): void }> => {
    const leaving = new AbortController();
    const response = await fetch(`${place.rest}/v1/cafes/${cafe.id}/seats:watch?${addressed(noon)}`, {
      signal: leaving.signal,
    });
    expect(response).toMatchObject({ status: 200 });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const events = eventsOf<Event>(response)[Symbol.asyncIterator]();
    const next = async (): Promise<Event> => (await events.next()).value as Event;
    const change = async (): Promise<Event> => {
      let event = await next();
      while (event.heartbeat) event = await next();
      return event;
    };
    return { next, change, leave: () => leaving.abort() };
  };

  test('starts with the whole map, then sends each change, to anybody; a new stream starts with the whole map again (C5)', async () => {
    const { newCafe, select, cancel, reaches, provider } = seating(place);
    const { cafe, seats } = await newCafe(3);
    const mina = person(place, `watched-${v7()}`);
    const { next, change, leave } = await watch(cafe);
    expect(await next()).toMatchObject({ snapshot: { seats: seats.map(({ id }) => ({ id, state: 'FREE' })) } });

    await provider('DOWN');
    const { id } = await select(seats[1]!, cafe, time(3, 13, 15), mina);
    await select(seats[2]!, cafe, time(3, 14, 15), mina); // begins when the watched time ends
    expect(await change()).toMatchObject({ change: { id: seats[1]!.id, state: 'HELD' } });
    await provider('NORMAL');
    expect(await change()).toMatchObject({ change: { id: seats[1]!.id, state: 'TAKEN' } });
    leave();

    const again = await watch(cafe);
    expect((await again.next()).snapshot?.seats.map(({ state }) => state)).toEqual(['FREE', 'TAKEN', 'FREE']);
    await reaches(id, 'REGISTERED');
    await ok(cancel(id, mina));
    expect(await again.change()).toMatchObject({ change: { id: seats[1]!.id, state: 'FREE' } });
    again.leave();
  });

  test('sends heartbeats when nothing changes', async () => {
    const { next, leave } = await watch((await seating(place).newCafe(1)).cafe);
    await next();
    for (const event of [await next(), await next()])
      expect(Date.parse(event.heartbeat!.at)).toBeLessThanOrEqual(Date.now() + 1_000);
    leave();
  });

  test('is refused like any other request when there is no such cafe, or no such time', async () => {
    const { cafe } = await seating(place).newCafe(1);
    const { customer } = seating(place);
    expect(refusalOf(await customer.get(`/v1/cafes/${v7()}/seats:watch?${addressed(noon)}`))).toMatchObject({
      status: 404,
      code: 5,
    });
    expect(
      refusalOf(await customer.get(`/v1/cafes/${cafe.id}/seats:watch?${addressed(time(3, 12.1, 14))}`)),
    ).toMatchObject({ status: 400, fields: ['start_time'] });
    expect(refusalOf(await customer.get(`/v1/cafes/${cafe.id}/seats:watch`)).fields.sort()).toEqual([
      'end_time',
      'start_time',
    ]);
  });
};

import { expect, test } from '@jest/globals';
import { lodging, type Order } from '../lodging.ts';
import { nobody, ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { eventsOf } from '../server-sent.ts';

type Event = { snapshot?: Order; change?: Order; heartbeat?: object; error?: object };

/** A watched order, as a page shows it (L6). */
export const watchedOrder = (place: Place): void => {
  const people = (): ReturnType<typeof lodging> => lodging(place);

  const watch = async (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ events: AsyncIterator<Event>; leave(): void }> => {
    const leaving = new AbortController();
    const response = await fetch(`${place.rest}/v1/orders/${path}`, { headers, signal: leaving.signal });
    expect(response).toMatchObject({ status: 200 });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    return { events: eventsOf<Event>(response)[Symbol.asyncIterator](), leave: () => leaving.abort() };
  };

  test('comes as it is first, then with each change, to guest and host alike (L6)', async () => {
    const { newRoom, reserve, asked, shown, decide, guest, host } = people();
    const { id } = await reserve(await newRoom(), 40);
    await Promise.all([asked(id), shown(id)]);
    const watching = await Promise.all(
      [guest, host].map(async (who) => watch(`${id}:watch`, { authorization: `Bearer ${await who.token}` })),
    );
    for (const { events } of watching)
      expect((await events.next()).value).toMatchObject({ snapshot: { id, phase: 'RECEIVED' } });
    await ok(decide('confirm', id));
    for (const { events, leave } of watching) {
      const phases: string[] = [];
      while (phases.at(-1) !== 'ACTIVE') {
        const { value } = (await events.next()) as { value: Event };
        if (value.change) phases.push(value.change.phase);
        expect(value.snapshot ?? value.error).toBeUndefined();
      }
      expect(phases.every((phase) => ['RECEIVED', 'WAITING', 'ACTIVE'].includes(phase))).toBe(true);
      leave();
    }
  });

  test('lets a page that can send no header show its token in the address', async () => {
    const { newRoom, reserve, shown, guest } = people();
    const { id } = await reserve(await newRoom(), 40);
    await shown(id);
    const { events, leave } = await watch(`${id}:watch?access_token=${await guest.token}`);
    expect((await events.next()).value).toMatchObject({ snapshot: { id } });
    leave();
  });

  test('is not there for anybody else', async () => {
    const { newRoom, reserve, shown } = people();
    const { id } = await reserve(await newRoom(), 40);
    await shown(id);
    expect(refusalOf(await person(place, 'stranger').get(`/v1/orders/${id}:watch`))).toMatchObject({
      status: 404,
      code: 5,
    });
    expect(refusalOf(await nobody(place).get(`/v1/orders/${id}:watch`))).toMatchObject({ status: 401, code: 16 });
  });
};

import { expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import type { Envelope } from '#adapters/bus/messages.ts';
import { becomes, eventually } from '../kit/eventually.ts';
import { lodging } from '../kit/lodging.ts';
import { ok, refusalOf } from '../kit/people.ts';
import { everything, publish, queuesAreEmpty, tellAgain } from './messages.ts';
import type { Native } from './native.ts';

interface DeadLetter {
  messageId: string;
  type: string;
  error: string;
  redriveTime?: string;
}

/** What messages may come to on the way, on the real broker. */
export const mishaps = (place: Native): void => {
  const { admin, newRoom, reserve, reaches, reservation, asked, decide, cancel, paid, shown } = lodging(place);
  const letters = async (): Promise<DeadLetter[]> =>
    (await ok(admin.get<{ deadLetters: DeadLetter[] }>('/v1/ops/lodging/dead-letters'))).deadLetters;
  const redrive = (messageId: string) =>
    admin.post<DeadLetter>(`/v1/ops/lodging/dead-letters/${messageId}:redrive`, {});

  test('a message that cannot be read becomes a dead letter, while others are handled; redriven, it stays one', async () => {
    const room = await newRoom({ instant: true });
    const about = {
      correlationId: 'poison',
      causationId: 'poison',
      source: '/property',
      subject: v7(),
      time: Date.now(),
    };
    const poison = (payload: string): Envelope => ({
      id: v7(),
      kind: 'event',
      type: 'jari.property.v1.StayConfirmed',
      routingKey: 'property.StayConfirmed',
      ...about,
      payload: Buffer.from(payload),
    });
    const poisons = Array.from({ length: 20 }, (_, index) => poison(`no protobuf at all, ${index}`));
    const made = [await reserve(room, 40)];
    await publish(place, poisons.slice(0, 10));
    made.push(await reserve(room, 50));
    await publish(place, poisons.slice(10));
    made.push(await reserve(room, 60));
    for (const { id } of made) await reaches(id, 'PAID');

    await eventually(letters, (found) =>
      expect(found.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(poisons.map(({ id }) => id))),
    );
    const [first] = poisons;
    expect(refusalOf(await redrive(first!.id))).toMatchObject({ status: 400, reason: 'STILL_FAILS' });
    expect((await letters()).filter(({ messageId }) => messageId === first!.id)).toHaveLength(1);
    await place.rows(
      'lodging',
      'delete from dead_letter where message_id = any($1)',
      poisons.map(({ id }) => id),
    );
  }, 60_000);

  test('a message that failed for a cause that could be mended is redriven, twice and at once, and takes effect once', async () => {
    const room = await newRoom();
    const { id } = await reserve(room, 40);
    await asked(id);
    await place.rows(
      'lodging',
      `create function out_of_order() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$`,
    );
    await place.rows(
      'lodging',
      `create trigger out_of_order before update on reservation for each row when (new.id = '${id}') execute function out_of_order()`,
    );
    await ok(decide('confirm', id));
    const letter = await eventually(
      async () => (await letters()).find(({ error }) => error.includes('out of order')),
      Boolean,
    );
    expect(letter?.type).toBe('jari.property.v1.StayConfirmed');
    expect(await reservation(id)).toMatchObject({ status: 'REQUESTED' });

    await place.rows('lodging', 'drop function out_of_order cascade');
    const redriven = await Promise.all([1, 2, 3].map(() => redrive(letter!.messageId)));
    expect(redriven.map(({ status }) => status)).toEqual([200, 200, 200]);
    await reaches(id, 'PAID');
    expect((await ok(redrive(letter!.messageId))).redriveTime).toBeDefined();
    expect(await paid(id)).toBe(200_000);
    const told = await place.rows<{ type: string }>('lodging', 'select type from outbox where subject = $1', id);
    expect(told.filter(({ type }) => type.endsWith('.RequestPayment'))).toHaveLength(1);
    expect(told.filter(({ type }) => type.endsWith('.ReservationConfirmed'))).toHaveLength(1);
    expect(await letters()).toEqual([]);
  }, 60_000);

  test('sending every message three times more in any order changes nothing', async () => {
    const room = await newRoom({ instant: true });
    const made = await Promise.all([40, 50, 60, 70].map((inDays) => reserve(room, inDays)));
    for (const { id } of made) await reaches(id, 'PAID');
    const [cancelled] = made;
    await ok(cancel(cancelled!.id));
    await reaches(cancelled!.id, 'CANCELLED');
    await becomes(() => shown(cancelled!.id), { status: 'CANCELLED', paymentStatus: 'CANCELLED' });
    await queuesAreEmpty(place);

    // No order of another test asks again meanwhile.
    await place.rows('lodging', `update timer set due_at = due_at + interval '1 hour' where name = 'ask-again'`);
    const before = await everything(place);
    expect(await tellAgain(place, 3)).toBeGreaterThan(50);

    // What comes last says that all before it was heard.
    const { id: last } = await reserve(room, 90);
    await reaches(last, 'PAID');
    await becomes(() => shown(last), { status: 'PAID', paymentStatus: 'COMPLETED' });
    await queuesAreEmpty(place);
    expect(await everything(place, last)).toEqual(before);
    expect(await Promise.all(made.map(({ id }) => paid(id)))).toEqual([0, 200_000, 200_000, 200_000]);
  }, 120_000);
};

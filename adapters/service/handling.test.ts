import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { jars, type JarInput } from '#adapters/mikro-orm/contract.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { outOfScope } from '#adapters/scope/scope.ts';
import { handleWith } from './handling.ts';
import { coinFor, jarService } from '#adapters/host/jar-service.fixture.ts';
import { inputFor, type Addressed } from './service.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(jarService());
});
afterAll(() => on.close());

const coinsIn = async (id: string) => (await on.store.get(jars, id))?.state.coins;
const into = (id: string, input: JarInput | (() => Promise<JarInput>)): Addressed => inputFor(jars, id, input);
/** Handles every message as `means` says, as the consumer `as`. */
const subscriptions = (means: (envelope: Envelope) => readonly Addressed[], as = 'jars') =>
  handleWith(on.store, as, { events: [], commands: [], handle: means });
const message = (id: string): Envelope => ({
  ...envelopeFor(coinFor(id), 'house'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});

describe('a message', () => {
  test('takes effect once, however often and by however many at once it is brought (K9)', async () => {
    const id = newId();
    const hear = subscriptions(() => [into(id, { put: 1 })]);
    const envelope = message(id);
    await Promise.all([1, 2, 3].map(() => hear(envelope)));
    await hear(envelope);
    expect(await coinsIn(id)).toBe(1);
  });

  test('that concerns several takes effect on each once, also when one of them could not take it the first time', async () => {
    const [first, second] = [newId(), newId()];
    let isBroken = true;
    const hear = subscriptions(() => [
      into(first, { put: 1 }),
      into(second, async () => {
        if (isBroken) throw new Error('cannot be read now');
        return { put: 1 };
      }),
    ]);
    const envelope = message(newId());
    await expect(hear(envelope)).rejects.toThrow('cannot be read now');
    isBroken = false;
    await hear(envelope);
    await hear(envelope);
    expect([await coinsIn(first), await coinsIn(second)]).toEqual([1, 1]);
  });

  test('that means nothing here is done at once', async () => {
    await expect(subscriptions(() => [])(message(newId()))).resolves.toBeUndefined();
  });

  test('that a core refuses was made wrong, and is not taken for done', async () => {
    const id = newId();
    const envelope = message(id);
    await expect(subscriptions(() => [into(id, { put: -1 })])(envelope)).rejects.toThrow(
      `jari.property.v1.ReleaseStay was refused by jar ${id}: no-coins`,
    );
    await subscriptions(() => [into(id, { put: 1 })])(envelope);
    expect(await coinsIn(id)).toBe(1);
  });

  test('is handled again by a consumer of another generation', async () => {
    const id = newId();
    const envelope = message(id);
    for (const consumer of ['jars', 'jars@2']) await subscriptions(() => [into(id, { put: 1 })], consumer)(envelope);
    expect(await coinsIn(id)).toBe(2);
  });

  test('hands its order, its own id and its trace on to all that follows from it (K6)', async () => {
    const id = newId();
    const envelope = message(id);
    await subscriptions(() => [into(id, { put: 1, alarmAt: Date.now() + 60_000 })])(envelope);
    const followed = await on.database.pool.query(
      'select correlation_id, causation_id, traceparent from outbox where subject = $1',
      [id],
    );
    expect(followed.rows).toEqual([
      { correlation_id: id, causation_id: envelope.id, traceparent: envelope.traceparent },
    ]);
    expect((await on.database.pool.query('select traceparent from timer where aggregate_id = $1', [id])).rows).toEqual([
      { traceparent: envelope.traceparent },
    ]);
  });

  test('whose input must be read is read again when another writer was first', async () => {
    const id = newId();
    const shelf = `shelf/${id}`;
    const looks: boolean[] = [];
    const hear = subscriptions(() => [
      into(id, async () => {
        const [taken] = await on.store.claims(shelf, `${shelf}~`);
        looks.push(taken === undefined);
        // It is free at the first look, and another jar's when it comes to writing.
        if (!taken)
          await outOfScope(() => on.store.update(jars, newId(), (jar) => jars.decide(jar, { put: 1, shelf })));
        return taken ? { put: 5 } : { put: 1, shelf };
      }),
    ]);
    await hear(message(id));
    expect([looks, await coinsIn(id)]).toEqual([[true, false], 5]);
  });
});

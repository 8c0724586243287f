import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import { event, type Envelope } from '#adapters/bus/messages.ts';
import { jarEntities, jarMigrations, jars } from '#adapters/mikro-orm/contract.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { ReplayRequested } from '#proto/jari/ops/v1/messages.ts';
import { replayer, types } from './replay.ts';

/** More than go in one round. */
const events = 600;
let kit: TestStore;
beforeAll(async () => {
  kit = await testStore({ name: 'jars', migrations: jarMigrations, entities: jarEntities });
  await Promise.all(
    Array.from({ length: events }, () => kit.store.update(jars, newId(), (jar) => jars.decide(jar, { put: 1 }))),
  );
}, 60_000);
afterAll(() => kit.close());

/** Replays all that was ever told on a bus that is lost after so many messages, and takes them or not. */
function replay({ lostAfter = Infinity, takes = true } = {}) {
  const heard: Envelope[] = [];
  const bus: Pick<Bus, 'replay' | 'status'> = {
    async replay(envelopes) {
      if (takes) heard.push(...envelopes);
      return new Set(takes ? envelopes.map(({ id }) => id) : []);
    },
    status: () => (heard.length > lostAfter ? { ready: false, waitsFor: 'RabbitMQ' } : { ready: true }),
  };
  const answer = replayer({ pool: kit.database.pool, bus, service: 'jars', log: pino({ level: 'silent' }) });
  return { heard, done: answer(envelopeFor(event(types.requested, ReplayRequested, newId(), {}), 'views')) };
}

test('every event is sent again, between a begin and an end', async () => {
  const { heard, done } = replay();
  await done;
  expect(heard).toHaveLength(events + 2);
  expect([heard.at(0)?.type, heard.at(-1)?.type]).toEqual([types.begun, types.ended]);
});

test('nothing is sent while no service is rebuilding', async () => {
  const { heard, done } = replay({ takes: false });
  await done;
  expect(heard).toEqual([]);
});

test('a service that loses the broker during a replay stops it, handles messages again, and starts again later', async () => {
  const { heard, done } = replay({ lostAfter: 1 });
  await expect(done).rejects.toThrow(Unavailable);
  expect(heard).toHaveLength(1 + 500);
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from 'rabbitmq-client';
import { native } from './faults/native.ts';
import { becomes, eventually } from './kit/eventually.ts';
import { lodging, lodgingServices } from './kit/lodging.ts';
import { ok } from './kit/people.ts';

// Published messages that the real broker loses reach their receivers all the same.

const jari = await native({ JARI_PAYMENT_ANSWER_SECONDS: '2' }, { services: lodgingServices });
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

const { admin, newRoom, reserve, reaches, shown, stay, paid } = lodging(jari);

test('a binding that was missing for a while is bound again by itself, and what was missed is told again by command', async () => {
  const room = await newRoom({ instant: true });
  const since = new Date(Date.now() - 1_000).toISOString();
  const stranger = new Connection(jari.broker);
  await stranger.queueUnbind({ queue: 'lodging', exchange: 'jari.events', routingKey: 'property.StayConfirmed' });
  await stranger.close();
  const missed = await Promise.all([40, 50, 60].map((inDays) => reserve(room, inDays)));
  for (const { id } of missed) await becomes(() => stay(id), { status: 'CONFIRMED' });

  // Once a later one goes through, the binding is there again.
  for (let inDays = 100; ; inDays += 5) {
    const { id } = await reserve(room, inDays);
    const isPaid = await reaches(id, 'PAID', 4_000).then(
      () => true,
      () => false,
    );
    if (isPaid) break;
    missed.push({ id } as (typeof missed)[number]);
  }
  await ok(admin.post('/v1/ops/property/outbox:tellAgain', { since }));
  for (const { id } of missed) await reaches(id, 'PAID');
  await becomes(() => ok(admin.get('/v1/ops/property/outbox:tellAgain')), {
    endTime: expect.any(String),
    unheard: '0',
  });
  expect(await Promise.all(missed.map(({ id }) => paid(id)))).toEqual(missed.map(() => 200_000));
}, 180_000);

test('a broker that lost all its data is recovered by itself: nothing hangs, and the read models miss nothing', async () => {
  const room = await newRoom({ instant: true });
  await jari.kill('payment');
  const made = await Promise.all([40, 45, 50, 55, 60, 65, 70, 75].map((inDays) => reserve(room, inDays)));
  for (const { id } of made) await reaches(id, 'PAYMENT_PENDING');
  await jari.stack.kill('rabbitmq');
  rmSync(join(jari.stack.dir, 'rabbitmq', 'mnesia'), { recursive: true });
  await jari.stack.start('rabbitmq');
  await jari.start('payment');
  for (const { id } of made) await reaches(id, 'PAID', 90_000);
  for (const { id } of made) await becomes(() => shown(id), { status: 'PAID', paymentStatus: 'COMPLETED' });
  expect(await Promise.all(made.map(({ id }) => paid(id)))).toEqual(made.map(() => 200_000));
  await eventually(
    async () => (await ok(admin.get<{ endTime?: string }>('/v1/ops/lodging/outbox:tellAgain'))).endTime !== undefined,
    Boolean,
  );
}, 240_000);

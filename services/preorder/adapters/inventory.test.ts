import { setTimeout as pause } from 'node:timers/promises';
import { Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { newId } from '#kernel/ids.ts';
import { Hold, InventoryServiceService, Product, Product_Kind } from '#proto/jari/inventory/v1/inventory.ts';
import { grpcInventory } from './inventory.ts';

/** An inventory that shows its products at once, and takes its time to hold them. */
const server = new Server();
let holdsAfterMs = 0;
let asked = 0;
server.addService(InventoryServiceService, {
  getProduct: (_: unknown, answer: sendUnaryData<Product>) =>
    answer(
      null,
      Product.fromPartial({
        name: 'Fold',
        kind: Product_Kind.PHONE,
        price: { currencyCode: 'KRW', units: 1n },
        available: 9,
      }),
    ),
  reserveStock(_: unknown, answer: sendUnaryData<Hold>) {
    asked++;
    setTimeout(() => answer(null, Hold.fromPartial({})), holdsAfterMs).unref();
  },
});

let inventory: ReturnType<typeof grpcInventory>;
beforeAll(async () => {
  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error ? failed(error) : bound(at),
    ),
  );
  inventory = grpcInventory(`127.0.0.1:${port}`, async () => 'preorder', pino({ level: 'silent' }));
});
afterAll(() => {
  inventory.close();
  server.forceShutdown();
});

let intended: number;
beforeEach(() => {
  intended = 0;
});
const intend = async (): Promise<boolean> => ++intended > 0;
const hold = () => inventory.hold(newId(), 'fold', 1, intend);

/** Looks and holds, as each customer's application does. */
const apply = (): Promise<unknown> =>
  inventory
    .find('fold')
    .then(hold)
    .catch((error: unknown) => error);

test('stock is intended before it is asked for', async () => {
  asked = 0;
  const before = async (): Promise<boolean> => asked === 0;
  expect(await inventory.hold(newId(), 'fold', 1, before)).toBe('held');
  await expect(inventory.hold(newId(), 'fold', 1, () => Promise.reject(new TypeError('no disk')))).rejects.toThrow(
    'no disk',
  );
  expect(asked).toBe(1);
  expect(await inventory.hold(newId(), 'fold', 1, async () => false)).toBe('not-intended');
  expect(asked).toBe(1);
});

test('when stock is held too slowly, customers hear so at once, though products are shown as ever; one at a time finds out whether it is well again (P10)', async () => {
  holdsAfterMs = 10_000;
  await Promise.all(Array.from({ length: 40 }, apply)); // until it is known
  intended = 0;
  const applications: ReturnType<typeof apply>[] = [];
  for (const end = Date.now() + 5_000; Date.now() < end; await pause(50)) applications.push(apply());
  const told = await Promise.all(applications);
  for (const answer of told) expect(answer).toMatchObject({ name: 'Unavailable' });
  // Now and then one is let through. All others were sent away at the door: whom nobody can serve leaves nothing behind.
  expect(intended).toBeGreaterThan(0);
  expect(intended).toBeLessThanOrEqual(2);
  expect(told.filter((answer) => /suspended/.test((answer as Error).message))).toHaveLength(told.length - intended);

  holdsAfterMs = 0;
  await pause(2_000);
  expect(await apply()).toBe('held');
  expect(await Promise.all(Array.from({ length: 5 }, hold))).toEqual(Array.from({ length: 5 }, () => 'held'));
}, 20_000);

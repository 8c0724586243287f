import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { selfSigned } from '#adapters/auth/service-token.ts';
import { audience, issuer } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import { command, type Envelope } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { asDecoded } from '#adapters/rpc/testing.ts';
import { startGrpcServer } from '#adapters/grpc/server.ts';
import { handleWith } from '#adapters/service/handling.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import { mikroOrmKeptAnswers } from '#adapters/mikro-orm/kept-answers.ts';
import { envelopeFor, testStore } from '#adapters/mikro-orm/testing.ts';
import { Product_Kind, type Product } from '#proto/jari/inventory/v1/inventory.ts';
import { ReleaseStock } from '#proto/jari/inventory/v1/messages.ts';
import { service } from '../../../services/inventory/main.ts';
import { grpcInventory } from '../../../services/preorder/adapters/inventory.ts';
import { kind } from '../../../services/preorder/adapters/messages.ts';
import type { Inventory } from '../../../services/preorder/ports.ts';
import { fromSeed } from '../choices.ts';
import { World } from '../world.ts';
import { inventoryOf } from './inventory.ts';

/** Inventory as preorder asks it, and as its own people and messages reach it. */
interface Opened {
  inventory: Inventory;
  plugged: ServiceParts;
  handle(envelope: Envelope): Promise<void>;
  close(): Promise<void>;
}

const log = pino({ level: 'silent' });

/** The service on PostgreSQL, called over gRPC. */
async function overGrpc(): Promise<Opened> {
  const [on, key] = [await testStore(service), await newKey()];
  const plugged = service.plug({
    store: on.store,
    settings: {},
    now: Date.now,
    log,
    staffRolesOf: async () => undefined,
    send: async () => undefined,
    development: false,
  });
  const server = await startGrpcServer({
    ...{ services: plugged.rpc, address: '127.0.0.1:0', log, idempotency: mikroOrmKeptAnswers(on.database.prepared) },
    verifier: createVerifier({ jwks: publicJwks(key), issuer, audience }),
  });
  server.setServing(true);
  const inventory = grpcInventory(
    `127.0.0.1:${server.port}`,
    selfSigned('preorder', async () => key),
    log,
  );
  return {
    ...{ inventory, plugged, handle: handleWith(on.store, service.name, plugged.subscriptions) },
    async close() {
      inventory.close();
      await server.drain({ noticeMs: 0, limitMs: 1_000 });
      await on.close();
    },
  };
}

async function simulated(): Promise<Opened> {
  const world = new World(fromSeed(1), [service]);
  world.faults = false;
  const { plugged, handle } = world.services.get('inventory')!;
  return { plugged, handle, inventory: inventoryOf(world), close: async () => undefined };
}

describe.each([
  ['over gRPC', overGrpc],
  ['in the simulation', simulated],
])('inventory, asked by preorder %s,', (_, opening) => {
  let open: Opened;
  beforeAll(async () => {
    open = await opening();
  });
  afterAll(() => open.close());

  const price = krw(1_155_000);
  async function listed(onHand: number, sort: Product_Kind = Product_Kind.PHONE, family = ''): Promise<string> {
    const row = open.plugged.rpc[0]!.methods.find(({ name }) => name === 'createProduct')!;
    const { implementation } = row;
    if (implementation.kind !== 'command') throw new Error('createProduct is no command');
    const terms = {
      name: 'Dalbit Phone 15',
      kind: sort,
      price: toProto(price),
      monthlyFee: toProto(krw(20_000)),
      deposit: undefined,
      family,
    };
    const updated = await implementation.run(asDecoded(row, { ...terms, onHand }), { id: newId(), roles: ['admin'] });
    if (!updated.accepted) throw new Error(updated.refusal);
    return (implementation.answer(updated.after) as Product).id;
  }
  const release = (productId: string, id: string) =>
    open.handle(
      envelopeFor(
        command('jari.inventory.v1.ReleaseStock', ReleaseStock, id, { order: { kind, id }, productId }),
        'preorder',
      ),
    );
  const hold = (id: string, productId: string, quantity = 1) =>
    open.inventory.hold(id, productId, quantity, async () => true);
  const left = async (productId: string) => (await open.inventory.find(productId))?.available;

  test('finds a phone as it is sold now', async () =>
    expect(await open.inventory.find(await listed(3))).toEqual({
      name: 'Dalbit Phone 15',
      price,
      available: 3,
      isClosed: false,
      family: '',
    }));
  test('finds nothing where there is none, or what is no phone', async () => {
    expect(await open.inventory.find(newId())).toBeUndefined();
    expect(await open.inventory.find(await listed(3, Product_Kind.DISPENSER))).toBeUndefined();
  });
  // The simulation has no search, and nobody asks for a quote in it.
  if (opening === overGrpc)
    test('finds the phones of a family, and no others (B1)', async () => {
      const family = `Dalbit ${newId()}`;
      const inFamily = [await listed(1, Product_Kind.PHONE, family), await listed(2, Product_Kind.PHONE, family)];
      await listed(3, Product_Kind.PHONE, `${family} Pro`);
      const found = await open.inventory.variants(family);
      expect(found.map(({ id }) => id).toSorted()).toEqual(inFamily.toSorted());
      expect(found.map(({ available }) => available).toSorted()).toEqual([1, 2]);
    });
  test('holds once for an order, however often it is asked', async () => {
    const [productId, id] = [await listed(3), newId()];
    expect([await hold(id, productId, 2), await hold(id, productId, 2)]).toEqual(['held', 'held']);
    expect(await left(productId)).toBe(1);
  });
  test('has heard of nothing where the intent to hold could not be kept', async () => {
    const productId = await listed(3);
    await expect(
      open.inventory.hold(newId(), productId, 2, () => Promise.reject(new Error('not kept'))),
    ).rejects.toThrow('not kept');
    expect(await left(productId)).toBe(3);
  });
  test('refuses when there are not so many, and the same order ever after', async () => {
    const [productId, first, second] = [await listed(1), newId(), newId()];
    await hold(first, productId);
    expect(await hold(second, productId)).toBe('out-of-stock');
    await release(productId, first);
    expect(await hold(second, productId)).toBe('out-of-stock');
    expect(await left(productId)).toBe(1);
  });
  test('holds nothing for an order that gave up before', async () => {
    const [productId, id] = [await listed(1), newId()];
    await release(productId, id);
    await expect(hold(id, productId)).rejects.toMatchObject({ reason: 'STOCK_RELEASED' });
    expect(await left(productId)).toBe(1);
  });
  test('holds nothing of what there is not', async () =>
    await expect(hold(newId(), newId())).rejects.toMatchObject({ code: 'NOT_FOUND' }));
});

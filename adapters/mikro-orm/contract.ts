import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineEntity } from '@mikro-orm/core';
import { accept, refuse } from '#kernel/decision.ts';
import { newId } from '#kernel/ids.ts';
import { KeyTaken, type KeyedCall } from '#adapters/rpc/idempotency.ts';
import { inScope, type Once } from '#adapters/scope/scope.ts';
import { aggregateColumns, generated } from './columns.ts';
import type { Store, Stored } from './store.ts';

/** Their table: no jar holds a thousand coins. */
export const jarMigrations = [
  {
    name: 'jar-1',
    up: [
      `create table jar (id uuid primary key, version integer not null, state jsonb not null, created_at timestamptz not null,
        updated_at timestamptz not null, owner text generated always as (state->>'owner') stored, check ((state->>'coins')::int < 1000))`,
    ],
  },
];

export const JarEntity = defineEntity({
  name: 'Jar',
  tableName: 'jar',
  properties: { ...aggregateColumns<Jar>(), owner: generated.text(`state ->> 'owner'`) },
  checks: [{ name: 'jar_state_check', expression: `(state ->> 'coins')::integer < 1000` }],
});
export const jarEntities = [JarEntity];

/** A jar of coins that may hold one shelf: the smallest aggregate that has everything an aggregate can have. */
interface Jar {
  coins: number;
  owner: string;
}
export type JarInput = { put: number; shelf?: string; alarmAt?: number } | { put: number; leave: true };
export const jars: Stored<Jar, JarInput, JarInput, 'no-coins', { coins: number }> = {
  name: 'jar',
  initial: { coins: 0, owner: 'nobody' },
  decide: (_, input) => (input.put === 0 ? accept() : input.put < 0 ? refuse('no-coins') : accept(input)),
  evolve: (jar, { put }) => ({ coins: jar.coins + put, owner: 'somebody' }),
  consequences: ([event], { state }) => ({
    messages: [{ coins: state.coins }],
    ...(event && 'shelf' in event && event.shelf ? { claims: [{ key: event.shelf }] } : {}),
    ...(event && 'alarmAt' in event && event.alarmAt ? { timers: [{ name: 'alarm', at: event.alarmAt }] } : {}),
    ...(event && 'leave' in event ? { releases: 'all' as const, stopTimers: 'all' as const } : {}),
  }),
  encode: ({ coins }, { id }) => {
    if (coins === 2_013) throw new Error('so many coins cannot be told');
    const body = { coins };
    return {
      kind: 'event',
      type: 'jari.jar.v1.CoinsPut',
      routingKey: 'jar.CoinsPut',
      subject: id,
      body,
      encode: () => Buffer.from(JSON.stringify(body)),
    };
  },
};

export const within = <T>(once: Once, run: () => Promise<T>): Promise<T> =>
  inScope({ correlationId: 'c', causationId: 'c', once }, run);
export const message = (messageId: string, consumer = 'jars'): Once => ({ by: 'message', consumer, messageId });

export interface OpenedStore {
  store: Store;
  /** Bodies of all messages about `subject`, oldest first. */
  sentAbout(subject: string): Promise<unknown[]>;
  keptAnswer(call: KeyedCall): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** What every store must do: the real one on PostgreSQL, and the simulation's in memory. */
export const storeContract = (name: string, opening: () => Promise<OpenedStore>): void =>
  describe(name, () => {
    let open: OpenedStore;
    beforeAll(async () => {
      open = await opening();
    });
    afterAll(() => open.close());
    const put = (id: string, input: JarInput) => open.store.update(jars, id, (state) => jars.decide(state, input));
    const coinsIn = async (id: string) => (await open.store.get(jars, id))?.state.coins;

    describe('an update', () => {
      test('saves state, version and messages together', async () => {
        const id = newId();
        expect(await put(id, { put: 3 })).toMatchObject({ accepted: true, after: { version: 1, state: { coins: 3 } } });
        expect(await put(id, { put: 4 })).toMatchObject({ accepted: true, after: { version: 2, state: { coins: 7 } } });
        expect(await open.store.get(jars, id)).toMatchObject({
          id,
          version: 2,
          state: { coins: 7, owner: 'somebody' },
        });
        expect(await open.sentAbout(id)).toEqual([{ coins: 3 }, { coins: 7 }]);
      });
      test('that is refused saves nothing', async () => {
        const id = newId();
        expect(await put(id, { put: -1 })).toEqual({ accepted: false, refusal: 'no-coins' });
        expect(await open.store.get(jars, id)).toBeUndefined();
      });
      test('loses none of a thousand to the same aggregate', async () => {
        const id = newId();
        await Promise.all(Array.from({ length: 999 }, () => put(id, { put: 1 })));
        expect(await coinsIn(id)).toBe(999);
      });
      test('may not be the second of one message', async () => {
        await expect(
          within(message(newId()), async () => [await put(newId(), { put: 1 }), await put(newId(), { put: 1 })]),
        ).rejects.toThrow('two updates in one scope');
      });
    });

    describe('a message', () => {
      test('that comes many times, also at once, takes effect once', async () => {
        const [id, messageId] = [newId(), newId()];
        await Promise.all(Array.from({ length: 20 }, () => within(message(messageId), () => put(id, { put: 1 }))));
        await within(message(messageId), () => put(id, { put: 1 }));
        expect(await coinsIn(id)).toBe(1);
      });
      test('is new to another consumer, at once and later', async () => {
        const [one, two, messageId] = [newId(), newId(), newId()];
        const hear = (consumer: string, id: string): Promise<unknown> =>
          within(message(messageId, consumer), () => put(id, { put: 1 }));
        await Promise.all([hear('jars', one), hear('jars@2', one), hear('jars@2', one)]);
        await hear('jars@3', two);
        await hear('jars@3', two);
        expect([await coinsIn(one), await coinsIn(two)]).toEqual([2, 1]);
      });
    });

    describe('an idempotency key', () => {
      const once = (key: string): Once => ({
        by: 'key',
        caller: 'c',
        method: 'm',
        key,
        fingerprint: 'f',
        answer: (after: { state: Jar }) => Buffer.from(`${after.state.coins}`),
      });
      test('lets one of many through, keeps its answer, and tells the others', async () => {
        const key = newId();
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, () => within(once(key), () => put(newId(), { put: 5 }))),
        );
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(KeyTaken);
        expect(Buffer.from((await open.keptAnswer({ caller: 'c', method: 'm', key })) ?? '').toString()).toBe('5');
      });
      test('is kept also when nothing was left to do', async () => {
        const key = newId();
        await within(once(key), () => put(newId(), { put: 0 }));
        await expect(within(once(key), () => put(newId(), { put: 0 }))).rejects.toBeInstanceOf(KeyTaken);
      });
    });

    describe('a claim', () => {
      test('is held by one, whoever comes at the same time; the others read again and decide again', async () => {
        const shelf = `shelf/${newId()}`;
        const taken = async () => (await open.store.claims(shelf, `${shelf}~`)).length > 0;
        const results = await Promise.all(
          Array.from({ length: 20 }, () =>
            open.store.update(
              jars,
              newId(),
              (_, isTaken) => (isTaken ? refuse('no-coins') : accept({ put: 1, shelf })),
              taken,
            ),
          ),
        );
        expect(results.filter(({ accepted }) => accepted)).toHaveLength(1);
      });
      test('is free again once given back, also within one batch', async () => {
        const [shelf, first, second] = [`shelf/${newId()}`, newId(), newId()];
        await Promise.all([put(first, { put: 1, shelf }), put(first, { put: 1, leave: true })]);
        expect(await open.store.claims(shelf, `${shelf}~`)).toEqual([]);
        await put(second, { put: 1, shelf });
        expect(await open.store.claims(shelf, `${shelf}~`)).toEqual([{ key: shelf, holder: second }]);
      });
    });
  });

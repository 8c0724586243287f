import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import type { Act, Trail } from '#adapters/audit/trail.ts';
import { unaryAnswer, type Rules } from '#adapters/grpc/answer.ts';
import { defaults } from '#adapters/grpc/limits.ts';
import { testStore } from '#adapters/mikro-orm/testing.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { rateLimiters } from '#adapters/rpc/rate.ts';
import type { Caller, MethodDefinition } from '#adapters/rpc/rpc.ts';
import { readSettings } from '#adapters/settings/settings.ts';
import { service } from '../main.ts';

/** Identity on PostgreSQL, and the methods for the pages of sign-in as the server answers them; timers fire when a test says so. */
export async function openIdentity() {
  const data = mkdtempSync(join(tmpdir(), 'jari-identity-'));
  const on = await testStore(service);
  const parts = service.plug({
    ...{
      store: on.store,
      now: Date.now,
      log: pino({ level: 'silent' }),
      staffRolesOf: async () => undefined,
      send: async () => undefined,
    },
    ...{ settings: readSettings(service.settings, { JARI_DATA: data }), development: true },
  });
  await parts.start?.();

  const web: Caller = { id: newId(), roles: ['service'] };
  const recorded: Act[] = [];
  const trail = { begin: async (act) => void recorded.push(act), end: async () => {} } as Pick<Trail, 'begin' | 'end'>;
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer of-the-web');
  const rules = {
    ...{ verifier: { verify: () => web }, limiterOf: rateLimiters(({ times }) => times), limits: defaults },
    trails: () => trail as Trail,
  } satisfies Partial<Rules> as unknown as Rules;

  /** What the method answers, or the reason that it refuses for. */
  async function call(name: string, request: object): Promise<Record<string, unknown> | string> {
    const method = parts.rpc[1]!.methods.find((each) => each.name === name)!;
    const { requestSerialize, responseDeserialize } = method.definition as MethodDefinition & {
      requestSerialize(request: object): Buffer;
      responseDeserialize(bytes: Uint8Array): Record<string, unknown>;
    };
    const scope = { correlationId: newId(), causationId: newId() };
    const [bytes, address] = [requestSerialize(request), '203.0.113.1'];
    try {
      const answer = unaryAnswer(method, rules);
      return responseDeserialize(await answer({ metadata, bytes, scope, address, counted: true, isFrom: () => {} }));
    } catch (error) {
      if (error instanceof RpcError) return error.reason;
      throw error;
    }
  }
  async function close(): Promise<void> {
    await on.close();
    rmSync(data, { recursive: true, force: true });
  }
  const rows = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> =>
    (await on.database.pool.query(sql, values)).rows;
  return { on, data, parts, call, rows, recorded, close };
}

let addresses = 0;
/** From an address of its own, unless the test counts them. */
export const device = (address = `192.0.2.${addresses++}`) => ({ name: 'Firefox', address });

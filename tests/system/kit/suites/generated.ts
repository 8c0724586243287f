import type { DescMethod, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lodging } from '../lodging.ts';
import { ok, person } from '../people.ts';
import type { Place } from '../place.ts';
import { soundRequest } from '../methods/all.ts';
import { encoded, nameOf, publicMethodsOf, restCall, rpcCaller, type RpcCaller } from '../rpc.ts';
import { atRest, stored } from '../stored.ts';
import { hasAddress, isSayable, replaced, wrongs, type Wrong } from '../wrongs.ts';

/** Requests that chance has made of all that may be wrong with one: none may find a fault of ours. The same seed makes the same ones. */
export const generatedRequests = (place: Place, perMethod: number, seed = Math.floor(Math.random() * 2 ** 31)): void =>
  describe(`generated requests (seed ${seed})`, () => {
    let rpc: RpcCaller;
    let before: Record<string, string>;
    let began: string;
    beforeAll(async () => {
      rpc = rpcCaller(place.grpc);
      before = await atRest(place);
      began = new Date().toISOString();
    }, 60_000);
    afterAll(() => rpc.close());

    async function byRest(method: DescMethod, request: JsonObject, authorization: string): Promise<Told> {
      const { verb, path, body } = restCall(method, request);
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await fetch(place.rest + path, {
        method: verb.toUpperCase(),
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = answer.ok && method.methodKind === 'server_streaming' ? await firstOf(answer) : await answer.text();
      return { code: answer.ok ? 0 : (JSON.parse(text) as { code: number }).code, text };
    }
    const byGrpc = async (method: DescMethod, bytes: Uint8Array, authorization: string): Promise<Told> => {
      const answer = await rpc.call(method, bytes, { authorization });
      return { code: answer.code, text: JSON.stringify(answer) };
    };

    test.each(publicMethodsOf(place).map((method) => [nameOf(method), method] as const))(
      `%s is asked ${perMethod} times, and fails at none`,
      async (name, method) => {
        const authorization = `Bearer ${await person(place, soundRequest(name).by).token}`;
        const complaints: unknown[] = [];
        const ask = async (each: Generated): Promise<void> => {
          const told =
            'bytes' in each
              ? await byGrpc(method, each.bytes, authorization)
              : await byRest(method, each.request, authorization);
          if (!calm.has(told.code) || (each.must && told.code === 0) || looksInside.test(told.text))
            complaints.push({ ...each, ...told });
        };
        const all = fc.sample(generated(method), { numRuns: perMethod, seed });
        for (let nth = 0; nth < all.length; nth += atOnce) await Promise.all(all.slice(nth, nth + atOnce).map(ask));
        expect(complaints).toEqual([]);
      },
      300_000,
    );

    test('nothing of it is stored, and no service has ended', async () => {
      await lodging(place).quiet();
      expect(await stored(place)).toEqual(before);
      for (const started of await startTimes(place)) expect(started < began).toBe(true);
    });
  });

/** What a stream says first; it may go on for ever. */
async function firstOf(answer: Response): Promise<string> {
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []).toString();
}

interface Told {
  code: number;
  text: string;
}

/** `must`: be refused. */
type Generated = { must: boolean } & ({ request: JsonObject } | { bytes: Uint8Array });

const atOnce = 20;
/** Understood, malformed, not there, too often, or refused by the business. */
const calm = new Set([0, 3, 5, 8, 9]);
/** What no caller should see: a stack trace, a file of ours. */
const looksInside = /\bat \S+ \(|node_modules|\.[jt]s:\d/;

/** Half of it by REST, half by gRPC, and of that a part that is no message at all. */
function generated(method: DescMethod): fc.Arbitrary<Generated> {
  const all = wrongs(method);
  const byRest = wrongRequest(
    method,
    all.filter((wrong) => isSayable(method, wrong)),
    fc.jsonValue({ stringUnit: 'binary' }).map((value) => value as JsonValue),
  );
  const byGrpc = wrongRequest(
    method,
    all.filter(({ typed }) => !typed),
    undefined,
  );
  return fc.oneof(
    { weight: 4, arbitrary: byRest.filter(({ request }) => hasAddress(method, request)) },
    { weight: 3, arbitrary: byGrpc.map(({ must, request }) => ({ must, bytes: encoded(method, request) })) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ must: false, bytes })) },
  );
}

/**
 * One thing that must be refused, and up to three more, each in a field of its own: known wrongs, or anything at all, but nothing that
 * empties its field: where a field is wrong because another is there, that would mend it.
 */
function wrongRequest(
  method: DescMethod,
  known: readonly Wrong[],
  anything: fc.Arbitrary<JsonValue> | undefined,
): fc.Arbitrary<{ must: boolean; request: JsonObject }> {
  if (!known.length) return fc.constant({ must: false, request: {} }); // it asks for nothing
  const musts = known.filter(({ must }) => must);
  const one = fc.constantFrom(...(musts.length ? musts : known));
  const other = fc.constantFrom(...known).map(({ field, request }) => ({ field, value: valueAt(request, field) }));
  const any =
    anything && fc.record({ field: fc.constantFrom(...method.input.fields.map(({ name }) => name)), value: anything });
  return fc
    .tuple(one, fc.array(any ? fc.oneof(other, any) : other, { maxLength: 3 }))
    .map(([{ must, field, request }, others]) => ({
      must,
      request: others
        .filter((each) => top(each.field) !== top(field) && ![undefined, null, ''].includes(each.value as null))
        .reduce((made, each) => replaced(made, [top(each.field)], each.value), request),
    }));
}

const top = (field: string): string => field.split('.')[0]!;
const valueAt = (request: JsonObject, field: string): JsonValue | undefined => request[top(field)];

/** When the services began; of all that a place has. */
async function startTimes(place: Place): Promise<string[]> {
  const statuses = place.services.map((service) =>
    ok(person(place, 'admin').get<{ startTime: string }>(`/v1/ops/${service}/status`)),
  );
  return (await Promise.all(statuses)).map(({ startTime }) => startTime);
}

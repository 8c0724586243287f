import { readFileSync } from 'node:fs';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { descriptorFile } from '../../deploy/envoy/config.ts';
import { publicMethods, type PublicMethod } from '../../deploy/envoy/methods.ts';
import { services } from '../../services/registry.ts';
import { publicMethods as describedMethods, restCall } from '../system/kit/rpc.ts';
import { isSayable, wrongs } from '../system/kit/wrongs.ts';
import type { Call } from './rest-conformance.calls.ts';
import { errorOf, eventsOf, reasonOf, startGateways, type Answer, type Gateways } from './rest-conformance.gateways.ts';
import { promised, promisedCalls, refusedCalls } from './rest-contract/all.ts';

// What each method promises by REST, kept by Envoy and by the embedded gateway alike: its path, the names of its fields, its words.

const methods = publicMethods(readFileSync(descriptorFile));

let started: Gateways;
beforeAll(async () => void (started = await startGateways()));
afterAll(() => started?.close());

test('every public method promises something, and nothing else does (K3)', () => {
  expect([...promised.keys()].sort()).toEqual(methods.map(({ path }) => path).sort());
});

describe('a call is understood, and answered to the letter (K3)', () => {
  test.each(promisedCalls)('$rpc: $says', async ({ rpc, says: _, received, ...call }) => {
    const promise = promised.get(rpc);
    for (const answer of await started.both(call)) {
      expect(answer).toMatchObject({ status: 200 });
      expect(heard(answer)).toEqual({ rpc, request: received });
      if (promise && 'file' in promise) {
        expect(answer).toMatchObject({
          body: promise.file.pieces.join(''),
          headers: { 'content-type': promise.file.type, 'content-disposition': 'attachment; filename="all.csv"' },
        });
      } else if (promise && 'events' in promise) expect(eventsOf(answer)).toEqual(promise.events);
      else expect(JSON.parse(answer.body)).toEqual(promise?.answer);
    }
  });
});

describe('a call that cannot be meant is refused by the gateway', () => {
  test.each(refusedCalls)('$service: $says', async ({ service: _, says: __, status, code, reason, ...call }) => {
    for (const answer of await started.both(call)) expect(refusal(answer)).toEqual({ status, code, reason });
  });
});

describe('every method alike', () => {
  test.each(methods)('$path is refused where nobody may ask so', async (method) => {
    const call = callOf(method);
    const parameter = `${call.path.includes('?') ? '&' : '?'}nope=1`;
    const wrong: Readonly<Record<string, readonly [Call, Refusal]>> = {
      ...(isOpen(method) ? {} : { 'without a token': [{ ...call, token: false }, unauthenticated] }),
      'with a bad token': [{ ...call, headers: { authorization: 'Bearer bad' } }, unauthenticated],
      'with an unknown parameter': [{ ...call, path: call.path + parameter }, malformed],
      'by a verb that it does not have': [
        { ...call, method: call.method === 'DELETE' ? 'PUT' : 'DELETE' },
        wrongMethod,
      ],
      ...(variablesOf(method).length === 0
        ? {}
        : {
            'with a slash in an id': [
              { ...call, path: method.templates[0]?.replace(/\{\w+\}/g, 'a%2Fb') ?? '' },
              malformed,
            ],
          }),
      ...(call.body === undefined
        ? {}
        : {
            'with half a body': [{ ...call, body: '{"' }, malformed],
            'with a list for a body': [{ ...call, body: '[]' }, malformed],
          }),
    };
    const answers = Object.entries(wrong).map(
      async ([what, [bad]]) => [what, (await started.both(bad)).map(refusal)] as const,
    );
    const expected = Object.entries(wrong).map(([what, [, refused]]) => [what, [refused, refused]] as const);
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(Object.fromEntries(expected));
  });

  test.each(methods)('$path has fields of one type, and refuses others', async (method) => {
    const wrong = wrongCalls(method);
    const answers = await Promise.all(
      wrong.map(async ([what, bad]) => [what, (await started.both(bad)).map(refusal)] as const),
    );
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(wrong.map(([what]) => [what, [malformed, malformed]] as const)),
    );
  });

  test.each(methods.filter(isOpen))('$path lets anyone in', async (method) => {
    for (const { status } of await started.both({ ...callOf(method), token: false })) expect(status).toBe(200);
  });

  test.each(methods.filter((method) => callOf(method).body !== undefined))(
    '$path takes a body without a thing, and none with a thing too many',
    async (method) => {
      const { received, ...call } = callOf(method);
      const inPath = Object.fromEntries(variablesOf(method).map((name) => [name, received[name]]));
      for (const answer of await started.both({ ...call, body: '' }))
        expect(heard(answer)).toEqual({ rpc: method.path, request: inPath });
      const more = JSON.stringify({ ...(JSON.parse(String(call.body)) as JsonObject), nope: { a: [1, {}] } });
      for (const answer of await started.both({ ...call, body: more })) {
        expect(refusal(answer)).toEqual(malformed);
        expect(errorOf(answer).details).toContainEqual(
          expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'nope' })] }),
        );
      }
    },
  );
});

interface Refusal {
  status: number;
  /** Both missing where it is no refusal of ours: an answer, or nothing that can be read. */
  code?: number;
  reason?: string | undefined;
}
const unauthenticated: Refusal = { status: 401, code: 16, reason: 'UNAUTHENTICATED' };
const malformed: Refusal = { status: 400, code: 3, reason: 'MALFORMED' };
const wrongMethod: Refusal = { status: 405, code: 12, reason: 'METHOD_NOT_ALLOWED' };

function refusal(answer: Answer): Refusal {
  const { status, headers } = answer;
  if (status === 200 || headers['content-type'] !== 'application/json') return { status };
  return { status, code: errorOf(answer).code, reason: reasonOf(answer)?.reason };
}

/** What the service read of the request that was answered so. */
function heard({ requestId }: Answer): { rpc: string | undefined; request: unknown } {
  const { rpc, request } = started.behind.received.get(requestId) ?? {};
  return { rpc, request };
}

function isOpen({ context, name }: PublicMethod): boolean {
  return services.some((service) => service.name === context && service.open.includes(name));
}

/** Its first one; a method without any fails above, and asks here for what is not there. */
function callOf({ path }: PublicMethod): Call & { received: JsonObject } {
  const { says: _, received, ...call } = promised.get(path)?.calls[0] ?? { says: '', path: '', received: {} };
  return { ...call, received: received as JsonObject };
}

/** A value of another type for each field; what stands in the path is text, whatever it says. */
function wrongCalls({ service, name, templates }: PublicMethod): (readonly [what: string, bad: Call])[] {
  const described = describedMethods.filter((method) => method.parent.typeName === service && method.name === name);
  return described.flatMap((method) =>
    wrongs(method)
      .filter((wrong) => wrong.typed && isSayable(method, wrong) && !templates[0]?.includes(`{${wrong.field}}`))
      .map(({ what, field, request }) => {
        const { verb, path, body } = restCall(method, request);
        return [
          `${field}: ${what}`,
          { method: verb.toUpperCase(), path, ...(body && { body: JSON.stringify(body) }) },
        ] as const;
      }),
  );
}

/** `reservationId` of `/v1/lodging/reservations/{reservation_id}` */
const variablesOf = ({ templates }: PublicMethod): string[] =>
  [...(templates[0] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );

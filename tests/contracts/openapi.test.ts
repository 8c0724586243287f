import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from '@jest/globals';
import { descriptorFile } from '../../deploy/envoy/config.ts';
import { publicMethods } from '../../deploy/envoy/methods.ts';
import { ownPaths } from '#adapters/gateway/target.ts';
import { localReplies, statusJson } from '#adapters/gateway/local-replies.ts';
import { services } from '../../services/registry.ts';
import { answerSchema, document, invalidFields, operationOf, operations } from './openapi.ts';
import { promised, promisedCalls } from './rest-contract/all.ts';

// The description of the REST API, compared with what both gateways are proven to take and to answer (rest-contract.test.ts).

const methods = publicMethods(readFileSync(descriptorFile));

test('the description is valid OpenAPI 3.1 (D1)', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every REST path is described, and nothing else (D1)', () => {
  const described = operations.map(({ path }) => path);
  expect([...new Set(described)].sort()).toEqual(
    [...new Set(methods.flatMap(({ templates }) => templates)), ...ownPaths].sort(),
  );
  expect(operations.length).toBe(methods.length + ownPaths.length);
});

test.each(methods)(
  '$path says what it does, who may call it and how it fails (D1)',
  ({ path, context, name, reads }) => {
    const { operation, verb } = operationOf(path);
    expect(operation.summary).not.toBe('');
    expect(operation.description).toContain(operation.summary);
    expect(verb === 'get').toBe(reads);
    const isOpen = services.some((service) => service.name === context && service.open.includes(name));
    expect(operation.security.some((each) => Object.keys(each).length === 0)).toBe(isOpen);
    expect(operation['x-roles'] === undefined).toBe(isOpen);
    for (const status of ['400', '401', '429', '503', 'default']) expect(operation.responses).toHaveProperty(status);
  },
);

test.each([...promised])('the answer of %s is as described (D1)', (rpc, promise) => {
  const { operation } = operationOf(rpc);
  const answers = 'answer' in promise ? [promise.answer] : 'events' in promise ? promise.events : [];
  for (const answer of answers) expect(invalidFields(answerSchema(operation), answer)).toEqual([]);
  if ('file' in promise)
    expect(operation.responses['200']?.content).toHaveProperty([promise.file.type.split(';')[0] ?? '']);
});

test('parameters that a call gives are described (D1)', () => {
  for (const { rpc, path } of promisedCalls.filter(({ body }) => body === undefined)) {
    const { operation } = operationOf(rpc);
    const known = (operation.parameters ?? []).map(({ name }) => name);
    const given = [...new URLSearchParams(path.split('?')[1] ?? '').keys()].map((name) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    for (const name of given.filter((each) => each !== 'access_token'))
      expect({ rpc, known }).toMatchObject({ known: expect.arrayContaining([name]) });
  }
});

test('every answer of the gateway itself is an error as described', () => {
  for (const reply of localReplies)
    expect(invalidFields({ $ref: '#/components/schemas/Status' }, statusJson(reply))).toEqual([]);
});

describe('a method', () => {
  const create = operationOf('/jari.lodging.v1.LodgingService/CreateReservation').operation;

  test('that changes something takes an idempotency key, and no other does', () => {
    const keyed = operations
      .filter(({ operation }) => operation.parameters?.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')))
      .map(({ verb }) => verb);
    expect(new Set(keyed)).toEqual(new Set(['delete', 'patch', 'post', 'put']));
  });

  test('names its reasons, by the HTTP status that they come with', () => {
    expect(create.responses['400']?.['x-reasons']).toEqual([
      'INVALID_FIELDS',
      'UNKNOWN_PAYMENT_METHOD',
      'VERIFY_FIRST',
      'NO_PAYMENT_METHOD',
      'NOT_ON_SALE',
      'PRICE_CHANGED',
      'MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect(create.responses['429']?.['x-reasons']).toEqual(['TOO_MANY_HOLDS', 'RATE_LIMITED']);
  });

  test('says what its body must hold, by the rules that the service checks', () => {
    const schema = create.requestBody?.content['application/json'].schema ?? {};
    const wish = {
      roomId: '019a3000-0000-7000-8000-000000000101',
      checkIn: '2026-12-24',
      checkOut: '2026-12-26',
      guests: 2,
    };
    expect(invalidFields(schema, wish)).toEqual([]);
    expect(invalidFields(schema, {})).toHaveLength(4);
    expect(invalidFields(schema, { ...wish, guests: 0, checkIn: '24 December', nope: 1 }).sort()).toEqual([
      '/checkIn: must match pattern "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"',
      '/guests: must be >= 1',
      ': must NOT have additional properties',
    ]);
  });

  test('for one role names it, and with a token of another role is refused', () => {
    expect(create.security).toEqual([{ token: ['customer'] }, { session: ['customer'] }]);
    expect(create.responses['403']?.['x-reasons']).toEqual(['PERMISSION_DENIED']);
  });
});

test('every field that is sent or answered has a name as the gateways write it', () => {
  const fields = Object.values(document.components.schemas).flatMap(({ properties }) => Object.keys(properties ?? {}));
  expect(fields.length).toBeGreaterThan(300);
  expect(fields.filter((name) => !/^(@type|[a-z][a-zA-Z0-9]*)$/.test(name))).toEqual([]);
});

import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, create, fromBinary, setExtension, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodDescriptorProtoSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { startEnvoy, validate } from '../native/envoy.ts';
import { freePort } from '../native/ports.ts';
import { services } from '../../services/registry.ts';
import { composeGateway, descriptorFile, envoyConfig, localGateway } from './config.ts';
import { publicMethods } from './methods.ts';
import { ownTokens } from './tokens.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const key = await newKey();
const tokens = ownTokens(publicJwks(key));

describe('The real Envoy takes the configuration', () => {
  test('of this machine', () => {
    expect(validate(dir, envoyConfig(localGateway(tokens, {})))).toBe(join(dir, 'envoy.json'));
  });

  test('of docker-compose.yml', () => {
    // There the descriptor set lies in a volume.
    expect(validate(dir, envoyConfig({ ...composeGateway(tokens, {}), descriptorPath: descriptorFile }))).toBe(
      join(dir, 'envoy.json'),
    );
  });

  test('and refuses one that is wrong', () => {
    expect(() => validate(dir, { static_resources: { listeners: 'none' } })).toThrow('Envoy refuses');
  });
});

test('every public method of the protos belongs to a service that is listed', () => {
  const methods = publicMethods(readFileSync(descriptorFile)).filter(({ everywhere }) => !everywhere);
  expect(methods.length).toBeGreaterThan(20);
  expect(
    [...new Set(methods.map(({ context }) => context))].filter(
      (context) => !services.some(({ name }) => name === context),
    ),
  ).toEqual([]);
});

test('open at the gateway is what the services themselves leave open, and nothing else', () => {
  const calledOpen = (service: string): string[] => {
    const rpc = readFileSync(join(import.meta.dirname, `../../services/${service}/adapters/grpc.ts`), 'utf8');
    return [...rpc.matchAll(/(\w+): open(?:Query|Stream)\(/g)].map(
      ([, name = '']) => name.charAt(0).toUpperCase() + name.slice(1),
    );
  };
  expect(services.flatMap(({ open }) => open).length).toBeGreaterThan(0);
  for (const { name, open } of services) expect([name, calledOpen(name).sort()]).toEqual([name, [...open].sort()]);
});

test('a method that is new in the protos is routed, and closed to those without a token, by itself', async () => {
  const descriptorPath = join(dir, 'with-a-new-method.binpb');
  const descriptorSet = withNewMethod(readFileSync(descriptorFile));
  writeFileSync(descriptorPath, descriptorSet);
  const gateway = {
    ...localGateway(tokens, {}),
    descriptorPath,
    descriptorSet,
    httpPort: await freePort(),
    grpcPort: await freePort(),
    adminPort: await freePort(),
  };
  // Nobody is behind it, so what is routed ends as UNAVAILABLE.
  const deserted = {
    ...gateway,
    services: await Promise.all(
      services.map(async (entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: await freePort() }] })),
    ),
  };
  const envoy = await startEnvoy({
    dir: join(dir, 'envoy'),
    config: envoyConfig(deserted),
    adminPort: gateway.adminPort,
  });
  try {
    const appraise = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/appraisals/1`, { headers })).status;
    expect(await appraise({})).toBe(401);
    expect(await appraise({ authorization: `Bearer ${await issueToken('guest', key)}` })).toBe(503);
  } finally {
    await envoy.stop();
  }
});

/** `rpc AppraiseRoom(GetRoomRequest) returns (Room)` at `/v1/appraisals/{room_id}`. */
function withNewMethod(bytes: Uint8Array): Uint8Array {
  const set = clone(FileDescriptorSetSchema, fromBinary(FileDescriptorSetSchema, bytes));
  const service = set.file.flatMap((file) => file.service).find(({ name }) => name === 'PropertyService');
  const http = registry.getExtension('google.api.http');
  if (!service || !http?.message) throw new Error('no PropertyService, or no google.api.http');
  const options = create(MethodOptionsSchema);
  setExtension(options, http, create(http.message, { pattern: { case: 'get', value: '/v1/appraisals/{room_id}' } }));
  service.method.push(
    create(MethodDescriptorProtoSchema, {
      name: 'AppraiseRoom',
      inputType: '.jari.property.v1.GetRoomRequest',
      outputType: '.jari.property.v1.Room',
      options,
    }),
  );
  return toBinary(FileDescriptorSetSchema, set);
}

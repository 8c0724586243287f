import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { beforeAll, expect, test } from '@jest/globals';
import { publicMethods } from '../../deploy/envoy/methods.ts';
import { services as gatewayServices } from '../../services/registry.ts';
import { withServices } from '../../docs/draw/services.ts';
import { readSources } from '../../docs/draw/source.ts';
import { everyService } from './contexts.ts';

const root = join(import.meta.dirname, '../..');
const descriptors = readFileSync(join(root, 'gen/descriptors.binpb'));

interface Row {
  service: string;
  who: string | readonly string[];
}

/** By path: what the contracts promise, and what the services register, each with who may call it. */
const promised = new Map<string, string>();
const registered = new Map<string, Row>();

beforeAll(async () => {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  for (const type of registry) {
    if (type.kind !== 'service' || !type.typeName.startsWith('jari.')) continue;
    for (const method of type.methods)
      promised.set(`/${type.typeName}/${method.name}`, type.typeName.split('.')[1] ?? '');
  }
  await withServices(root, (services) => {
    for (const { service, plugged } of services)
      for (const { methods } of plugged.rpc)
        for (const { definition, implementation } of methods)
          registered.set(definition.path, { service: service.name, who: implementation.who });
  });
});

test('the contracts promise something', () => expect(promised.size).toBeGreaterThan(20));

test('every method of a context is served by its service, and nothing else is (K23)', () => {
  const ofContexts = [...promised].filter(([, context]) => context !== everyService);
  expect(Object.fromEntries([...registered].map(([path, { service }]) => [path, service]))).toEqual(
    Object.fromEntries(ofContexts),
  );
});

test('what every service serves for itself is served by adapters/, with a row for every method (K12, K23)', () => {
  const promisedServices = new Set(
    [...promised].filter(([, context]) => context === everyService).map(([path]) => path.split(/[./]/).at(-2)),
  );
  const code = readSources(root, 'adapters/**/*.ts').map(({ tree }) => tree.text);
  const served = [...promisedServices].filter((name) =>
    code.some((text) => new RegExp(`\\brpcService\\(\\s*(\\w+\\.)?${name}Service\\b`).test(text)),
  );
  expect(served).toEqual([...promisedServices]);
});

test('every method says who may call it: anyone, or somebody by name (K12)', () => {
  expect([...registered].filter(([, { who }]) => who.length === 0).map(([path]) => path)).toEqual([]);
});

test('what has no REST face is for services alone, and services are let in nowhere else by name (K12)', () => {
  const faces = new Set(publicMethods(descriptors).map(({ path }) => path));
  const internal = [...registered].filter(([path]) => !faces.has(path)).map(([path, { who }]) => [path, who]);
  const ofServices = [...registered]
    .filter(([, { who }]) => who.includes('service'))
    .map(([path]) => [path, ['service']]);
  expect(internal.length).toBeGreaterThan(1);
  expect(internal).toEqual(ofServices);
});

test('the gateway lets in without a token exactly what the services open to anyone (K12)', () => {
  const opened = [...registered].filter(([, { who }]) => who === 'anyone').map(([path]) => path);
  const letIn = [...promised].filter(([path, context]) =>
    gatewayServices.some(({ name, open }) => name === context && open.includes(path.split('/')[2] ?? '')),
  );
  expect(letIn.map(([path]) => path).sort()).toEqual(opened.sort());
});

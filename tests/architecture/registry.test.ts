import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sandboxes, services, web, type ServiceEntry } from '../../services/registry.ts';
import { withServices } from '../../docs/draw/services.ts';
import { inCheckout, registryProblems, repeated, type Found } from './registry.ts';

const root = join(import.meta.dirname, '../..');
const entry = (name: string, kind: ServiceEntry['kind'], port: number): ServiceEntry => ({
  name,
  kind,
  port,
  open: [],
});

describe('the registry of services (D4)', () => {
  test('lists every folder of services/, and nothing else', () =>
    expect(registryProblems(services, inCheckout(root))).toEqual([]));

  test('gives each service the name that its main.ts exports', () =>
    withServices(root, (found) =>
      expect(found.map(({ service }) => service.name).sort()).toEqual(services.map(({ name }) => name).sort()),
    ));

  test('gives services and sandboxes ports of their own', () =>
    expect(repeated([...services, ...sandboxes, web].map(({ port }) => port))).toEqual([]));
});

describe('what is forgotten when a business is added is named:', () => {
  const registry = [entry('lodging', 'core', 1), entry('payment', 'general', 2)];
  const found: Found = {
    folders: ['lodging', 'payment'],
    protos: ['lodging', 'payment', 'order', 'ops'],
    simulated: ['lodging'],
    requested: ['lodging', 'payment'],
    promised: ['lodging', 'payment'],
  };

  test('nothing, when all is in place', () => expect(registryProblems(registry, found)).toEqual([]));
  test('its entry', () =>
    expect(registryProblems(registry, { ...found, folders: [...found.folders, 'parking'] })).toEqual([
      'services/parking is missing in services/registry.ts',
    ]));
  test('its folder, its protos, its simulation, and the calls of its methods', () =>
    expect(registryProblems([...registry, entry('parking', 'core', 3)], found)).toEqual([
      'services/registry.ts lists parking, but services/parking/main.ts does not exist',
      'parking has no proto/jari/parking',
      'parking is a core service, but tests/simulation/parking/parking.ts does not exist',
      'parking has no tests/system/kit/methods/parking.ts',
      'parking has no tests/contracts/rest-contract/parking.ts',
    ]));
  test('a port of its own', () =>
    expect(registryProblems([entry('lodging', 'core', 2), entry('payment', 'general', 2)], found)).toEqual([
      'two services of services/registry.ts have port 2',
    ]));
});

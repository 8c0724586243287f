import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ServiceEntry } from '../../services/registry.ts';
import { everyService, publishedLanguage } from './contexts.ts';

/** What of a service exists in the checkout. */
export interface Found {
  /** Folders of services/ with a main.ts. */
  folders: readonly string[];
  /** Contexts with protos: folders of proto/jari/. */
  protos: readonly string[];
  /** Businesses that the simulation plays: tests/simulation/NAME/NAME.ts. */
  simulated: readonly string[];
  /** Services whose methods have requests: tests/system/kit/methods/NAME.ts. */
  requested: readonly string[];
  /** Services whose methods have REST calls: tests/contracts/rest-contract/NAME.ts. */
  promised: readonly string[];
}

const requests = 'tests/system/kit/methods';
const promises = 'tests/contracts/rest-contract';

export const inCheckout = (root: string): Found => {
  const simulations = globSync('tests/simulation/*/', { cwd: root });
  const filesOf = (folder: string): string[] =>
    globSync(`${folder}/*.ts`, { cwd: root }).map((path) => basename(path, '.ts'));
  return {
    requested: filesOf(requests),
    promised: filesOf(promises),
    folders: globSync('services/*/main.ts', { cwd: root }).map((path) => dirname(path).split('/').at(-1) ?? ''),
    protos: globSync('proto/jari/*', { cwd: root }).map((path) => path.split('/').at(-1) ?? ''),
    simulated: simulations
      .map((path) => path.split('/').filter(Boolean).at(-1) ?? '')
      .filter((name) => existsSync(join(root, 'tests/simulation', name, `${name}.ts`))),
  };
};

/** Where the registry and the checkout disagree, one sentence each. */
export function registryProblems(
  registry: readonly ServiceEntry[],
  { folders, protos, simulated, requested, promised }: Found,
): string[] {
  const names = registry.map(({ name }) => name);
  const cores = registry.filter(({ kind }) => kind === 'core').map(({ name }) => name);
  const without = (some: readonly string[], others: readonly string[]): string[] =>
    some.filter((each) => !others.includes(each));
  return [
    ...without(folders, names).map((name) => `services/${name} is missing in services/registry.ts`),
    ...without(names, folders).map(
      (name) => `services/registry.ts lists ${name}, but services/${name}/main.ts does not exist`,
    ),
    ...without(protos, [...names, publishedLanguage, everyService]).map(
      (name) => `proto/jari/${name} belongs to no service of services/registry.ts`,
    ),
    ...without(names, protos).map((name) => `${name} has no proto/jari/${name}`),
    ...without(cores, simulated).map(
      (name) => `${name} is a core service, but tests/simulation/${name}/${name}.ts does not exist`,
    ),
    ...without(names, requested).map((name) => `${name} has no ${requests}/${name}.ts`),
    ...without(names, promised).map((name) => `${name} has no ${promises}/${name}.ts`),
    ...repeated(names).map((name) => `services/registry.ts lists ${name} twice`),
    ...repeated(registry.map(({ port }) => port)).map(
      (port) => `two services of services/registry.ts have port ${port}`,
    ),
  ];
}

export const repeated = <Value>(values: readonly Value[]): Value[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

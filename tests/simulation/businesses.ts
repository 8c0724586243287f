import { services } from '../../services/registry.ts';
import type { Business } from './history.ts';

/** One for each core service, `tests/simulation/NAME/NAME.ts`. */
export const businesses: readonly Business[] = await Promise.all(
  services.filter(({ kind }) => kind === 'core').map(async ({ name }) => ((await import(`./${name}/${name}.ts`)) as Record<string, Business>)[name]!),
);

export function businessNamed(name: string): Business {
  const found = businesses.find((each) => each.name === name);
  if (!found) throw new Error(`There is no business ${name}. The businesses are ${businesses.map((each) => each.name).join(', ')}.`);
  return found;
}

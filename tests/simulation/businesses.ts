import { services } from '../../services/registry.ts';
import type { Business, Planted } from './history.ts';
import { planted } from './planted.ts';

/** One for each core service, `tests/simulation/NAME/NAME.ts`. */
export const businesses: readonly Business[] = await Promise.all(
  services
    .filter(({ kind }) => kind === 'core')
    .map(async ({ name }) => ((await import(`./${name}/${name}.ts`)) as Record<string, Business>)[name]!),
);

export function businessNamed(name: string): Business {
  const found = businesses.find((each) => each.name === name);
  if (!found)
    throw new Error(
      `There is no business ${name}. The businesses are ${businesses.map((each) => each.name).join(', ')}.`,
    );
  return found;
}

/** A planted bug of a business, or of what every business stands on. */
export function bugNamed(business: Business, title: string): Planted {
  const found = business.planted[title] ?? planted[title];
  if (!found) throw new Error(`Nobody planted “${title}” in ${business.name}.`);
  return found;
}

import { services } from '../../services/registry.ts';
import type { Business, Planted } from './history.ts';
import { planted } from './planted.ts';

const all: Business[] = [];
// One after the other: Jest fails to link a module that two imports reach at once.
for (const { name } of services.filter(({ kind }) => kind === 'core'))
  all.push(((await import(`./${name}/${name}.ts`)) as Record<string, Business>)[name]!);
/** One for each core service, `tests/simulation/NAME/NAME.ts`. */
export const businesses: readonly Business[] = all;

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

import type { Business } from './history.ts';
import { lodging } from './lodging/lodging.ts';
import { preorder } from './preorder/preorder.ts';
import { rental } from './rental/rental.ts';
import { seating } from './seating/seating.ts';
import { tutoring } from './tutoring/tutoring.ts';

/** A new business is a line here. */
export const businesses: readonly Business[] = [lodging, seating, rental, preorder, tutoring];

export function businessNamed(name: string): Business {
  const found = businesses.find((each) => each.name === name);
  if (!found) throw new Error(`no business ${name}; there are ${businesses.map((each) => each.name).join(', ')}`);
  return found;
}

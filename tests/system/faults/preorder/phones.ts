import { preordering } from '../../kit/preorder.ts';
import type { Native } from '../native.ts';

/** Phones and a town of its own for a load. */
export interface Phones {
  /** There are more than anybody wants. */
  plenty: readonly string[];
  /** There are a few. */
  scarce: readonly string[];
  /** Where the customers live. */
  location: object;
}

/** Units that there are of each at the beginning. */
export const stocked = { plenty: 100_000, scarce: 5 } satisfies Partial<Record<keyof Phones, number>>;

const wanted = { plenty: 6, scarce: 2 } satisfies Record<keyof typeof stocked, number>;

export async function makePhones(place: Native): Promise<Phones> {
  const { newPhone, newTown } = preordering(place);
  const some = (use: keyof typeof stocked): Promise<string[]> =>
    Promise.all(Array.from({ length: wanted[use] }, async () => (await newPhone(stocked[use], use)).id));
  const { location } = await newTown(...Array.from({ length: 30 }, (_, nth) => ({ kilometres: 1 + nth }))); // 30,000 a day
  return { plenty: await some('plenty'), scarce: await some('scarce'), location };
}

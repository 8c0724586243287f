import type { Product } from './api.ts';

export interface Family {
  name: string;
  /** Never empty; the cheapest first. */
  variants: readonly [Product, ...Product[]];
}

export const amountOf = ({ kind, price, monthlyFee }: Product): number =>
  Number((kind === 'PHONE' ? price : monthlyFee)?.units ?? 0);

const byAmount = (one: Product, other: Product): number =>
  amountOf(one) - amountOf(other) || (one.id < other.id ? -1 : 1);

/** Variants of one product stand together, in the order in which the first of each was listed. */
export function familiesOf(products: readonly Product[]): readonly Family[] {
  const families = new Map<string, Product[]>();
  for (const product of products) {
    const name = product.family || product.id;
    families.set(name, [...(families.get(name) ?? []), product]);
  }
  return [...families.values()].map((members) => {
    const [first, ...more] = members.toSorted(byAmount);
    return { name: first!.family || first!.name, variants: [first!, ...more] };
  });
}

/** The product and the others of its family that can be ordered. */
export const variantsOf = (product: Product, all: readonly Product[]): readonly Product[] =>
  product.family
    ? [product, ...all.filter(({ id, family }) => family === product.family && id !== product.id)].toSorted(byAmount)
    : [product];

export const leftIn = ({ variants }: Family): number => variants.reduce((sum, { available }) => sum + available, 0);

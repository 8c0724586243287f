/** Groups of phases that the list can be narrowed to. */
export const shows = ['all', 'waiting', 'active', 'done', 'off'] as const;
export type Show = (typeof shows)[number];

/** Kinds of orders that it can be narrowed to. */
export const kinds = [
  'lodging.reservation',
  'seating.selection',
  'tutoring.purchase',
  'preorder.preorder',
  'rental.rental',
] as const;

export interface OrdersSearch {
  show?: Show | undefined;
  kind?: string | undefined;
}

/** What the address says, as far as it makes sense. */
export const ordersSearch = ({ show, kind }: Record<string, unknown>): OrdersSearch => ({
  show: shows.find((each) => each === show && each !== 'all'),
  kind: kinds.find((each) => each === kind),
});

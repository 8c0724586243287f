/** The businesses, in the order in which they are shown. */
export const businesses = ['lodging', 'tutoring', 'seating', 'preorder', 'rental'] as const;
export type Business = (typeof businesses)[number];

/** Where one thing on offer has its page; undefined for a business without pages. A further one is a line here. */
const paths: Partial<Record<Business, (id: string) => string>> = {
  lodging: (id) => `/lodging/${id}`,
  preorder: (id) => `/preorder/${id}`,
  rental: (id) => `/rental/${id}`,
};

export const pathOf = (business: Business, id: string): string | undefined => paths[business]?.(id);

/** The businesses, in the order in which they are shown. */
export const businesses = ['lodging', 'tutoring', 'seating', 'preorder', 'rental'] as const;
export type Business = (typeof businesses)[number];

/** Where all that a business offers has its page. A further business is a line here. */
const paths: Readonly<Record<Business, string>> = {
  lodging: '/lodging',
  tutoring: '/tutoring',
  seating: '/seating',
  preorder: '/preorder',
  rental: '/rental',
};

export const listPathOf = (business: Business): string => paths[business];

/** Where one thing on offer has its page. */
export const pathOf = (business: Business, id: string): string => `${paths[business]}/${id}`;

/** What is looked for; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface ProductSearch {
  q?: string | undefined;
}

/** What of an address makes sense; the rest is left out. */
export const productSearch = ({ q }: Readonly<Record<string, unknown>>): ProductSearch =>
  typeof q === 'string' && q.trim() ? { q: q.slice(0, 100) } : {};

export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

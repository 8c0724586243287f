import { validate } from 'uuid';
import { invalid } from './errors.ts';

const defaultSize = 50;

/**
 * A page ends at this size, with a token for the rest, even if it holds few items. Gateways and gRPC clients take answers of up to 4 MiB, and
 * items are measured by about what they are in JSON.
 */
export const mostPageBytes = 2 << 20;

export interface PageRequest {
  pageSize: number;
  pageToken: string;
}

/** Up to `size` items, older than the one with the id `after`. */
export interface Page {
  size: number;
  after?: string;
}

/**
 * One page of what `read` finds, each printed as it is answered. INVALID_ARGUMENT for an unknown token.
 * `read` is asked for one item too many, which says whether there is a next page. `isId` knows the ids of the list.
 */
export async function paged<Found extends { id: string }, Item = Found>(
  request: PageRequest,
  read: (page: Page) => Promise<readonly Found[]>,
  print: (found: Found) => Item = (found) => found as unknown as Item,
  isId: (id: string) => boolean = validate,
): Promise<{ items: Item[]; nextPageToken: string }> {
  const { size, after } = pageOf(request, isId);
  const found = await read({ size: size + 1, ...(after !== undefined && { after }) });
  const items = fitting(found.slice(0, size), print);
  const last = found[items.length - 1];
  return {
    items,
    nextPageToken: last && found.length > items.length ? Buffer.from(last.id).toString('base64url') : '',
  };
}

function pageOf({ pageSize, pageToken }: PageRequest, isId: (id: string) => boolean): Page {
  const size = pageSize || defaultSize;
  if (!pageToken) return { size };
  const after = Buffer.from(pageToken, 'base64url').toString('utf8');
  if (!isId(after)) throw invalid({ field: 'page_token', description: 'must be a token that this list answered with' });
  return { size, after };
}

/** As many of them, from the first on, as an answer may hold; at least one, or the list would not go on. */
export function fitting<Found, Item>(found: readonly Found[], print: (found: Found) => Item): Item[] {
  const items: Item[] = [];
  let bytes = 0;
  for (const each of found) {
    const item = print(each);
    bytes += weightOf(item);
    if (items.length > 0 && bytes > mostPageBytes) break;
    items.push(item);
  }
  return items;
}

/** Of a number, a time or a name of an enum, with its name and marks. */
const scalarBytes = 32;

/** About the bytes of a message in JSON; cheaper than to print it. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return scalarBytes + Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return scalarBytes;
  if (value instanceof Uint8Array) return scalarBytes + (value.length * 4) / 3;
  let bytes = scalarBytes;
  for (const each of Object.values(value)) bytes += weightOf(each);
  return bytes;
}

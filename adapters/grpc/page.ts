import { validate } from 'uuid';
import { invalid } from './errors.ts';

const defaultSize = 50;

/** Which page a list request asks for. INVALID_ARGUMENT where the token is not one of ours; `isId` knows the ids of the list. */
export function pageOf({ pageSize, pageToken }: { pageSize: number; pageToken: string }, isId: (id: string) => boolean = validate): { size: number; after?: string } {
  const size = pageSize || defaultSize;
  if (!pageToken) return { size };
  const after = Buffer.from(pageToken, 'base64url').toString('utf8');
  if (!isId(after)) throw invalid({ field: 'page_token', description: 'is not a token that a list answered with' });
  return { size, after };
}

/** The token of the page after this one; empty on the last. `found` holds one item more than the page where there is a next. */
export const nextPageToken = (found: readonly { id: string }[], size: number): string =>
  found.length > size ? Buffer.from((found[size - 1] as { id: string }).id).toString('base64url') : '';

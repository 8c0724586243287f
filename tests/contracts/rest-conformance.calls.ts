import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

export interface Call {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** With a token unless `false`. */
  token?: false;
}

/** The service must have read exactly this, and both gateways give its answer alike. */
export type Understood = Call & { says: string; received: JsonValue };
/** Both refuse it by themselves. */
export type Refused = Call & { says: string; status: number; code?: number; reason?: string };

export const get = (says: string, path: string, received: JsonValue): Understood => ({ says, path, received });
export const post = (says: string, path: string, body: string | JsonObject, received: JsonValue): Understood => ({
  ...{ says, method: 'POST', path, received },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
export const put = (...[says, path, body, received]: Parameters<typeof post>): Understood => ({
  ...post(says, path, body, received),
  method: 'PUT',
});
export const patch = (...[says, path, body, received]: Parameters<typeof post>): Understood => ({
  ...post(says, path, body, received),
  method: 'PATCH',
});

export const remove = (says: string, path: string, received: JsonValue): Understood => ({
  ...{ says, method: 'DELETE', path, received },
});

export const malformed = (
  says: string,
  path: string,
  body?: string | Buffer,
  method = body === undefined ? 'GET' : 'POST',
): Refused => ({
  ...{ says, method, path, status: 400, code: 3, reason: 'MALFORMED' },
  ...(body !== undefined && { body }),
});
export const nowhere = (says: string, method: string, path: string): Refused => ({
  says,
  method,
  path,
  status: 404,
  code: 5,
  reason: 'NOT_FOUND',
});
export const wrongMethod = (says: string, method: string, path: string): Refused => ({
  says,
  method,
  path,
  status: 405,
  code: 12,
  reason: 'METHOD_NOT_ALLOWED',
});
export const unauthenticated = { status: 401, code: 16, reason: 'UNAUTHENTICATED' };

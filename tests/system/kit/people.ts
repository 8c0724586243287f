import { issueToken, userId } from '#adapters/auth/token.ts';
import type { Place } from './place.ts';

/** An answer as REST gives it. */
export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

/** google.rpc.Status as JSON. */
export interface ErrorBody {
  code: number;
  message: string;
  details: {
    '@type': string;
    reason?: string;
    domain?: string;
    fieldViolations?: { field: string; description: string }[];
  }[];
}

type Headed = Readonly<Record<string, string>>;

/** Somebody who calls by REST; nobody in particular has no token. */
export interface Person {
  /** User id. */
  id: string;
  readonly token: Promise<string>;
  get<Body>(path: string, headers?: Headed): Promise<Answer<Body>>;
  post<Body>(path: string, body?: unknown, headers?: Headed): Promise<Answer<Body>>;
  put<Body>(path: string, body: unknown, headers?: Headed): Promise<Answer<Body>>;
  patch<Body>(path: string, body: unknown, headers?: Headed): Promise<Answer<Body>>;
  delete<Body>(path: string, body?: unknown, headers?: Headed): Promise<Answer<Body>>;
}

/** A test may last longer than a sign-in is recent. */
const renewedMs = 60_000;

/** `guest`, `mina:host,customer`: as `npm run token` takes it. */
export function person(place: Place, name: string): Person {
  let issued: { token: Promise<string>; at: number } | undefined;
  const token = (): Promise<string> => {
    if (!issued || Date.now() - issued.at > renewedMs) issued = { token: issueToken(name, place.key), at: Date.now() };
    return issued.token;
  };
  return {
    id: userId(name.split(':')[0] ?? ''),
    get token() {
      return token();
    },
    ...calling(place, async () => ({ authorization: `Bearer ${await token()}` })),
  };
}

export const nobody = (place: Place): Omit<Person, 'id' | 'token'> => calling(place, async () => ({}));

function calling(place: Place, authorization: () => Promise<Headed>): Omit<Person, 'id' | 'token'> {
  const call =
    (method: string) =>
    async <Body>(path: string, body?: unknown, headers: Headed = {}): Promise<Answer<Body>> => {
      const response = await fetch(`${place.rest}${path}`, {
        method,
        headers: { ...(await authorization()), 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text ? JSON.parse(text) : undefined) as Body,
      };
    };
  return {
    get: (path, headers) => call('GET')(path, undefined, headers),
    post: call('POST'),
    patch: call('PATCH'),
    put: call('PUT'),
    delete: call('DELETE'),
  };
}

/** The body of a call that must succeed. */
export async function ok<Body>(answer: Promise<Answer<Body>>): Promise<Body> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** What an error says for programs: status, reason and the fields to blame. */
export function refusalOf({ status, body }: Answer<unknown>): {
  status: number;
  code: number;
  reason: string | undefined;
  fields: string[];
} {
  const { code, details } = body as ErrorBody;
  const detail = (type: string) => details.find((each) => each['@type'] === `type.googleapis.com/google.rpc.${type}`);
  const fields = detail('BadRequest')?.fieldViolations?.map(({ field }) => field) ?? [];
  return { status, code, reason: detail('ErrorInfo')?.reason, fields };
}

/** UNAVAILABLE, and it says when to try again. */
export function isUnavailable({ status, body, headers }: Answer<unknown>): boolean {
  const { code, details } = body as ErrorBody;
  return (
    status === 503 &&
    code === 14 &&
    details.some((each) => each['@type'].endsWith('RetryInfo')) &&
    headers.get('retry-after') !== null
  );
}

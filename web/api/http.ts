/** An answer of the API that is none: its reason is one word of the contract. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: nothing came back. */
  readonly status: number;
  /** `ROOM_TAKEN`; empty where the API tells none. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** What is wrong by the field's name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
  /** When it came, in milliseconds. */
  readonly at = Date.now();

  constructor(status: number, message: string, details: readonly Detail[] = [], retryAfter?: string | null) {
    super(message);
    const of = (type: string): Detail | undefined => details.find((each) => each['@type']?.endsWith(type));
    this.status = status;
    this.reason = of('ErrorInfo')?.reason ?? '';
    this.metadata = of('ErrorInfo')?.metadata ?? {};
    this.fields = Object.fromEntries(
      (of('BadRequest')?.fieldViolations ?? []).map(({ field, description }) => [field, description] as const),
    );
    this.retryAfterMs = retryAfter ? Number(retryAfter) * 1_000 : undefined;
  }

  /** Nobody knows whether it was done: asking again with the same key is safe, and may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.reason === 'RATE_LIMITED' || this.status === 409 || this.status >= 500;
  }
}

interface Detail {
  '@type'?: string;
  reason?: string;
  metadata?: Record<string, string>;
  fieldViolations?: readonly { field: string; description: string }[];
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Makes one of a command that is sent twice. */
  key?: string;
  signal?: AbortSignal;
}

/** One call of the REST API. The browser's cookie says who calls; the header says that it was a page of ours. */
export async function call<Answer>(
  path: string,
  { method = 'GET', body, key, signal }: CallOptions = {},
): Promise<Answer> {
  const request = new Request(path, {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      ...(method !== 'GET' && { 'jari-client': 'web' }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const text = await (await send(request)).text();
  return (text ? JSON.parse(text) : undefined) as Answer;
}

/** Tries of one call, and the longest that a page waits before the next. */
const tries = 3;
const patienceMs = 4_000;

/**
 * An answer, or `ApiError`. A command with a key is sent again when the connection broke or the API asks for it: it is done once however
 * often it is sent. Whoever only reads is asked again by the queries (client.ts).
 */
export async function send(request: Request): Promise<Response> {
  const isRepeatable = request.headers.has('idempotency-key');
  let isRenewed = false;
  for (let nth = 1; ; nth++) {
    const error = await attempt(request.clone());
    if (!(error instanceof ApiError)) return error;
    // A token may be older than the verification of its person's address.
    const isStale = error.status === 401 || error.reason === 'VERIFY_FIRST';
    if (isStale && !isRenewed && (await renewed())) {
      isRenewed = true;
      continue;
    }
    const waitMs = error.retryAfterMs ?? 300 * 2 ** nth;
    const isLast = nth >= tries || waitMs > patienceMs || !isRepeatable || !error.isPassing;
    if (isLast) throw error;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (request.signal.aborted) throw error;
  }
}

let renewing: Promise<boolean> | undefined;

/** Whether somebody is signed in: asking that renews a token that has ended, or says less than is true by now. Calls at once ask once. */
const renewed = (): Promise<boolean> =>
  (renewing ??= fetch('/auth/session')
    .then(async (answer) => answer.ok && ((await answer.json()) as { person: unknown }).person !== null)
    .catch(() => false)
    .finally(() => (renewing = undefined)));

async function attempt(request: Request): Promise<Response | ApiError> {
  try {
    const response = await fetch(request);
    return response.ok ? response : refusal(response, await response.text());
  } catch (error) {
    if (request.signal.aborted) throw error;
    return new ApiError(0, 'nothing came back');
  }
}

function refusal(response: Response, text: string): ApiError {
  try {
    const { message = '', details = [] } = JSON.parse(text) as { message?: string; details?: Detail[] };
    return new ApiError(response.status, message, details, response.headers.get('retry-after'));
  } catch {
    return new ApiError(response.status, '');
  }
}

/** `{ check_in: '…', guests: 2, area: undefined }` → `?check_in=…&guests=2` */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

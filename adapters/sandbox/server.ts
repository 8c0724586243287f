import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How a sandbox behaves. NORMAL; DECLINING: refuses every new request; DOWN: answers 503 only; SLOW: answers after `delay_ms`;
 * LOSES_ANSWERS: does what is requested, then drops the connection (it answers queries). Every effect is immediate in every mode,
 * whether or not the caller is still there. With `per_second` (0: no limit), what comes more often is not done, and answered 429. After a restart the mode is NORMAL; the books are kept.
 */
export const modes = ['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'] as const;
export type Mode = (typeof modes)[number];

export type Json = Record<string, unknown>;

export interface Call {
  method: string;
  path: string;
  /** Header Idempotency-Key; empty without one. */
  key: string;
  body: Json;
  declining: boolean;
}

export interface Answer {
  status: number;
  body: object;
  /** Header Retry-After, in seconds. */
  retryAfter?: number;
}

export interface RunningSandbox {
  /** `http://127.0.0.1:40123` */
  url: string;
  close(): Promise<void>;
}

/** Where a sandbox listens, and keeps its books. */
export interface Place {
  /** 0 takes a free one. */
  port: number;
  dir: string;
  host?: string;
}

interface Sandbox {
  /** What is booked, for whoever tests: `GET /ledger`. */
  ledger(query: URLSearchParams): readonly object[];
  /** Does what is requested, before the mode affects the answer. */
  answer(call: Call): Answer;
  close(): void;
}

export const ok = (body: object): Answer => ({ status: 200, body });
export const notFound = (reason = 'NOT_FOUND'): Answer => ({ status: 404, body: { reason } });
export const malformed = (text: string): Answer => ({ status: 400, body: { reason: 'MALFORMED', text } });

const maxBodyBytes = 16_384;
const defaultDelayMs = 2_000;

/** Serves a sandbox: a stand-in for somebody else's service, over HTTP and JSON. Nobody needs a token: loopback only. */
export async function serveSandbox(
  { port, host = '127.0.0.1' }: Pick<Place, 'port' | 'host'>,
  sandbox: Sandbox,
): Promise<RunningSandbox> {
  const closing = new AbortController();
  let mode: Mode = 'NORMAL';
  let delayMs = defaultDelayMs;
  let perSecond = 0;
  let second = { start: 0, calls: 0 };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    const { method = '' } = request;
    const body = await read(request);
    if (!body) return send(response, malformed('the body must be a JSON object of at most 16 KiB'));
    if (path === '/mode') return send(response, method === 'PUT' ? setMode(body) : ok({ mode, delay_ms: delayMs }));
    if (path === '/ledger') return send(response, ok({ entries: sandbox.ledger(searchParams) }));
    if (isTooMany()) return send(response, { status: 429, body: { reason: 'TOO_MANY_CALLS' }, retryAfter: 1 });
    if (mode === 'DOWN') return send(response, { status: 503, body: { reason: 'DOWN' } });
    const [behaviour, delay] = [mode, delayMs];
    const key = String(request.headers['idempotency-key'] ?? '');
    const result = sandbox.answer({ method, path, key, body, declining: behaviour === 'DECLINING' });
    if (behaviour === 'SLOW') await pause(delay, undefined, { signal: closing.signal });
    if (behaviour === 'LOSES_ANSWERS' && method === 'POST') return void request.socket.destroy();
    send(response, result);
  }

  function isTooMany(): boolean {
    const now = performance.now();
    if (now - second.start >= 1_000) second = { start: now, calls: 0 };
    return perSecond > 0 && ++second.calls > perSecond;
  }

  function setMode({ mode: wanted, delay_ms: delay = 0, per_second: limit = 0 }: Json): Answer {
    const known = modes.find((each) => each === wanted);
    if (!known || typeof delay !== 'number' || !(delay >= 0 && delay <= 60_000))
      return malformed(`mode must be one of ${modes.join(', ')}, delay_ms between 0 and 60000`);
    if (typeof limit !== 'number' || !(limit >= 0)) return malformed('per_second must be 0 (no limit) or more');
    mode = known;
    perSecond = limit;
    second = { start: 0, calls: 0 };
    delayMs = delay || defaultDelayMs;
    return ok({ mode, delay_ms: delayMs });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      sandbox.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<Json | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > maxBodyBytes) return undefined;
  }
  try {
    const json: unknown = JSON.parse(text || '{}');
    return typeof json === 'object' && json !== null ? (json as Json) : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body, retryAfter }: Answer): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    })
    .end(JSON.stringify(body));
}

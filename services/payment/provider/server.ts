import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedger, Unbookable, type Ledger, type Sum } from './ledger.ts';

/**
 * How the provider behaves. NORMAL; DECLINING: says no to every new charge; DOWN: answers nothing but 503; SLOW: answers after
 * `delay_ms`; LOSES_ANSWERS: books what it is told to, then drops the connection (questions it does answer). What is done is done
 * at once in every mode, whether or not the caller is still there. After a restart the mode is NORMAL; the books are kept.
 */
export const modes = ['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'] as const;
export type Mode = (typeof modes)[number];

export interface RunningProvider {
  /** `http://127.0.0.1:40123` */
  url: string;
  close(): Promise<void>;
}

type Json = Record<string, unknown>;

interface Answer {
  status: number;
  body: object;
}

interface Call {
  method: string;
  path: string;
  idempotencyKey: string;
  body: Json;
  declining: boolean;
}

const maxBodyBytes = 16_384;
const defaultDelayMs = 2_000;

/** The sandbox payment provider: HTTP and JSON, books of its own in `dir`. Port 0 takes a free one. Nobody needs a token: loopback only. */
export async function startProvider({ port, dir, host = '127.0.0.1' }: { port: number; dir: string; host?: string }): Promise<RunningProvider> {
  const ledger = openLedger(dir);
  const closing = new AbortController();
  let mode: Mode = 'NORMAL';
  let delayMs = defaultDelayMs;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const { method = '' } = request;
    const body = await read(request);
    if (!body) return send(response, malformed('the body must be a JSON object of at most 16 KiB'));
    if (path === '/mode') return send(response, method === 'PUT' ? setMode(body) : ok({ mode, delay_ms: delayMs }));
    if (path === '/ledger') return send(response, listed(ledger, searchParams));
    if (mode === 'DOWN') return send(response, { status: 503, body: { reason: 'DOWN' } });
    const [behaviour, delay] = [mode, delayMs];
    const idempotencyKey = String(request.headers['idempotency-key'] ?? '');
    const result = booked(ledger, { method, path, idempotencyKey, body, declining: behaviour === 'DECLINING' });
    if (behaviour === 'SLOW') await pause(delay, undefined, { signal: closing.signal });
    if (behaviour === 'LOSES_ANSWERS' && method === 'POST') return void request.socket.destroy();
    send(response, result);
  }

  function setMode({ mode: wanted, delay_ms: delay = 0 }: Json): Answer {
    const known = modes.find((each) => each === wanted);
    if (!known || typeof delay !== 'number' || !(delay >= 0 && delay <= 60_000))
      return malformed(`mode must be one of ${modes.join(', ')}, delay_ms between 0 and 60000`);
    mode = known;
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
      ledger.close();
    },
  };
}

/** What is said and done about `/charges…`, before the mode has its way with the answer. */
function booked(ledger: Ledger, { method, path, idempotencyKey, body, declining }: Call): Answer {
  const [root, key = '', verb = '', refundKey = ''] = path.slice(1).split('/');
  try {
    switch (`${method} /${root}${key && '/{key}'}${verb && `/${verb}`}${refundKey && '/{refund_key}'}`) {
      case 'POST /charges':
        return withSum(idempotencyKey, body, (sum) => ledger.charge(idempotencyKey, sum, declining ? declined : undefined));
      case 'GET /charges/{key}':
        return found(ledger.find(key));
      case 'POST /charges/{key}/void':
        return ok({ outcome: ledger.void(key) });
      case 'POST /charges/{key}/refunds':
        return withSum(idempotencyKey, body, (sum) => ledger.refund(key, idempotencyKey, sum));
      case 'GET /charges/{key}/refunds/{refund_key}':
        return found(ledger.refundOf(key, refundKey));
      default:
        return { status: 404, body: { reason: 'NO_SUCH_PATH' } };
    }
  } catch (error) {
    if (error instanceof Unbookable) return { status: error.status, body: { reason: error.reason } };
    throw error;
  }
}

const declined = { reason: 'CARD_DECLINED', reason_text: 'The card was declined.' };

function withSum(idempotencyKey: string, { amount, currency }: Json, book: (sum: Sum) => object): Answer {
  const fits = typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  return fits && /^[\w-]{1,200}$/.test(idempotencyKey)
    ? ok(book({ amount, currency }))
    : malformed('needs an Idempotency-Key, a whole amount above 0 and a currency');
}

function listed(ledger: Ledger, query: URLSearchParams): Answer {
  const orderId = query.get('order_id');
  if (orderId) return ok({ entries: ledger.ofOrder(orderId) });
  const since = query.get('since');
  return ok({ entries: since ? ledger.since(Number(since), Number(query.get('after') ?? 0)) : ledger.newest() });
}

const ok = (body: object): Answer => ({ status: 200, body });
const found = (body: object | undefined): Answer => (body ? ok(body) : { status: 404, body: { reason: 'NOT_FOUND' } });
const malformed = (text: string): Answer => ({ status: 400, body: { reason: 'MALFORMED', text } });

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

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

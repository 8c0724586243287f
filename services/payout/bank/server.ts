import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { KeyReused, openLedger, type Ledger } from './ledger.ts';

/**
 * How the bank behaves. NORMAL; DECLINING: refuses the account of every new transfer; DOWN: answers nothing but 503; SLOW: answers
 * after `delay_ms`; LOSES_ANSWERS: books what it is told to, then drops the connection (questions it does answer). What is done is
 * done at once in every mode, whether or not the caller is still there. After a restart the mode is NORMAL; the books are kept.
 */
export const modes = ['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'] as const;
export type Mode = (typeof modes)[number];

export interface RunningBank {
  /** `http://127.0.0.1:40123` */
  url: string;
  close(): Promise<void>;
}

type Json = Record<string, unknown>;

interface Answer {
  status: number;
  body: object;
}

const maxBodyBytes = 16_384;
const defaultDelayMs = 2_000;

/** The sandbox bank: HTTP and JSON, books of its own in `dir`. Port 0 takes a free one. Nobody needs a token: loopback only. */
export async function startBank({ port, dir, host = '127.0.0.1' }: { port: number; dir: string; host?: string }): Promise<RunningBank> {
  const ledger = openLedger(dir);
  const closing = new AbortController();
  let mode: Mode = 'NORMAL';
  let delayMs = defaultDelayMs;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://bank');
    const { method = '' } = request;
    const body = await read(request);
    if (!body) return send(response, malformed('the body must be a JSON object of at most 16 KiB'));
    if (path === '/mode') return send(response, method === 'PUT' ? setMode(body) : ok({ mode, delay_ms: delayMs }));
    if (path === '/ledger') return send(response, ok({ entries: ledger.entries(searchParams.get('order_id') ?? '') }));
    if (mode === 'DOWN') return send(response, { status: 503, body: { reason: 'DOWN' } });
    const [behaviour, delay] = [mode, delayMs];
    const key = String(request.headers['idempotency-key'] ?? '');
    const result = booked(ledger, method, path, key, body, behaviour === 'DECLINING' ? 'ACCOUNT_REFUSED' : undefined);
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

/** What is said and done about `/transfers…`, before the mode has its way with the answer. */
function booked(ledger: Ledger, method: string, path: string, idempotencyKey: string, body: Json, refusal: string | undefined): Answer {
  const [root, key = '', verb = ''] = path.slice(1).split('/');
  switch (`${method} /${root}${key && '/{key}'}${verb && `/${verb}`}`) {
    case 'POST /transfers':
      return transferred(ledger, idempotencyKey, body, refusal);
    case 'GET /transfers/{key}': {
      const found = ledger.find(key);
      return found ? ok(found) : { status: 404, body: { reason: 'NOT_FOUND' } };
    }
    case 'POST /transfers/{key}/void':
      return ok({ outcome: ledger.void(key) });
    default:
      return { status: 404, body: { reason: 'NO_SUCH_PATH' } };
  }
}

function transferred(ledger: Ledger, key: string, { order_id, amount, currency, account }: Json, refusal: string | undefined): Answer {
  const fits =
    typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  if (!fits || typeof order_id !== 'string' || typeof account !== 'string' || !/^[\w-]{1,200}$/.test(key))
    return malformed('needs an Idempotency-Key, an order_id, an account, a whole amount above 0 and a currency');
  try {
    return ok(ledger.transfer(key, { order_id, amount, currency, account }, refusal));
  } catch (error) {
    if (error instanceof KeyReused) return { status: 409, body: { reason: 'KEY_REUSED' } };
    throw error;
  }
}

const ok = (body: object): Answer => ({ status: 200, body });
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

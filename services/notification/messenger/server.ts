import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedger, type Ledger } from './ledger.ts';

/**
 * How the messenger behaves. NORMAL; DECLINING: nobody has KakaoTalk, Alimtalk is refused; DOWN: answers nothing but 503; SLOW: answers
 * after `delay_ms`; LOSES_ANSWERS: delivers, then drops the connection. After a restart the mode is NORMAL; what was delivered is kept.
 */
export const modes = ['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'] as const;
export type Mode = (typeof modes)[number];

export interface RunningMessenger {
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

/** A stand-in for a provider of KakaoTalk Alimtalk and SMS: HTTP and JSON. Port 0 takes a free one. Nobody needs a token: loopback only. */
export async function startMessenger({ port, dir, host = '127.0.0.1' }: { port: number; dir: string; host?: string }): Promise<RunningMessenger> {
  const ledger = openLedger(dir);
  const closing = new AbortController();
  let mode: Mode = 'NORMAL';
  let delayMs = defaultDelayMs;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://messenger');
    const body = await read(request);
    if (!body) return send(response, malformed('the body must be a JSON object of at most 16 KiB'));
    if (path === '/mode') return send(response, request.method === 'PUT' ? setMode(body) : ok({ mode, delay_ms: delayMs }));
    if (path === '/ledger') return send(response, ok({ entries: ledger.entries(searchParams.get('order_id') ?? '') }));
    if (mode === 'DOWN') return send(response, { status: 503, body: { code: 'DOWN' } });
    const [behaviour, delay] = [mode, delayMs];
    const result = delivered(ledger, path, String(request.headers['idempotency-key'] ?? ''), body, behaviour === 'DECLINING');
    if (behaviour === 'SLOW') await pause(delay, undefined, { signal: closing.signal });
    if (behaviour === 'LOSES_ANSWERS') return void request.socket.destroy();
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

const types = { '/alimtalk/messages': 'ALIMTALK', '/sms/messages': 'SMS' } as const;

/** `POST /alimtalk/messages`, `POST /sms/messages` `{recipientNo, content, orderId}`. */
function delivered(ledger: Ledger, path: string, key: string, { recipientNo: phone, content: text, orderId }: Json, declining: boolean): Answer {
  const type = types[path as keyof typeof types];
  if (!type) return { status: 404, body: { code: 'NO_SUCH_PATH' } };
  if (typeof phone !== 'string' || typeof text !== 'string' || typeof orderId !== 'string' || !/^[\w-]{1,200}$/.test(key))
    return malformed('needs an Idempotency-Key, recipientNo, content and orderId');
  if (!/^\+?\d{8,15}$/.test(phone)) return { status: 422, body: { code: 'NO_SUCH_NUMBER' } };
  if (declining && type === 'ALIMTALK') return { status: 422, body: { code: 'NOT_A_KAKAOTALK_USER' } };
  ledger.deliver(key, { order_id: orderId, type, phone, text, at: Date.now() });
  return ok({ code: 'TAKEN' });
}

const ok = (body: object): Answer => ({ status: 200, body });
const malformed = (text: string): Answer => ({ status: 400, body: { code: 'MALFORMED', text } });

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

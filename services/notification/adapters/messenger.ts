import { join } from 'node:path';
import type { Outside } from '#adapters/service/service.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import { inProcessSandbox } from '#adapters/sandbox/client.ts';
import type { Mode } from '#adapters/sandbox/server.ts';
import type { Letter, Send } from '../ports.ts';
import type { Entry } from '../messenger/ledger.ts';
import { startMessenger } from '../messenger/server.ts';

/** A provider of Alimtalk and SMS, and the sandbox's switches. */
export interface Messenger {
  send: Send;
  /** `delayMs` 0 means the provider's default. */
  setMode(mode: Mode, delayMs: number): Promise<{ mode: Mode; delayMs: number }>;
  /** What was delivered about an order, or without one the newest thousand; oldest first. */
  entries(orderId: string): Promise<Entry[]>;
}

/** Longest wait for an answer: above SLOW's default delay. */
const timeoutMs = 3_000;

export function messengerAt(address: string | Promise<string>): Messenger {
  const call = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(new URL(path, await address), {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status === 429) throw tooManyCalls('the messenger', answer.headers.get('retry-after'));
    return { status: answer.status, body: await answer.json() };
  };
  const expect = ({ status, body }: { status: number; body: unknown }): unknown => {
    if (status !== 200) throw new Error(`the messenger answered ${status}: ${JSON.stringify(body).slice(0, 200)}`);
    return body;
  };

  return {
    async send({ key, orderId, channel, address: phone, text }: Letter) {
      const body = { recipientNo: phone, content: text, orderId };
      const answered = await call('POST', channel === 'KAKAO' ? '/alimtalk/messages' : '/sms/messages', body, {
        'idempotency-key': key,
      });
      if (answered.status === 422) return { outcome: 'refused', reason: (answered.body as { reason: string }).reason };
      expect(answered);
      return { outcome: 'taken' };
    },
    async setMode(mode, delayMs) {
      const set = expect(await call('PUT', '/mode', { mode, delay_ms: delayMs })) as { mode: Mode; delay_ms: number };
      return { mode: set.mode, delayMs: set.delay_ms };
    },
    entries: async (orderId) =>
      (expect(await call('GET', `/ledger?order_id=${orderId}`)) as { entries: Entry[] }).entries,
  };
}

/** The messenger that the settings name; in development, without an address, a sandbox of our own. */
export function openMessenger({
  settings,
  development,
}: Pick<Outside, 'settings' | 'development'>): Messenger & { ready(): Promise<unknown>; close(): Promise<void> } {
  const url = String(settings['MESSENGER_URL']);
  if (url) return { ...messengerAt(url), ready: async () => {}, close: async () => {} };
  if (!development) throw new Error('MESSENGER_URL is needed in production');
  const { url: own, ...running } = inProcessSandbox(
    startMessenger({ port: 0, dir: join(String(settings['JARI_DATA']), 'messenger') }),
  );
  return { ...messengerAt(own), ...running };
}

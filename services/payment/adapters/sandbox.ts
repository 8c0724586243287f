import type { Money } from '#kernel/money.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import type { Mode } from '#adapters/sandbox/server.ts';
import type { Answer, CardKeeper, LedgerEntry, Provider } from '../ports.ts';
import { testTokens, type SandboxCard } from '../provider/cards.ts';
import type { Booked, Entry } from '../provider/ledger.ts';
import { jsonClient, type Answered } from './http.ts';

/** The sandbox payment provider, and its switches. */
export interface Sandbox extends Provider, CardKeeper {
  /** `delayMs` 0 means the provider's default. */
  setMode(mode: Mode, delayMs: number): Promise<{ mode: Mode; delayMs: number }>;
  /** What is booked for an order, or without one the newest thousand entries; oldest first. */
  booked(orderId: string): Promise<LedgerEntry[]>;
  close(): void;
}

/** Longest wait for an answer: above SLOW's default delay, below what makes an attempt worth repeating. */
const timeoutMs = 3_000;

export function sandboxProvider(address: string | Promise<string>): Sandbox {
  const http = jsonClient(address, { timeoutMs, connections: 128 }); // as many as payment asks at once, on both its ways

  const find = async (key: string): Promise<Answer | undefined> => {
    const answered = await http.call('GET', `/charges/${key}`);
    return answered.status === 404 ? undefined : answerOf(expect<Booked>(answered));
  };

  const entries = async (query: string): Promise<(LedgerEntry & { seq: number })[]> =>
    expect<{ entries: Entry[] }>(await http.call('GET', `/ledger${query}`)).entries.map(entryOf);

  return {
    find,
    testTokens,

    async charge({ key, amount, card }) {
      const body = { ...wire(amount), card };
      return answerOf(expect<Booked>(await http.call('POST', '/charges', body, { 'idempotency-key': key })));
    },

    async void({ key }) {
      // Asked before it is sent: the answer to an earlier void may have been lost.
      const known = await find(key);
      if (known) return known.outcome === 'charged' ? 'charged' : 'voided';
      return expect<{ outcome: 'voided' | 'charged' }>(await http.call('POST', `/charges/${key}/void`)).outcome;
    },

    async refund({ key, refundKey, amount }) {
      const known = await http.call('GET', `/charges/${key}/refunds/${refundKey}`);
      if (known.status === 200) return { outcome: 'refunded' };
      if (known.status !== 404) throw unanswered(known);
      const answered = await http.call('POST', `/charges/${key}/refunds`, wire(amount), {
        'idempotency-key': refundKey,
      });
      if (answered.status >= 400 && answered.status < 500 && answered.status !== 429)
        return { outcome: 'refused', reason: (answered.body as { reason: string }).reason };
      expect(answered);
      return { outcome: 'refunded' };
    },

    async exchange(token) {
      const answered = await http.call('POST', '/cards', { token });
      return answered.status === 404 ? undefined : expect<SandboxCard>(answered);
    },

    async *ledger(of) {
      if ('key' in of) return yield* await entries(`?order_id=${of.key}`);
      for (
        let page = await entries(`?since=${of.since}`);
        page.length;
        page = await entries(`?since=${of.since}&after=${page.at(-1)?.seq}`)
      )
        yield* page;
    },

    async setMode(mode, delayMs) {
      const set = expect<{ mode: Mode; delay_ms: number }>(
        await http.call('PUT', '/mode', { mode, delay_ms: delayMs }),
      );
      return { mode: set.mode, delayMs: set.delay_ms };
    },

    booked: (orderId) => entries(orderId && `?order_id=${orderId}`),
    close: http.close,
  };
}

const wire = ({ amount, currency }: Money): object => ({ amount, currency });

const answerOf = ({ outcome, reason, reason_text: reasonText }: Booked): Answer =>
  outcome === 'charged' ? { outcome } : { outcome, reason, reasonText };

const entryOf = ({ seq, order_id: key, type, amount, currency, at }: Entry): LedgerEntry & { seq: number } => ({
  seq,
  key,
  type,
  amount: { amount, currency },
  at,
});

/** Anything but a plain yes leaves open what happened. */
function expect<Body>(answered: Answered): Body {
  if (answered.status !== 200) throw unanswered(answered);
  return answered.body as Body;
}

const unanswered = ({ status, body, retryAfter }: Answered): Error =>
  status === 429
    ? tooManyCalls('the payment provider', retryAfter)
    : new Error(`the payment provider answered ${status}: ${JSON.stringify(body).slice(0, 200)}`);

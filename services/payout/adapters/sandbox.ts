import type { Policy } from '#adapters/resilience/policy.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import type { Mode } from '#adapters/sandbox/server.ts';
import type { Transfer } from '../payout.ts';
import type { Bank, BankAnswer, BankEntry } from '../ports.ts';
import type { Booked, Entry } from '../bank/ledger.ts';

/** The sandbox bank, and its switches. */
export interface Sandbox extends Bank {
  /** `delayMs` 0 means the bank's default. */
  setMode(mode: Mode, delayMs: number): Promise<{ mode: Mode; delayMs: number }>;
  /** What is booked for an order, or without one the newest thousand entries; oldest first. */
  booked(orderId: string): Promise<BankEntry[]>;
}

/** Longest wait for an answer: above SLOW's default delay, below what makes a transfer worth repeating. */
export const timeoutMs = 3_000;

/** Transfers and questions about them go through the policy: time-out, bulkhead and breaker. */
export function sandboxBank(address: string | Promise<string>, { run }: Pick<Policy, 'run'>): Sandbox {
  async function call(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(new URL(path, await address), {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answered = { status: response.status, body: await response.json() };
    if (answered.status === 429) throw tooManyCalls('the bank', response.headers.get('retry-after'));
    // Any other answer than success or an unknown key leaves the outcome unknown.
    if (answered.status !== 200 && answered.status !== 404)
      throw new Error(`the bank answered ${answered.status}: ${JSON.stringify(answered.body)}`);
    return answered;
  }

  const find = async (key: string): Promise<BankAnswer | undefined> => {
    const { status, body } = await call('GET', `/transfers/${key}`);
    return status === 404 ? undefined : answerOf(body as Booked);
  };

  return {
    find: (key) => run(() => find(key)),
    transfer: (orderId, { key, amount, to }) =>
      run(async () => {
        const order = { order_id: orderId, amount: amount.amount, currency: amount.currency, account: inOneLine(to) };
        return answerOf((await call('POST', '/transfers', order, { 'idempotency-key': key })).body as Booked);
      }),
    void: (key) =>
      run(async () => {
        // Asked before it is sent: the answer to an earlier void may have been lost.
        const known = await find(key);
        if (known) return known.outcome === 'transferred' ? 'transferred' : 'voided';
        return ((await call('POST', `/transfers/${key}/void`)).body as { outcome: 'voided' | 'transferred' }).outcome;
      }),
    async setMode(mode, delayMs) {
      const set = (await call('PUT', '/mode', { mode, delay_ms: delayMs })).body as { mode: Mode; delay_ms: number };
      return { mode: set.mode, delayMs: set.delay_ms };
    },
    async booked(orderId) {
      const { entries } = (await call('GET', `/ledger?order_id=${orderId}`)).body as { entries: Entry[] };
      return entries.map((entry) => ({
        orderId: entry.order_id,
        amount: { amount: entry.amount, currency: entry.currency },
        account: entry.account,
        at: entry.at,
      }));
    },
  };
}

const answerOf = ({ outcome, reason }: Booked): BankAnswer =>
  outcome === 'transferred' ? { outcome } : { outcome, reason };

const inOneLine = ({ bank, number, holder }: Transfer['to']): string => `${bank} ${number} ${holder}`;

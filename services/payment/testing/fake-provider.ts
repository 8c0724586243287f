import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { orderIdOf } from '../keys.ts';
import type { Answer, Charge, LedgerEntry, Provider } from '../ports.ts';

export type FakeMode = 'NORMAL' | 'DECLINING' | 'DOWN' | 'LOSES_ANSWERS';

/** How the references of cards begin that are declined. */
export const declinedCard = 'declined';

/** A provider that keeps its books in memory, for the simulation. Passes the sandbox's contract. */
export interface FakeProvider extends Provider {
  mode: FakeMode;
  readonly entries: readonly LedgerEntry[];
}

/** `now` dates the entries. */
export function fakeProvider(now: () => Instant): FakeProvider {
  const answers = new Map<string, { answer: Answer; amount: Money | undefined; card: string | undefined }>();
  const refunds = new Set<string>();
  const entries: LedgerEntry[] = [];

  const charge = ({ key, amount, card }: Charge): Answer => {
    const before = answers.get(key);
    if (before) {
      const isSame = before.amount?.amount === amount.amount && before.card === card;
      if (before.amount && !isSame) throw new Error('KEY_REUSED');
      return before.answer;
    }
    const answer: Answer =
      provider.mode === 'DECLINING' || card?.startsWith(declinedCard)
        ? { outcome: 'declined', reason: 'CARD_DECLINED', reasonText: 'The card was declined.' }
        : { outcome: 'charged' };
    answers.set(key, { answer, amount, card });
    if (answer.outcome === 'charged') entries.push({ key: orderIdOf(key), type: 'CHARGE', amount, at: now() });
    return answer;
  };

  const shut = (key: string): 'voided' | 'charged' => {
    if (!answers.has(key))
      answers.set(key, {
        answer: { outcome: 'declined', reason: 'VOIDED', reasonText: 'The charge was called off before it was made.' },
        amount: undefined,
        card: undefined,
      });
    return answers.get(key)?.answer.outcome === 'charged' ? 'charged' : 'voided';
  };

  const refund = (key: string, refundKey: string, amount: Money): Awaited<ReturnType<Provider['refund']>> => {
    const sumOf = (what: LedgerEntry['type']): number =>
      entries
        .filter((entry) => entry.key === key && entry.type === what)
        .reduce((sum, entry) => sum + entry.amount.amount, 0);
    const charged = sumOf('CHARGE');
    if (!charged) return { outcome: 'refused', reason: 'NOT_CHARGED' };
    if (sumOf('REFUND') + amount.amount > charged) return { outcome: 'refused', reason: 'MORE_THAN_CHARGED' };
    refunds.add(refundKey);
    entries.push({ key, type: 'REFUND', amount, at: now() });
    return { outcome: 'refunded' };
  };

  /** Does it now, in every mode but DOWN; whether the caller hears of it is another matter. */
  async function told<Result>(write: () => Result): Promise<Result> {
    reachable();
    const result = write();
    if (provider.mode === 'LOSES_ANSWERS') throw new Error('the answer is lost');
    return result;
  }

  function reachable(): void {
    if (provider.mode === 'DOWN') throw new Error('the provider is down');
  }

  const provider: FakeProvider = {
    mode: 'NORMAL',
    entries,
    charge: (what) => told(() => charge(what)),
    async find(key) {
      reachable();
      return answers.get(key)?.answer;
    },
    // Both ask before they send, so that an answer that was lost is found.
    async void({ key }) {
      reachable();
      return answers.has(key) ? shut(key) : told(() => shut(key));
    },
    async refund({ key, refundKey, amount }) {
      reachable();
      return refunds.has(refundKey) ? { outcome: 'refunded' } : told(() => refund(key, refundKey, amount));
    },
    async *ledger(of) {
      for (const entry of entries) if ('key' in of ? entry.key === of.key : entry.at >= of.since) yield entry;
    },
  };
  return provider;
}

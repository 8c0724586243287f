import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { orderIdOf } from '../keys.ts';

/** What the provider answers about a key, the same for ever. */
export interface Booked {
  outcome: 'charged' | 'declined';
  reason: string;
  reason_text: string;
}

export interface Entry {
  /** Rises with every entry. */
  seq: number;
  /** The charge's key without the number of the card; our callers use the order's id. */
  order_id: string;
  type: 'CHARGE' | 'REFUND';
  amount: number;
  currency: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Sum {
  amount: number;
  currency: string;
}

/** A request that cannot be booked as it stands. */
export class Unbookable extends Error {
  readonly status: 409 | 422;
  readonly reason: string;
  constructor(status: 409 | 422, reason: string) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }
}

const pageSize = 1_000;

/**
 * The provider's own books, in a file of their own. Everything is committed before it is answered and outlives `kill -9`; a power
 * cut may take the last moments, which is good enough for a sandbox.
 */
export function openLedger(folder: string) {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'ledger.sqlite'));
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma busy_timeout = 2000;
    create table if not exists answer (
      key text primary key, outcome text not null, reason text not null, reason_text text not null, amount integer, currency text
    ) without rowid;
    create table if not exists entry (
      seq integer primary key autoincrement, order_id text not null, type text not null, amount integer not null,
      currency text not null, at integer not null, refund_key text unique
    );
    create index if not exists entry_order on entry (order_id);
    create index if not exists entry_at on entry (at);
  `);
  const answers = {
    get: db.prepare('select outcome, reason, reason_text, amount, currency from answer where key = ?'),
    add: db.prepare(
      'insert into answer (key, outcome, reason, reason_text, amount, currency) values (?, ?, ?, ?, ?, ?)',
    ),
  };
  const columns = 'seq, order_id, type, amount, currency, at';
  const entries = {
    add: db.prepare('insert into entry (order_id, type, amount, currency, at, refund_key) values (?, ?, ?, ?, ?, ?)'),
    refund: db.prepare('select amount, currency from entry where refund_key = ? and order_id = ?'),
    charged: db.prepare(`select amount, currency from entry where order_id = ? and type = 'CHARGE'`),
    refunded: db.prepare(`select coalesce(sum(amount), 0) as sum from entry where order_id = ? and type = 'REFUND'`),
    ofOrder: db.prepare(`select ${columns} from entry where order_id = ? order by seq`),
    newest: db.prepare(`select * from (select ${columns} from entry order by seq desc limit ${pageSize}) order by seq`),
    since: db.prepare(`select ${columns} from entry where at >= ? and seq > ? order by seq limit ${pageSize}`),
  };

  const answerTo = (key: string) =>
    answers.get.get(key) as unknown as (Booked & { amount: number | null; currency: string | null }) | undefined;

  function inOne<Result>(work: () => Result): Result {
    db.exec('begin immediate');
    try {
      const result = work();
      db.exec('commit');
      return result;
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  }

  return {
    find(key: string): Booked | undefined {
      const answer = answerTo(key);
      return answer && { outcome: answer.outcome, reason: answer.reason, reason_text: answer.reason_text };
    },

    /** Books a charge, or `decline`s it; a key that has its answer gets the same again. */
    charge(
      key: string,
      { amount, currency }: Sum,
      decline: { reason: string; reason_text: string } | undefined,
    ): Booked {
      return inOne(() => {
        const before = answerTo(key);
        if (before) {
          if (before.amount !== null && (before.amount !== amount || before.currency !== currency))
            throw new Unbookable(409, 'KEY_REUSED');
          return { outcome: before.outcome, reason: before.reason, reason_text: before.reason_text };
        }
        const booked: Booked = decline
          ? { outcome: 'declined', ...decline }
          : { outcome: 'charged', reason: '', reason_text: '' };
        answers.add.run(key, booked.outcome, booked.reason, booked.reason_text, amount, currency);
        if (booked.outcome === 'charged') entries.add.run(orderIdOf(key), 'CHARGE', amount, currency, Date.now(), null);
        return booked;
      });
    },

    /** Shuts the key: it will not charge any more, unless it has. */
    void(key: string): 'voided' | 'charged' {
      return inOne(() => {
        const before = answerTo(key);
        if (!before)
          answers.add.run(key, 'declined', 'VOIDED', 'The charge was called off before it was made.', null, null);
        return before?.outcome === 'charged' ? 'charged' : 'voided';
      });
    },

    refundOf: (key: string, refundKey: string): Sum | undefined =>
      entries.refund.get(refundKey, key) as unknown as Sum | undefined,

    /** Books a refund of what was charged for an order, or of a part of it; a refund key that was booked is booked. */
    refund(key: string, refundKey: string, { amount, currency }: Sum): Sum {
      return inOne(() => {
        const before = this.refundOf(key, refundKey);
        if (before) {
          if (before.amount !== amount || before.currency !== currency) throw new Unbookable(409, 'KEY_REUSED');
          return before;
        }
        const charged = entries.charged.get(key) as unknown as Sum | undefined;
        if (!charged) throw new Unbookable(422, 'NOT_CHARGED');
        const { sum } = entries.refunded.get(key) as unknown as { sum: number };
        if (currency !== charged.currency || sum + amount > charged.amount)
          throw new Unbookable(422, 'MORE_THAN_CHARGED');
        entries.add.run(key, 'REFUND', amount, currency, Date.now(), refundKey);
        return { amount, currency };
      });
    },

    ofOrder: (orderId: string) => entries.ofOrder.all(orderId) as unknown as Entry[],
    /** The newest thousand, oldest first. */
    newest: () => entries.newest.all() as unknown as Entry[],
    /** A page of what was booked at `since` or later, after the entry `after`. */
    since: (since: number, after: number) => entries.since.all(since, after) as unknown as Entry[],

    close: () => db.close(),
  };
}

export type Ledger = ReturnType<typeof openLedger>;

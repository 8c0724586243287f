import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the bank answers about a key, the same for ever. */
export interface Booked {
  outcome: 'transferred' | 'refused';
  reason: string;
}

export interface Order {
  order_id: string;
  amount: number;
  currency: string;
  /** Bank, number and holder in one line. */
  account: string;
}

export interface Entry extends Order {
  seq: number;
  type: 'TRANSFER';
  /** Milliseconds since the epoch. */
  at: number;
}

/** The key came with another order before. */
export class KeyReused extends Error {}

/**
 * The bank's own books, in a file of their own. Everything is committed before it is answered and outlives `kill -9`; a power cut may
 * take the last moments, which is good enough for a sandbox.
 */
export function openLedger(folder: string) {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'ledger.sqlite'));
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma busy_timeout = 2000;
    create table if not exists answer (key text primary key, outcome text not null, reason text not null, asked text) without rowid;
    create table if not exists entry (
      seq integer primary key autoincrement, order_id text not null, amount integer not null, currency text not null,
      account text not null, at integer not null
    );
    create index if not exists entry_order on entry (order_id);
  `);
  const answer = db.prepare('select outcome, reason, asked from answer where key = ?');
  const keep = db.prepare('insert into answer (key, outcome, reason, asked) values (?, ?, ?, ?)');
  const book = db.prepare('insert into entry (order_id, amount, currency, account, at) values (?, ?, ?, ?, ?)');
  const columns = `seq, order_id, 'TRANSFER' type, amount, currency, account, at`;
  const ofOrder = db.prepare(`select ${columns} from entry where order_id = ? order by seq`);
  const newest = db.prepare(`select * from (select ${columns} from entry order by seq desc limit 1000) order by seq`);
  const answerTo = (key: string) => answer.get(key) as unknown as (Booked & { asked: string | null }) | undefined;

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
      const known = answerTo(key);
      return known && { outcome: known.outcome, reason: known.reason };
    },

    /** Books a transfer, or refuses it for `refusal`; a key that has its answer gets the same again. */
    transfer(key: string, order: Order, refusal: string | undefined): Booked {
      const asked = JSON.stringify([order.order_id, order.amount, order.currency, order.account]);
      return inOne(() => {
        const known = answerTo(key);
        if (known) {
          if (known.asked !== null && known.asked !== asked) throw new KeyReused();
          return { outcome: known.outcome, reason: known.reason };
        }
        const booked: Booked = refusal
          ? { outcome: 'refused', reason: refusal }
          : { outcome: 'transferred', reason: '' };
        keep.run(key, booked.outcome, booked.reason, asked);
        if (booked.outcome === 'transferred')
          book.run(order.order_id, order.amount, order.currency, order.account, Date.now());
        return booked;
      });
    },

    /** Shuts the key: it will not transfer any more, unless it has. */
    void(key: string): 'voided' | 'transferred' {
      return inOne(() => {
        const known = answerTo(key);
        if (!known) keep.run(key, 'refused', 'VOIDED', null);
        return known?.outcome === 'transferred' ? 'transferred' : 'voided';
      });
    },

    /** Oldest first; of all orders the newest thousand. */
    entries: (orderId: string) => (orderId ? ofOrder.all(orderId) : newest.all()) as unknown as Entry[],

    close: () => db.close(),
  };
}

export type Ledger = ReturnType<typeof openLedger>;

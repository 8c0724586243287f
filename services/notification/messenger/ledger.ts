import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Entry {
  order_id: string;
  type: 'ALIMTALK' | 'SMS';
  phone: string;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What the messenger has delivered, in a file of its own; it outlives `kill -9`. */
export function openLedger(folder: string) {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'ledger.sqlite'));
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma busy_timeout = 2000;
    create table if not exists entry (
      seq integer primary key autoincrement, key text not null unique, order_id text not null, type text not null, phone text not null,
      text text not null, at integer not null
    );
    create index if not exists entry_order on entry (order_id);
  `);
  const columns = 'seq, order_id, type, phone, text, at';
  const add = db.prepare(
    'insert into entry (key, order_id, type, phone, text, at) values (?, ?, ?, ?, ?, ?) on conflict (key) do nothing',
  );
  const ofOrder = db.prepare(`select ${columns} from entry where order_id = ? order by seq`);
  const newest = db.prepare(`select * from (select ${columns} from entry order by seq desc limit 1000) order by seq`);
  return {
    /** Delivers once per key. */
    deliver: (key: string, { order_id, type, phone, text, at }: Entry): void =>
      void add.run(key, order_id, type, phone, text, at),
    /** Oldest first; without an order the newest thousand. */
    entries: (orderId: string) => (orderId ? ofOrder.all(orderId) : newest.all()) as unknown as Entry[],
    close: () => db.close(),
  };
}

export type Ledger = ReturnType<typeof openLedger>;

import { reachable, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import type { AccountRegistered, PayoutAccount } from '../account.ts';
import type { Input, Payout, PayoutEvent, Standing } from '../payout.ts';
import type { Entry, PayoutAccounts, Payouts, Statements } from '../ports.ts';
import { payout, payoutAccount, type Message } from '../process.ts';
import { encode } from './messages.ts';

export const storedPayout: Stored<Payout, Input, PayoutEvent, never, Message> = { ...payout, encode };

export const storedAccount: Stored<PayoutAccount, AccountRegistered, AccountRegistered, never, never> = {
  ...payoutAccount,
  encode: (nothing) => nothing, // where money goes is nobody else's business
};

export const migrations = [
  {
    name: 'payout-1',
    up: [
      `create function is_balanced(journal jsonb) returns boolean language sql immutable as $$
        select coalesce(bool_and(total = 0), true) from (
          select (select sum((posting ->> 'amount')::bigint) from jsonb_array_elements(booking -> 'postings') posting) total
          from jsonb_array_elements(journal) booking
        ) each_booking
      $$`,
      `create function seller_balance(journal jsonb) returns bigint language sql immutable as $$
        select coalesce(sum((posting ->> 'amount')::bigint), 0)::bigint
        from jsonb_path_query(journal, '$[*].postings[*] ? (@.account == "SELLER")') posting
      $$`,
      // Every booking sums to zero, or nothing is stored.
      `create table payout (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        asked boolean generated always as ((state -> 'terms') is not null) stored,
        payee_id uuid generated always as ((state #>> '{terms,payeeId}')::uuid) stored,
        shown text generated always as (case state ->> 'status'
          when 'waiting-account' then 'WAITING_ACCOUNT' when 'completed' then 'COMPLETED' when 'reversed' then 'REVERSED' else 'PENDING' end) stored,
        balance bigint generated always as (seller_balance(state -> 'journal')) stored,
        transfers integer generated always as (jsonb_array_length(jsonb_path_query_array(state, '$.journal[*] ? (@.type == "TRANSFERRED")'))) stored,
        constraint entries_sum_to_zero check (is_balanced(state -> 'journal'))
      )`,
      'create index payout_of_payee on payout (payee_id, id desc) include (balance, transfers)',
      'create index payout_by_status on payout (shown, id desc)',
      `create table payout_account (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      // The books, posting by posting.
      `create view ledger_entry as
        select payout.id order_id, payee_id, nth, (booking ->> 'at')::bigint at, booking ->> 'type' type,
          posting ->> 'account' account, (posting ->> 'amount')::bigint amount
        from payout, jsonb_array_elements(state -> 'journal') with ordinality bookings (booking, nth),
          jsonb_array_elements(booking -> 'postings') posting`,
    ],
  },
];

export function mikroOrmPayouts(store: Store): Payouts {
  const inLine = oneAfterTheOther();
  return {
    update: (id, decide) => store.update(storedPayout, id, decide),
    // Transfers to one seller exclude each other by a claim; within this process they stand in line instead of losing against each other.
    prepare: (id, payeeId, decide) => inLine(payeeId, () => store.update(storedPayout, id, decide, () => standing(store, payeeId))),
    get: (id) => store.get(storedPayout, id),
    list: ({ payeeId, shown }, page) => store.list(storedPayout, { asked: true, payee_id: payeeId, shown }, page),
  };
}

async function standing(store: Store, payeeId: string): Promise<Standing> {
  const [kept, [row]] = await Promise.all([
    store.get(storedAccount, payeeId),
    rows<{ balance: string; transfers: string }>(
      store,
      'select coalesce(sum(balance), 0)::text balance, coalesce(sum(transfers), 0)::text transfers from payout where payee_id = ?',
      payeeId,
    ),
  ]);
  const account = kept?.state.status === 'registered' ? { ...kept.state.account, version: kept.version } : undefined;
  return { account, balance: Number(row?.balance), transfers: Number(row?.transfers) };
}

export const mikroOrmAccounts = (store: Store): PayoutAccounts => ({
  update: (id, decide) => store.update(storedAccount, id, decide),
  get: (id) => store.get(storedAccount, id),
});

/** A seller's part of the books, read from the payouts themselves: there is no second copy that could differ. */
export const mikroOrmStatements = (store: Store): Statements => ({
  async balance(payeeId) {
    const [row] = await rows<{ balance: string }>(store, 'select coalesce(sum(balance), 0)::text balance from payout where payee_id = ?', payeeId);
    return Number(row?.balance);
  },
  entries: (payeeId, { size, before }) => entriesWhere(store, payeeId, '?::bigint is null or number < ?::bigint order by entry.number desc', [before ?? null, before ?? null, size]),
  entriesAfter: (payeeId, { size, after }) => entriesWhere(store, payeeId, 'number > ?::bigint order by entry.number', [after, size]),
});

/** `which` says which entries, and in which order; its last value is how many. */
async function entriesWhere(store: Store, payeeId: string, which: string, values: readonly (number | null)[]): Promise<Entry[]> {
  const found = await rows<Record<keyof Entry, string>>(
    store,
    `select number::text, at::text, type, "orderId"::text, amount::text, balance::text from (
        select row_number() over oldest_first number, at, type, order_id "orderId", amount, sum(amount) over oldest_first balance
        from ledger_entry where payee_id = ? and account = 'SELLER'
        window oldest_first as (order by at, order_id, nth rows unbounded preceding)
      ) entry
      where ${which} limit ?`,
    payeeId,
    ...values,
  );
  return found.map(({ number, at, type, orderId, amount, balance }) => ({
    ...{ number: Number(number), at: Number(at), type: type as Entry['type'], orderId },
    ...{ amount: Number(amount), balance: Number(balance) },
  }));
}

const rows = <Row extends object>(store: Store, sql: string, ...values: (string | number | null)[]): Promise<Row[]> =>
  reachable(() => store.read().execute<Row[]>(sql, values));

/** Runs what has the same key one after the other, and the rest side by side. */
function oneAfterTheOther() {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(key: string, run: () => Promise<Result>): Promise<Result> => {
    const mine = (last.get(key) ?? Promise.resolve()).then(run, run);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

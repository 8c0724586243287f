import { sql } from 'kysely';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { tablesIn } from '#adapters/mikro-orm/queries.ts';
import { mapDatabaseErrors, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import type { AccountEvent, PayoutAccount, RegisterAccount } from '../account.ts';
import type { Input, Payout, PayoutEvent, Refusal, Standing } from '../payout.ts';
import type { Entry, PayoutAccounts, Payouts, Statements } from '../ports.ts';
import { payout, payoutAccount, type AccountMessage, type Message } from '../process.ts';
import { PayoutEntity, type entities } from './entities.ts';
import { encode, encodeAccount } from './messages.ts';

export const storedPayout: Stored<Payout, Input, PayoutEvent, Refusal, Message> = { ...payout, encode };

export const storedAccount: Stored<PayoutAccount, RegisterAccount, AccountEvent, never, AccountMessage> = {
  ...payoutAccount,
  encode: encodeAccount,
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
      // Every booking sums to zero; the database refuses another one.
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
  {
    name: 'payout-2',
    up: [
      `alter table payout alter column shown set expression as (case state ->> 'status' when 'held' then 'HELD'
        when 'waiting-account' then 'WAITING_ACCOUNT' when 'completed' then 'COMPLETED' when 'reversed' then 'REVERSED' else 'PENDING' end)`,
      // The sum that was sent to the bank and not returned, and the time of the first attempt.
      `create function sent_to_bank(journal jsonb) returns bigint language sql immutable as $$
        select coalesce(sum((posting ->> 'amount')::bigint), 0)::bigint
        from jsonb_path_query(journal, '$[*].postings[*] ? (@.account == "BANK")') posting
      $$`,
      `alter table payout add column sent bigint generated always as (sent_to_bank(state -> 'journal')) stored,
        add column sent_at bigint generated always as
          ((jsonb_path_query_first(state, '$.journal[*] ? (@.type == "TRANSFERRED").at') #>> '{}')::numeric::bigint) stored,
        add column due bigint generated always as (case state ->> 'status' when 'held' then (state ->> 'due')::numeric::bigint end) stored`,
      'drop index payout_of_payee',
      'create index payout_of_payee on payout (payee_id, id desc) include (shown, balance, transfers, sent, sent_at)',
    ],
  },
  {
    name: 'payout-3',
    up: [
      // The time of the last attempt: one that the bank returned is no transfer, and what was sent later counts from then.
      `alter table payout alter column sent_at set expression as
        ((jsonb_path_query_array(state, '$.journal[*] ? (@.type == "TRANSFERRED").at') ->> -1)::numeric::bigint)`,
    ],
  },
];

/** `accountWait`: time in which nothing is sent to an account that replaced another one, in milliseconds. */
export function mikroOrmPayouts(store: Store, accountWait: number): Payouts {
  const inLine = oneAfterTheOther();
  return {
    update: (id, decide) => store.update(storedPayout, id, decide),
    // Transfers to one seller exclude each other by a claim; within this process they wait for each other instead of failing.
    prepare: (id, payeeId, decide) =>
      inLine(payeeId, () => store.update(storedPayout, id, decide, () => standing(store, payeeId, accountWait))),
    get: (id) => store.get(storedPayout, id),
    list: ({ payeeId, shown }, page) => store.list(storedPayout, PayoutEntity, { asked: true, payeeId, shown }, page),
  };
}

async function standing(store: Store, payeeId: string, accountWait: number): Promise<Standing> {
  const sums = tablesIn<typeof entities>(store)
    .selectFrom('payout')
    .select(({ fn }) => [
      fn.sum<string | null>('balance').filterWhere('shown', '<>', 'HELD').as('balance'),
      fn.sum<string | null>('transfers').as('transfers'),
      fn
        .sum<string | null>('sent')
        .filterWhere(sql<string>`sent_at`, '>', sql<string>`(extract(epoch from now()) - 86400) * 1000`)
        .as('sentLately'),
      fn.min<string | null>('sent_at').filterWhere('sent', '>', '0').as('firstSentAt'),
    ])
    .where('payee_id', '=', payeeId);
  const [kept, row] = await Promise.all([
    store.get(storedAccount, payeeId),
    mapDatabaseErrors(() => sums.executeTakeFirstOrThrow()),
  ]);
  return {
    account: kept && accountOf(kept, accountWait),
    balance: Number(row.balance ?? 0),
    transfers: Number(row.transfers ?? 0),
    sentLately: Number(row.sentLately ?? 0),
    firstSentAt: row.firstSentAt ? Number(row.firstSentAt) : undefined,
  };
}

/** A seller's first account is used at once. */
export const accountOf = (
  { state, version }: StoredAggregate<PayoutAccount>,
  accountWait: number,
): Standing['account'] =>
  state.status === 'registered'
    ? { ...state.account, version, usableFrom: state.changedAt === undefined ? 0 : state.changedAt + accountWait }
    : undefined;

export const mikroOrmAccounts = (store: Store): PayoutAccounts => ({
  update: (id, decide) => store.update(storedAccount, id, decide),
  get: (id) => store.get(storedAccount, id),
});

/** A seller's part of the books, read from the payouts themselves: there is no second copy that could differ. */
export const mikroOrmStatements = (store: Store): Statements => ({
  async balance(payeeId) {
    const sums = tablesIn<typeof entities>(store)
      .selectFrom('payout')
      .select(({ fn }) => [
        fn.sum<string | null>('balance').as('balance'),
        fn.sum<string | null>('balance').filterWhere('shown', '=', 'HELD').as('held'),
      ])
      .where('payee_id', '=', payeeId);
    const { balance, held } = await mapDatabaseErrors(() => sums.executeTakeFirstOrThrow());
    return { balance: Number(balance ?? 0), held: Number(held ?? 0) };
  },
  entries: (payeeId, { size, before }) =>
    entriesWhere(store, payeeId, '?::bigint is null or number < ?::bigint order by entry.number desc', [
      before ?? null,
      before ?? null,
      size,
    ]),
  entriesAfter: (payeeId, { size, after }) =>
    entriesWhere(store, payeeId, 'number > ?::bigint order by entry.number', [after, size]),
});

/** `which` says which entries, and in which order; its last value is how many. */
async function entriesWhere(
  store: Store,
  payeeId: string,
  which: string,
  values: readonly (number | null)[],
): Promise<Entry[]> {
  const found = await rows<Record<Exclude<keyof Entry, 'due'>, string> & { due: string | null }>(
    store,
    `select number::text, at::text, type, "orderId"::text, amount::text, balance::text,
        (case type when 'EARNED' then (select payout.due from payout where payout.id = "orderId") end)::text due from (
        select row_number() over oldest_first number, at, type, order_id "orderId", amount, sum(amount) over oldest_first balance
        from ledger_entry where payee_id = ? and account = 'SELLER'
        window oldest_first as (order by at, order_id, nth rows unbounded preceding)
      ) entry
      where ${which} limit ?`,
    payeeId,
    ...values,
  );
  return found.map(({ number, at, type, orderId, amount, balance, due }) => ({
    ...{ number: Number(number), at: Number(at), type: type as Entry['type'], orderId },
    ...{ amount: Number(amount), balance: Number(balance), due: due === null ? undefined : Number(due) },
  }));
}

const rows = <Row extends object>(store: Store, sql: string, ...values: (string | number | null)[]): Promise<Row[]> =>
  mapDatabaseErrors(() => store.read().execute<Row[]>(sql, values));

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

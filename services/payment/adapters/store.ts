import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { withoutProof } from '#adapters/scope/scope.ts';
import { books, booksId, type Books, type Compared } from '../books.ts';
import type { Input, Payment, PaymentEvent, Refusal } from '../payment.ts';
import type { ComparedBooks, Payments, Wallets } from '../ports.ts';
import { payment, type Message } from '../process.ts';
import { wallets, type Wallet, type WalletEvent, type WalletInput, type WalletRefusal } from '../wallet.ts';
import { PaymentEntity } from './entities.ts';
import { encode } from './messages.ts';

export const storedPayment: Stored<Payment, Input, PaymentEvent, Refusal, Message> = { ...payment, encode };

export const migrations = [
  {
    name: 'payment-1',
    up: [
      `create table payment (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        payer_id uuid generated always as ((state->'intent'->>'payerId')::uuid) stored,
        payee_id uuid generated always as (nullif(state->'intent'->>'payeeId', '')::uuid) stored,
        status text generated always as (state->>'status') stored
      )`,
      'create index payment_of_payer on payment (payer_id, id desc)',
      'create index payment_of_payee on payment (payee_id, id desc)',
      'create index payment_by_status on payment (status, id desc)',
      // For reconciliation, which reads what changed lately; small, and cheap to keep up.
      'create index payment_changed on payment using brin (updated_at)',
    ],
  },
  {
    name: 'payment-2',
    up: [
      'create table books (id uuid primary key, version integer not null, state jsonb not null, created_at timestamptz not null, updated_at timestamptz not null)',
    ],
  },
  {
    name: 'payment-3',
    up: [
      'create table wallet (id uuid primary key, version integer not null, state jsonb not null, created_at timestamptz not null, updated_at timestamptz not null)',
    ],
  },
];

export const mikroOrmPayments = (store: Store): Payments => ({
  update: (id, decide) => store.update(storedPayment, id, decide),
  get: (id) => store.get(storedPayment, id),
  list: ({ status, payerId, payeeId }, page) =>
    store.list(storedPayment, PaymentEntity, { status, payerId, payeeId }, page),
  async *changedSince(since) {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let page = await changed(store, since, after); page.length; page = await changed(store, since, after)) {
      yield* page;
      after = page.at(-1)?.id ?? after;
    }
  },
});

/** Up to 500 that changed at `since` or later, with ids above `after`. */
const changed = (store: Store, since: Instant, after: string): Promise<StoredAggregate<Payment>[]> =>
  store.where(storedPayment, 'changed', 'where updated_at >= to_timestamp($1) and id > $2 order by kept.id limit 500', [
    since / 1_000,
    after,
  ]);

export const storedBooks: Stored<Books, Compared, Compared, never, never> = { ...books, encode: (none: never) => none };

export const mikroOrmBooks = (store: Store): ComparedBooks => ({
  get: async () => (await store.get(storedBooks, booksId))?.state ?? books.initial,
  async compared(input) {
    const updated = await store.update(storedBooks, booksId, (state) => books.decide(state, input));
    return updated.accepted ? updated.after.state : books.initial;
  },
});

export const storedWallet: Stored<Wallet, WalletInput, WalletEvent, WalletRefusal, never> = {
  ...wallets,
  name: 'wallet',
  consequences: () => ({}),
  encode: (none: never) => none,
};

export const mikroOrmWallets = (store: Store): Wallets => ({
  update: (customerId, decide) => store.update(storedWallet, customerId, decide),
  updateWithoutProof: (customerId, decide) => withoutProof(() => store.update(storedWallet, customerId, decide)),
  get: async (customerId) => (await store.get(storedWallet, customerId))?.state ?? wallets.initial,
});

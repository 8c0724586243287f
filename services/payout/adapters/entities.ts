import { defineEntity, p } from '@mikro-orm/core';
import { aggregateColumns, generated, index, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { PayoutAccount } from '../account.ts';
import type { Payout } from '../payout.ts';

export const PayoutEntity = defineEntity({
  name: 'Payout',
  tableName: 'payout',
  properties: {
    ...aggregateColumns<Payout>(),
    asked: generated.boolean(`(state -> 'terms') is not null`),
    payeeId: generated.uuid(`(state #>> '{terms,payeeId}')::uuid`),
    shown: generated.text(`case state ->> 'status' when 'held' then 'HELD'
      when 'waiting-account' then 'WAITING_ACCOUNT' when 'completed' then 'COMPLETED' when 'reversed' then 'REVERSED' else 'PENDING' end`),
    balance: generated.bigint(`seller_balance(state -> 'journal')`),
    transfers: generated.integer(
      `jsonb_array_length(jsonb_path_query_array(state, '$.journal[*] ? (@.type == "TRANSFERRED")'))`,
    ),
    sent: generated.bigint(`sent_to_bank(state -> 'journal')`),
    sentAt: generated.bigint(
      `(jsonb_path_query_array(state, '$.journal[*] ? (@.type == "TRANSFERRED").at') ->> -1)::numeric::bigint`,
    ),
    due: generated.bigint(`case state ->> 'status' when 'held' then (state ->> 'due')::numeric::bigint else null end`),
  },
  indexes: [
    index('payout_of_payee', '(payee_id, id desc) include (shown, balance, transfers, sent, sent_at)'),
    newestFirst('payout_by_status', 'shown'),
  ],
  checks: [{ name: 'entries_sum_to_zero', expression: `is_balanced(state -> 'journal')` }],
});

export const PayoutAccountEntity = defineEntity({
  name: 'PayoutAccount',
  tableName: 'payout_account',
  properties: aggregateColumns<PayoutAccount>(),
});

/** The books, posting by posting. */
export const LedgerEntryEntity = defineEntity({
  name: 'LedgerEntry',
  tableName: 'ledger_entry',
  view: true,
  expression: `select payout.id as order_id, payout.payee_id, bookings.nth, (bookings.booking ->> 'at')::bigint as at, bookings.booking ->> 'type' as type,
      posting.value ->> 'account' as account, (posting.value ->> 'amount')::bigint as amount
    from payout, lateral jsonb_array_elements(payout.state -> 'journal') with ordinality bookings(booking, nth),
      lateral jsonb_array_elements(bookings.booking -> 'postings') posting(value)`,
  properties: {
    orderId: p.uuid().primary(),
    payeeId: p.uuid().nullable(),
    nth: p.bigint('string').primary(),
    at: p.bigint('string'),
    type: p.text(),
    account: p.text().primary(),
    amount: p.bigint('string'),
  },
});

export const entities = [PayoutEntity, PayoutAccountEntity, LedgerEntryEntity];

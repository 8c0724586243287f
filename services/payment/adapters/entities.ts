import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Books } from '../books.ts';
import type { Payment } from '../payment.ts';
import type { Wallet } from '../wallet.ts';

export const PaymentEntity = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    ...aggregateColumns<Payment>(),
    payerId: generated.uuid(`(state -> 'intent' ->> 'payerId')::uuid`),
    payeeId: generated.uuid(`nullif(state -> 'intent' ->> 'payeeId', '')::uuid`),
    status: generated.text(`state ->> 'status'`),
  },
  indexes: [
    newestFirst('payment_of_payer', 'payer_id'),
    newestFirst('payment_of_payee', 'payee_id'),
    newestFirst('payment_by_status', 'status'),
    { name: 'payment_changed', properties: 'updatedAt', type: 'brin' },
  ],
});

export const BooksEntity = defineEntity({ name: 'Books', tableName: 'books', properties: aggregateColumns<Books>() });

export const WalletEntity = defineEntity({
  name: 'Wallet',
  tableName: 'wallet',
  properties: aggregateColumns<Wallet>(),
});

export const entities = [PaymentEntity, BooksEntity, WalletEntity];

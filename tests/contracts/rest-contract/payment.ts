import { get, malformed, post, remove } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const payment = {
  ...{ id: 'o1', status: 'COMPLETED', order: { kind: 'lodging.reservation', id: 'o1' }, payerId: 'g1', payeeId: 'h1' },
  ...{ amount: won('200000'), refunded: won('0'), ...noReason },
  ...{ card: { brand: 'VISA', last4: '4242' }, retryable: false, ...times },
};

export const payments: Contract = {
  service: 'jari.payment.v1.PaymentService',
  methods: {
    GetPayment: { answer: payment, calls: [get('by the order', '/v1/payments/o1', { orderId: 'o1' })] },
    ListPayments: {
      answer: { payments: [payment, { ...payment, status: 'CANCELLED', refunded: won('140000') }], nextPageToken: '' },
      calls: [
        get('a page', '/v1/payments?status=PENDING&page_size=2&page_token=t', {
          status: 'PENDING',
          pageSize: 2,
          pageToken: 't',
        }),
        ...words('/v1/payments', 'status', ['PENDING', 'COMPLETED', 'DECLINED', 'REFUNDING', 'CANCELLED']),
      ],
    },
    RetryPayment: {
      answer: { ...payment, status: 'PENDING' },
      calls: [
        post('by the order', '/v1/payments/o1:retry', {}, { orderId: 'o1' }),
        post(
          'with another card',
          '/v1/payments/o1:retry',
          { payment_method_id: 'c1' },
          { orderId: 'o1', paymentMethodId: 'c1' },
        ),
      ],
    },
  },
  refused: [malformed('a status that is none', '/v1/payments?status=PAID')],
};

const card = { id: 'c2', brand: 'VISA', last4: '4242', expires: '2029-12', default: true };
const cards = {
  paymentMethods: [card, { ...card, id: 'c1', brand: 'MASTERCARD', last4: '4444', default: false }],
  testTokens: ['tok_visa'],
  firstOrderBringsCard: false,
};

export const paymentMethods: Contract = {
  service: 'jari.payment.v1.PaymentMethodService',
  methods: {
    ListPaymentMethods: { answer: cards, calls: [get('all', '/v1/payment-methods', {})] },
    CreatePaymentMethod: {
      answer: card,
      calls: [post('a token', '/v1/payment-methods', { token: 'tok_visa' }, { token: 'tok_visa' })],
    },
    DeletePaymentMethod: {
      answer: { paymentMethods: [], testTokens: [], firstOrderBringsCard: true },
      calls: [remove('one', '/v1/payment-methods/c1', { paymentMethodId: 'c1' })],
    },
    SetDefaultPaymentMethod: {
      answer: card,
      calls: [post('by the card', '/v1/payment-methods/c1:setDefault', {}, { paymentMethodId: 'c1' })],
    },
  },
  refused: [malformed('a number for a token', '/v1/payment-methods', '{"token":4242424242424242}')],
};

export const sandboxProvider: Contract = {
  service: 'jari.payment.v1.SandboxService',
  methods: {
    SetPaymentProviderMode: {
      answer: { mode: 'LOSES_ANSWERS', delayMs: 0 },
      calls: [
        post(
          'a mode and how slow',
          '/v1/sandbox/payment-provider',
          { mode: 'SLOW', delay_ms: 500 },
          { mode: 'SLOW', delayMs: 500 },
        ),
        ...['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'].map((mode) =>
          post(`the mode ${mode}`, '/v1/sandbox/payment-provider', { mode }, { mode }),
        ),
      ],
    },
    ListLedgerEntries: {
      answer: {
        entries: [
          { orderId: 'o1', type: 'CHARGE', amount: won('200000'), at: '2026-12-24T03:00:00Z' },
          { orderId: 'o1', type: 'REFUND', amount: won('140000'), at: '2026-12-24T04:00:00Z' },
        ],
      },
      calls: [get('of one order', '/v1/sandbox/payment-provider/ledger?order_id=o1', { orderId: 'o1' })],
    },
  },
  refused: [malformed('words for a delay', '/v1/sandbox/payment-provider', '{"delay_ms":"long"}')],
};

import { get, malformed, post, put } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const payout = {
  ...{ id: 'o1', status: 'PENDING', order: { kind: 'tutoring.purchase', id: 'o1' }, payeeId: 's1' },
  ...{ gross: won('50000'), commission: won('5000'), net: won('45000'), ...noReason, ...times, approvedBy: '' },
};
const account = { id: 's1', bank: '자리은행', number: '110-123-456789', holder: '김선생', ...times };
const entry = {
  time: '2026-12-24T03:00:00Z',
  type: 'EARNED',
  orderId: 'o1',
  amount: won('45000'),
  balance: won('45000'),
};

export const payouts: Contract = {
  service: 'jari.payout.v1.PayoutService',
  methods: {
    ListPayouts: {
      answer: {
        payouts: [
          payout,
          { ...payout, status: 'WAITING_ACCOUNT', reason: 'NO_ACCOUNT' },
          { ...payout, status: 'HELD', dueTime: '2026-12-25T03:00:00Z' },
        ],
        nextPageToken: 'bzE',
      },
      calls: [
        get('a page', '/v1/payouts?status=PENDING&page_size=2&page_token=t', {
          status: 'PENDING',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/payouts?status=2', { status: 'WAITING_ACCOUNT' }),
        ...words('/v1/payouts', 'status', ['PENDING', 'WAITING_ACCOUNT', 'COMPLETED', 'REVERSED', 'HELD']),
      ],
    },
    ApprovePayout: {
      answer: { ...payout, approvedBy: 'a1' },
      calls: [post('as the table has it', '/v1/payouts/o1:approve', {}, { orderId: 'o1' })],
    },
    GetPayoutAccount: { answer: account, calls: [get('the own', '/v1/payout-accounts/me', {})] },
    PutPayoutAccount: {
      answer: account,
      calls: [
        put(
          'as the table has it',
          '/v1/payout-accounts/me',
          { bank: '자리은행', number: '110-123-456789', holder: '김선생' },
          { bank: '자리은행', number: '110-123-456789', holder: '김선생' },
        ),
      ],
    },
    GetStatement: {
      answer: {
        entries: [
          { ...entry, type: 'REVERSED', amount: won('-45000'), balance: won('-45000') },
          { ...entry, type: 'TRANSFERRED', balance: won('0') },
          { ...entry, dueTime: '2026-12-25T03:00:00Z' },
        ],
        ...{ balance: won('-45000'), nextPageToken: 'ZW50cnkgMQ', held: won('0') },
      },
      calls: [
        get('a page', '/v1/payout-accounts/me/statement?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    ExportStatement: {
      file: {
        type: 'text/csv; charset=utf-8',
        pieces: [
          'time,type,order_id,amount,balance,currency,due_time\r\n',
          '2026-12-24T03:00:00.000Z,EARNED,주문,1,1,KRW,\r\n',
        ],
      },
      calls: [get('the whole', '/v1/payout-accounts/me/statement:export', {})],
    },
  },
  refused: [
    malformed('a status that is none', '/v1/payouts?status=SENT'),
    malformed('a number for an account’s', '/v1/payout-accounts/me', '{"number":110123456789}', 'PUT'),
    malformed('a list for the holder', '/v1/payout-accounts/me', '{"holder":["김","이"]}', 'PUT'),
    malformed('a filter that a statement does not have', '/v1/payout-accounts/me/statement?status=COMPLETED'),
  ],
};

export const sandboxBank: Contract = {
  service: 'jari.payout.v1.SandboxService',
  methods: {
    SetBankMode: {
      answer: { mode: 'SLOW', delayMs: 2000 },
      calls: [
        post(
          'a mode and how slow',
          '/v1/sandbox/bank',
          { mode: 'SLOW', delay_ms: 2000 },
          { mode: 'SLOW', delayMs: 2000 },
        ),
        ...['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'].map((mode) =>
          post(`the mode ${mode}`, '/v1/sandbox/bank', { mode }, { mode }),
        ),
      ],
    },
    ListBankEntries: {
      answer: {
        entries: [
          {
            orderId: 'o1',
            type: 'TRANSFER',
            amount: won('45000'),
            at: '2026-12-24T03:00:00Z',
            account: '110-123-456789',
          },
        ],
      },
      calls: [
        get('of one order', '/v1/sandbox/bank/ledger?order_id=o1', { orderId: 'o1' }),
        get('all', '/v1/sandbox/bank/ledger', {}),
      ],
    },
  },
  refused: [
    malformed('a mode that is none', '/v1/sandbox/bank', '{"mode":"CLOSED"}'),
    malformed('words for a delay', '/v1/sandbox/bank', '{"delay_ms":"long"}'),
  ],
};

import { get, malformed, post, put } from '../rest-conformance.calls.ts';
import { noReason, times, type Contract } from './promised.ts';

const message = {
  ...{ id: 'm1', status: 'SENT', recipientId: 'c1', channel: 'KAKAO', language: 'KO', text: '예약이 확정되었습니다' },
  ...{ order: { kind: 'lodging.reservation', id: 'o1' }, ...noReason, ...times },
};
const profile = {
  id: 'c1',
  language: 'EN',
  email: 'somebody@jari.example',
  phone: '+821012345678',
  ...times,
  phoneVerified: true,
  emailVerified: false,
};

export const notifications: Contract = {
  service: 'jari.notification.v1.NotificationService',
  methods: {
    ListMessages: {
      answer: {
        messages: [
          message,
          { ...message, channel: 'EMAIL', language: 'EN', status: 'UNDELIVERABLE', reason: 'NO_MAIL_SERVER' },
          { ...message, channel: 'IN_APP' },
          { ...message, channel: 'SMS', status: 'PENDING' },
        ],
        nextPageToken: 'bTE',
      },
      calls: [
        get('all', '/v1/messages', {}),
        get('a page', '/v1/messages?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    UpdateProfile: {
      answer: profile,
      calls: [
        put(
          'as the table has it',
          '/v1/profile',
          { language: 'EN', email: 'somebody@jari.example', phone: '010-1234-5678' },
          { language: 'EN', email: 'somebody@jari.example', phone: '010-1234-5678' },
        ),
        put('a language by its number, and nothing else', '/v1/profile', { language: 1 }, { language: 'KO' }),
        put('a language that was not said', '/v1/profile', { email: '' }, {}),
      ],
    },
    GetProfile: { answer: profile, calls: [get('the own', '/v1/profile', {})] },
    VerifyContact: {
      answer: profile,
      calls: [
        post(
          'a phone number',
          '/v1/profile:verify',
          { channel: 'PHONE', code: '012345' },
          { channel: 'PHONE', code: '012345' },
        ),
      ],
    },
    ResendCode: {
      answer: profile,
      calls: [post('an e-mail address', '/v1/profile:resendCode', { channel: 'EMAIL' }, { channel: 'EMAIL' })],
    },
  },
  refused: [
    malformed('a language that is none', '/v1/profile', '{"language":"FR"}', 'PUT'),
    malformed('a language in lower case', '/v1/profile', '{"language":"ko"}', 'PUT'),
    malformed('a number for a phone’s', '/v1/profile', '{"phone":1012345678}', 'PUT'),
    malformed('a code that is a number', '/v1/profile:verify', '{"channel":"PHONE","code":123456}'),
    malformed('a filter that messages do not have', '/v1/messages?status=SENT'),
  ],
};

export const sandboxMessenger: Contract = {
  service: 'jari.notification.v1.SandboxService',
  methods: {
    SetMessengerMode: {
      answer: { mode: 'DECLINING', delayMs: 0 },
      calls: [
        post(
          'a mode and how slow',
          '/v1/sandbox/messenger',
          { mode: 'SLOW', delay_ms: 500 },
          { mode: 'SLOW', delayMs: 500 },
        ),
        ...['NORMAL', 'DECLINING', 'DOWN', 'SLOW', 'LOSES_ANSWERS'].map((mode) =>
          post(`the mode ${mode}`, '/v1/sandbox/messenger', { mode }, { mode }),
        ),
      ],
    },
    ListMessengerEntries: {
      answer: {
        entries: [
          {
            orderId: 'o1',
            type: 'ALIMTALK',
            phone: '010-1234-5678',
            text: '예약이 확정되었습니다',
            at: '2026-12-24T03:00:00Z',
          },
        ],
      },
      calls: [
        get('of one order', '/v1/sandbox/messenger/ledger?order_id=o1', { orderId: 'o1' }),
        get('all', '/v1/sandbox/messenger/ledger', {}),
      ],
    },
  },
  refused: [malformed('a mode that is none', '/v1/sandbox/messenger', '{"mode":"CLOSED"}')],
};

import { get, malformed, patch, post, remove } from '../rest-conformance.calls.ts';
import { times, type Contract } from './promised.ts';

const person = {
  ...{ id: 'c1', status: 'ACTIVE', displayName: '김하늘', language: 'KO', email: 'haneul@example.com' },
  ...{ roles: ['customer', 'host'], ...times },
};
const session = {
  ...{ id: 's1', status: 'OPEN', device: 'Firefox', address: '192.0.2.1', current: true },
  ...{ createTime: '2026-12-24T03:00:00Z', useTime: '2026-12-24T03:00:00.500Z', expireTime: '2027-01-24T03:00:00Z' },
};
const key = { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', kid: 'k1', alg: 'ES256', use: 'sig' };

export const identity: Contract = {
  service: 'jari.identity.v1.IdentityService',
  methods: {
    GetMe: { answer: person, calls: [get('the caller', '/v1/me', {})] },
    UpdateMe: {
      answer: { ...person, language: 'EN' },
      calls: [
        patch('a name', '/v1/me', { display_name: '하늘' }, { displayName: '하늘' }),
        patch(
          'a language, by a mask',
          '/v1/me',
          { language: 'EN', update_mask: 'language' },
          { language: 'EN', updateMask: 'language' },
        ),
      ],
    },
    ListSessions: {
      answer: { sessions: [session, { ...session, id: 's2', status: 'ENDED', current: false }], nextPageToken: 'czI' },
      calls: [
        get('all', '/v1/me/sessions', {}),
        get('a page', '/v1/me/sessions?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    EndSession: {
      answer: { ...session, status: 'ENDED' },
      calls: [remove('one', '/v1/me/sessions/s1', { sessionId: 's1' })],
    },
    GetKeys: { answer: { keys: [key] }, calls: [get('all', '/oidc/jwks', {})] },
    RotateKeys: { answer: { keys: [key] }, calls: [post('now', '/oidc/jwks:rotate', {}, {})] },
  },
  refused: [
    malformed('a language that is none', '/v1/me', '{"language":"FR"}', 'PATCH'),
    malformed('a field that nobody changes', '/v1/me', '{"roles":["admin"]}', 'PATCH'),
    malformed('a filter that sessions do not have', '/v1/me/sessions?status=OPEN'),
  ],
};

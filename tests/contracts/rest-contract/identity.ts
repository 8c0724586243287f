import { get, malformed, patch, post, remove } from '../rest-conformance.calls.ts';
import { times, type Contract } from './promised.ts';

const person = {
  ...{ id: 'c1', status: 'ACTIVE', displayName: '김하늘', language: 'KO', email: 'haneul@example.com' },
  ...{ emailVerified: true },
  ...{ roles: ['customer', 'host'], suspensionText: '', ...times },
};
const suspended = { ...person, status: 'SUSPENDED', suspensionText: '규칙을 어겼어요' };
const invitation = {
  ...{ id: 'i1', status: 'OPEN', role: 'courier', email: 'doyun@example.com', invitedBy: 'a1', acceptedBy: '' },
  ...{ createTime: '2026-12-24T03:00:00Z', expireTime: '2026-12-27T03:00:00Z', link: '' },
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
    Become: {
      answer: person,
      calls: [
        post('a seller, without a word of the terms', '/v1/me:become', { role: 'seller' }, { role: 'seller' }),
        post('a host', '/v1/me:become', { role: 'host', accept_terms: true }, { role: 'host', acceptTerms: true }),
      ],
    },
    SendVerification: { answer: {}, calls: [post('again', '/v1/me:sendVerification', {}, {})] },
    ChangePassword: {
      answer: {},
      calls: [
        post(
          'by the current one',
          '/v1/me:changePassword',
          { current_password: 'a good long password', new_password: 'an even longer password' },
          { currentPassword: 'a good long password', newPassword: 'an even longer password' },
        ),
      ],
    },
    ListPeople: {
      answer: { people: [person, suspended], nextPageToken: 'bzE' },
      calls: [
        get('all', '/v1/people', {}),
        get('by name and role', '/v1/people?q=%EA%B9%80&role=host', { q: '김', role: 'host' }),
        get('a page', '/v1/people?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    GetPerson: { answer: person, calls: [get('one', '/v1/people/c1', { personId: 'c1' })] },
    SetRoles: {
      answer: person,
      calls: [
        post('of a host', '/v1/people/c1:setRoles', { roles: ['host'] }, { personId: 'c1', roles: ['host'] }),
        post('of a customer', '/v1/people/c1:setRoles', {}, { personId: 'c1' }),
      ],
    },
    Suspend: {
      answer: suspended,
      calls: [
        post(
          'with why',
          '/v1/people/c1:suspend',
          { text: '규칙을 어겼어요' },
          { personId: 'c1', text: '규칙을 어겼어요' },
        ),
        post('without', '/v1/people/c1:suspend', {}, { personId: 'c1' }),
      ],
    },
    Restore: { answer: person, calls: [post('again', '/v1/people/c1:restore', {}, { personId: 'c1' })] },
    CreateInvitation: {
      answer: { ...invitation, link: 'https://jari.example/auth/invitation?code=i1.s' },
      calls: [
        post(
          'a courier',
          '/v1/invitations',
          { email: 'doyun@example.com', role: 'courier', language: 'KO' },
          { email: 'doyun@example.com', role: 'courier', language: 'KO' },
        ),
        post(
          'in Korean unless something else is said',
          '/v1/invitations',
          { email: 'doyun@example.com', role: 'courier' },
          { email: 'doyun@example.com', role: 'courier' },
        ),
      ],
    },
    ListInvitations: {
      answer: {
        invitations: [invitation, { ...invitation, id: 'i2', status: 'ACCEPTED', acceptedBy: 'c1' }],
        nextPageToken: 'aTI',
      },
      calls: [
        get('all', '/v1/invitations', {}),
        get('a page', '/v1/invitations?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    WithdrawInvitation: {
      answer: { ...invitation, status: 'WITHDRAWN' },
      calls: [remove('one', '/v1/invitations/i1', { invitationId: 'i1' })],
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

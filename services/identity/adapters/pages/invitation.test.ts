import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { RpcError } from '#adapters/rpc/errors.ts';
import { invitationPages } from './invitation.ts';

const code = `${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}.${'A'.repeat(43)}`;

/** The page after its button is pressed, where identity answers with that error. */
async function pressed(error: Error): Promise<{ status: number; page: string }> {
  const app = Fastify();
  const refusing = () => Promise.reject(error);
  invitationPages(app, {
    identity: { getInvitation: refusing, acceptInvitation: refusing },
    drawingFor: () => ({ tongue: 'en', returnTo: '/', formToken: '', development: false }),
    deviceOf: () => ({ name: '', address: '' }),
    queryOf: () => new URLSearchParams({ code }),
    current: async () => ({ person: { id: 'p', display_name: 'Mina', language: 'en' }, roles: [], expires: undefined }),
    isOwnForm: () => true,
    show: (reply, page, status = 200) => reply.code(status).send(page),
  });
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/auth/invitation' });
  await app.close();
  return { status: statusCode, page: body };
}

test('an invitation’s page says that the account is suspended when it is, and of any other refusal to try again', async () => {
  const suspended = await pressed(new RpcError('FAILED_PRECONDITION', 'SUSPENDED', 'the account was suspended'));
  expect([suspended.status, suspended.page]).toEqual([403, expect.stringContaining('suspended')]);
  const contended = await pressed(new RpcError('ABORTED', 'CONTENDED', 'too many at once'));
  expect([contended.status, contended.page]).toEqual([503, expect.stringContaining('in a moment')]);
  expect(contended.page).not.toContain('suspended');
});

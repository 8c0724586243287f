import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { invitation } from '../invitation.ts';
import { mikroOrmInvitations } from './store.ts';
import { device, openIdentity } from './service.fixture.ts';

// What of those who use mailed links the audit trail has.

let identity: Awaited<ReturnType<typeof openIdentity>>;
beforeAll(async () => {
  identity = await openIdentity();
}, 60_000);
afterAll(() => identity.close());
beforeEach(() => {
  identity.recorded.length = 0;
});

const secret = 'S'.repeat(43);
const madeUp = { invitationId: newId(), secret };
/** The link of an invitation that was made by who runs the installation. */
async function invited(): Promise<typeof madeUp> {
  const id = newId();
  const hash = createHash('sha256').update(secret).digest('base64url');
  const by = { role: 'courier', email: 'sealed', hash, by: newId(), expires: Date.now() + 60_000 } as const;
  const mail = { email: 'sealed', link: 'sealed', language: 'KO' } as const;
  const made = mikroOrmInvitations(identity.on.store);
  await made.update(id, (state) => invitation.decide(state, { type: 'Invite', invited: by, mail }));
  return { invitationId: id, secret };
}
async function registered(): Promise<string> {
  const email = `mina-${newId()}@example.com`;
  const password = 'a good long password';
  await identity.call('signUp', { email, password, displayName: 'Mina', language: 1, device: device() });
  const { person } = (await identity.call('signIn', { email, password, device: device() })) as {
    person: { id: string };
  };
  return person.id;
}
const accept = (personId: string, code: typeof madeUp, from = device()) =>
  identity.call('acceptInvitation', { ...code, personId, device: from });

describe('an invitation that somebody accepts (I3, 16)', () => {
  test('is on record as theirs, also when it is over', async () => {
    const [mina, code, from] = [await registered(), await invited(), device()];
    expect(await accept(mina, code, from)).toMatchObject({ roles: ['customer', 'courier'] });
    expect(await accept(await registered(), code, from)).toBe('INVITATION_OVER');
    expect(identity.recorded).toMatchObject([{ caller: mina, address: from.address }, { address: from.address }]);
  });

  test('is on nobody’s record with a made-up id or secret', async () => {
    const [mina, code] = [await registered(), await invited()];
    expect(await accept(mina, madeUp)).toBe('INVITATION_OVER');
    expect(await accept(mina, { ...code, secret: 'T'.repeat(43) })).toBe('INVITATION_OVER');
    expect(identity.recorded).toEqual([]);
  });

  test('is counted where it comes from, before it is on record, with all links of mails', async () => {
    const [mina, code, from] = [await registered(), await invited(), device()];
    const link = { linkId: newId(), secret, password: 'a good long password' };
    for (let time = 0; time < 49; time++) {
      expect(await accept(mina, madeUp, from)).toBe('INVITATION_OVER');
      expect(await identity.call('resetPassword', { ...link, device: from })).toBe('LINK_OVER');
    }
    for (let time = 0; time < 2; time++)
      expect(await accept(mina, code, from)).toMatchObject({ roles: ['customer', 'courier'] });
    expect(await accept(mina, code, from)).toBe('TOO_MANY_ATTEMPTS');
    expect(identity.recorded).toHaveLength(2);
  }, 30_000);
});

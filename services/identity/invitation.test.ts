import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { invitation, type InvitationEvent, type Invited, type Mail } from './invitation.ts';
import { person, type Account, type Person, type PersonEvent } from './person.ts';
import { invitations, people } from './process.ts';

const invited: Invited = { role: 'courier', email: 'sealed', hash: 'h', by: 'boss', expires: 9 };
const mail: Mail = { email: 'for the mail', link: 'link', language: 'KO' };
const sent: InvitationEvent = { type: 'PersonInvited', invited, mail };
const withdrawn: InvitationEvent = { type: 'InvitationWithdrawn' };
const stored = <State>(id: string, state: State) => ({ id, state, version: 1, createdAt: 0, updatedAt: 0 });

describe('an invitation (I3)', () => {
  const { given } = spec(invitation);

  test('is made once, and mailed once', () => {
    given().when({ type: 'Invite', invited, mail }).then(sent);
    given(sent).when({ type: 'Invite', invited, mail }).thenNothing();
    const { messages } = invitations.consequences([sent], stored('i', { status: 'open', invited }));
    expect(messages).toEqual([{ type: 'PersonInvited', role: 'courier', expires: 9, ...mail }]);
  });

  test('is withdrawn unless somebody accepted it', () => {
    given(sent).when({ type: 'Withdraw', accepted: false }).then(withdrawn);
    given(sent, withdrawn).when({ type: 'Withdraw', accepted: false }).thenNothing();
    given(sent).when({ type: 'Withdraw', accepted: true }).thenRefused('invitation-accepted');
    given().when({ type: 'Withdraw', accepted: false }).thenRefused('no-such-invitation');
  });
});

describe('who accepts an invitation (I3)', () => {
  const { given } = spec(person);
  const account: Account = {
    ...{ name: 'Mina', language: 'KO', email: null, passwordHash: null, roles: ['customer'], terms: {} },
    ...{ emailVerified: false, passwordChanges: 0, passwordChangedIn: null },
  };
  const registered: PersonEvent = { type: 'PersonRegistered', account };
  const accepting = { type: 'AcceptInvitation', invitationId: 'i', role: 'admin', usable: true } as const;
  const accepted: PersonEvent = { type: 'InvitationAccepted', invitationId: 'i', role: 'admin' };

  test('gets its role', () => {
    given(registered)
      .when({ ...accepting, takenBy: 'nobody' })
      .then(accepted);
    given(registered, accepted)
      .when({ ...accepting, takenBy: 'person' })
      .thenNothing();
    expect([registered, accepted].reduce<Person>(person.evolve, person.initial)).toMatchObject({
      account: { roles: ['customer', 'admin'] },
    });
  });

  test('is one person, and nobody who is suspended or comes too late', () => {
    given(registered)
      .when({ ...accepting, takenBy: 'another' })
      .thenRefused('invitation-over');
    given(registered)
      .when({ ...accepting, takenBy: 'nobody', usable: false })
      .thenRefused('invitation-over');
    given()
      .when({ ...accepting, takenBy: 'nobody' })
      .thenRefused('no-such-person');
    given(registered, { type: 'PersonSuspended', suspension: { text: '', at: 0 } })
      .when({ ...accepting, takenBy: 'nobody' })
      .thenRefused('suspended');
  });

  test('asked again after the role was taken away, is not given it again', () =>
    given(registered, accepted, { type: 'RolesSet', roles: ['customer'] })
      .when({ ...accepting, takenBy: 'person' })
      .thenNothing());

  test('claims it, as who withdraws it does: one of them is first', () => {
    const after = [registered, accepted].reduce<Person>(person.evolve, person.initial);
    const { releases, claims } = people.consequences([accepted], stored('mina', after));
    expect(releases).toEqual([{ key: 'administrator/mina' }]); // who was one before has it already
    expect(claims).toEqual([{ key: 'invitation/i' }, { key: 'administrator/mina' }]);
    const rest = invitations.consequences([withdrawn], stored('i', { status: 'withdrawn', invited }));
    expect(rest.claims).toEqual([{ key: 'invitation/i' }]);
  });
});

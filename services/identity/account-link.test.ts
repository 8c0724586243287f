import { describe, expect, test } from '@jest/globals';
import { complete } from '#kernel/defaults.ts';
import { spec } from '#kernel/spec.ts';
import { accountLink, type AccountLink, type AccountLinkEvent, type Issued } from './account-link.ts';
import type { Mail } from './invitation.ts';
import { person, type Account, type Person, type PersonEvent, type PersonInput, type UsedLink } from './person.ts';
import { accountLinks, people } from './process.ts';

const mail: Mail = { email: 'for the mail', link: 'link', language: 'KO' };
const issued: Issued = { personId: 'mina', hash: 'h', passwordChanges: 0, expires: 9 };
const stored = <State>(id: string, state: State) => ({ id, state, version: 1, createdAt: 0, updatedAt: 5 });

describe('a link to an account (I1)', () => {
  const { given } = spec(accountLink);
  const asked: AccountLinkEvent = { type: 'LinkAsked', kind: 'reset', digest: 'd' };
  const sent: AccountLinkEvent = { type: 'LinkIssued', issued, mail };
  const after = (...events: AccountLinkEvent[]): AccountLink => events.reduce(accountLink.evolve, accountLink.initial);

  test('is asked for once, and issued in a step of its own', () => {
    given().when({ type: 'AskLink', kind: 'reset', digest: 'd' }).then(asked);
    given(asked).when({ type: 'AskLink', kind: 'reset', digest: 'd' }).thenNothing();
    given(asked).when({ type: 'IssueLink', issued, mail }).then(sent);
    given(asked, sent).when({ type: 'IssueLink', issued, mail }).thenNothing();
    const { timers } = accountLinks.consequences([asked], stored('l', after(asked)));
    expect(timers).toEqual([{ name: 'issue', at: 5 }]);
  });

  test('is mailed once, by its kind', () => {
    const messagesOf = (kind: 'reset' | 'verification') =>
      accountLinks.consequences([sent], stored('l', after({ ...asked, kind }, sent))).messages;
    expect(messagesOf('reset')).toEqual([{ type: 'PasswordResetRequested', expires: 9, ...mail }]);
    expect(messagesOf('verification')).toEqual([{ type: 'EmailVerificationRequested', expires: 9, ...mail }]);
  });

  test('to nobody is dropped, and nothing is mailed or kept', () => {
    const dropped: AccountLinkEvent = { type: 'LinkDropped' };
    given(asked).when({ type: 'DropLink' }).then(dropped);
    given(asked, sent).when({ type: 'DropLink' }).thenNothing();
    expect(after(asked, dropped)).toEqual({ status: 'dropped' });
    expect(accountLinks.consequences([dropped], stored('l', after(asked, dropped)))).toEqual({});
  });
});

describe('whoever uses a link to their account (I1)', () => {
  const { given } = spec(person);
  const account: Account = {
    ...{ name: 'Mina', language: 'KO', email: { sealed: 's', digest: 'd' }, emailVerified: false },
    ...{ passwordHash: 'before', passwordChanges: 0, passwordChangedIn: null, roles: ['customer'], terms: {} },
  };
  const registered: PersonEvent = { type: 'PersonRegistered', account };
  const link: UsedLink = { digest: 'd', passwordChanges: 0, expires: 9 };
  const resetting = (of: UsedLink = link): PersonInput => ({
    ...{ type: 'ResetPassword', link: of, passwordHash: 'after', at: 8, mail },
  });
  const reset: PersonEvent = { type: 'PasswordReset', passwordHash: 'after', at: 8, mail };
  const after = (...events: PersonEvent[]): Person => events.reduce(person.evolve, person.initial);

  test('sets a new password, and has proved to have the address', () => {
    given(registered).when(resetting()).then(reset);
    expect(after(registered, reset)).toMatchObject({
      account: { passwordHash: 'after', passwordChanges: 1, emailVerified: true },
    });
  });

  test('hears of the new password, and every session is ended', () => {
    const { messages, timers } = people.consequences([reset], stored('mina', after(registered, reset)));
    expect(messages).toEqual([{ type: 'PasswordChanged', at: 8, ...mail }]);
    expect(timers).toEqual([{ name: 'end-sessions', at: 5 }]);
  });

  test('leaves no session, also not the one in which the password was changed before', () => {
    const changed: PersonEvent = { type: 'PasswordChanged', session: 's1', passwordHash: 'x', at: 7, mail };
    expect(after(registered, changed, reset)).toMatchObject({
      account: { passwordChanges: 2, passwordChangedIn: null },
    });
  });

  test('cannot after a change of the password or of the address, too late, suspended, or as nobody', () => {
    given(registered, reset).when(resetting()).thenRefused('link-over');
    const email = { sealed: 't', digest: 'e' };
    given(registered, { type: 'EmailResealed', before: account.email!, email })
      .when(resetting())
      .thenRefused('link-over');
    given(registered)
      .when(resetting({ ...link, expires: 8 }))
      .thenRefused('link-over');
    given(registered, { type: 'PersonSuspended', suspension: { text: '', at: 0 } })
      .when(resetting())
      .thenRefused('link-over');
    given().when(resetting()).thenRefused('link-over');
  });

  test('verifies the address once, whatever became of the password', () => {
    const verifying: PersonInput = { type: 'VerifyEmail', link: { ...link, passwordChanges: null }, at: 8 };
    given(registered).when(verifying).then({ type: 'EmailVerified' });
    given(registered, { type: 'EmailVerified' }).when(verifying).thenNothing();
    given(registered, reset).when(verifying).thenNothing();
    given().when(verifying).thenRefused('link-over');
  });

  test('is sent one after registering, and nobody else is', () => {
    const timersOf = (of: Account) =>
      people.consequences([{ type: 'PersonRegistered', account: of }], stored('mina', after(registered))).timers;
    expect(timersOf(account)).toEqual([{ name: 'verify-email', at: 5 }]);
    expect(timersOf({ ...account, email: null })).toEqual([]);
  });

  test('is, of an earlier version, somebody whose address nobody has verified', () => {
    const { emailVerified: _, passwordChanges: __, passwordChangedIn: ___, ...older } = account;
    const row = { status: 'active', account: older } as Person;
    expect(complete(row, person.defaults)).toEqual({ status: 'active', account });
  });
});

describe('whoever changes their password by the current one (I1)', () => {
  const { given } = spec(person);
  const account: Account = {
    ...{ name: 'Mina', language: 'KO', email: { sealed: 's', digest: 'd' }, emailVerified: false },
    ...{ passwordHash: 'before', passwordChanges: 0, passwordChangedIn: null, roles: ['customer'], terms: {} },
  };
  const registered: PersonEvent = { type: 'PersonRegistered', account };
  const how = { session: 's1', passwordHash: 'after', at: 8, mail };
  const changing: PersonInput = { type: 'ChangePassword', passwordChanges: 0, ...how };
  const changed: PersonEvent = { type: 'PasswordChanged', ...how };
  const after = (...events: PersonEvent[]): Person => events.reduce(person.evolve, person.initial);

  test('has a new one, in a session that goes on, and has proved nothing of the address', () => {
    given(registered).when(changing).then(changed);
    expect(after(registered, changed)).toMatchObject({
      account: { passwordHash: 'after', passwordChanges: 1, passwordChangedIn: 's1', emailVerified: false },
    });
  });

  test('hears of it, and the sessions are looked through', () => {
    const { messages, timers } = people.consequences([changed], stored('mina', after(registered, changed)));
    expect(messages).toEqual([{ type: 'PasswordChanged', at: 8, ...mail }]);
    expect(timers).toEqual([{ name: 'end-sessions', at: 5 }]);
  });

  test('cannot by a password that is another one meanwhile, nor suspended, nor as nobody', () => {
    given(registered, changed).when(changing).thenRefused('wrong-password');
    given(registered, { type: 'PersonSuspended', suspension: { text: '', at: 0 } })
      .when(changing)
      .thenRefused('no-such-person');
    given().when(changing).thenRefused('no-such-person');
  });
});

import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Issued } from './account-link.ts';
import type { Mail } from './invitation.ts';

export const roles = ['customer', 'host', 'seller', 'dealer', 'courier', 'agent', 'admin'] as const;
export type Role = (typeof roles)[number];
export type Language = 'KO' | 'EN';

/** An e-mail address as it is stored: sealed, and as a digest by which it is found. */
export interface SealedEmail {
  sealed: string;
  digest: string;
}

export interface Profile {
  name: string;
  language: Language;
}

export interface Account extends Profile {
  /** None of a sample person. */
  email: SealedEmail | null;
  /** Whether somebody used a link that was mailed to the address. */
  emailVerified: boolean;
  /** The password's hash, with its parameters; none of a sample person. */
  passwordHash: string | null;
  /** How often the password was changed: sessions and links of before a change are over. */
  passwordChanges: number;
  /** The session in which it was changed last, which is not over; null after a change by a mailed link. */
  passwordChangedIn: string | null;
  roles: readonly Role[];
  /** When the person accepted the terms of a role. */
  terms: Partial<Record<Role, Instant>>;
}

/** Why a person may not sign in, in the words of the administrator who decided it. */
export interface Suspension {
  text: string;
  at: Instant;
}

/** Somebody who signs in (회원). */
export type Person =
  | { status: 'none' }
  | { status: 'active'; account: Account }
  | { status: 'suspended'; account: Account; suspension: Suspension };

/** Roles that administrators give and take, and nobody takes without being invited. */
const staffRoles = ['dealer', 'courier', 'agent', 'admin'] as const satisfies readonly Role[];
export type StaffRole = (typeof staffRoles)[number];

/** The staff roles in which a person may act now. */
export const staffRolesOf = (state: Person): readonly StaffRole[] =>
  state.status === 'active' ? staffRoles.filter((role) => state.account.roles.includes(role)) : [];

/** Roles that everybody may take, by accepting their terms. */
export const selfServiceRoles = ['host', 'seller'] as const satisfies readonly Role[];

/** The administrators who may sign in, as one of them is about to be one no longer. */
export interface Administrators {
  /** Whether there is another. */
  another: boolean;
  /** How often one ceased to be one: of two who cease at once, one is decided again. */
  ceased: number;
}

export type PersonInput =
  /** `holder`: who has the e-mail address already. */
  | { type: 'Register'; account: Account; holder: string | undefined }
  /** A sample person; in development only. */
  | { type: 'SeedPerson'; account: Account }
  | { type: 'ChangeProfile'; changes: Partial<Profile> }
  | { type: 'Become'; role: (typeof selfServiceRoles)[number]; at: Instant }
  /** Everybody is a customer, whatever the roles. `isOwn`: by the person. */
  | { type: 'SetRoles'; roles: readonly Role[]; isOwn: boolean; administrators: Administrators }
  | { type: 'Suspend'; text: string; at: Instant; isOwn: boolean; administrators: Administrators }
  | { type: 'Restore'; isOwn: boolean }
  /** `usable`: it is open and not too old. `takenBy`: who accepted it, or withdrew it. */
  | {
      type: 'AcceptInvitation';
      invitationId: string;
      role: Role;
      usable: boolean;
      takenBy: 'nobody' | 'person' | 'another';
    }
  /** By links that were mailed to the address. `mail` tells of it. */
  | { type: 'ResetPassword'; link: UsedLink; passwordHash: string; at: Instant; mail: Mail }
  | { type: 'VerifyEmail'; link: UsedLink; at: Instant }
  /** By the current password, as it was after so many changes. `session`: in which it is changed. */
  | {
      type: 'ChangePassword';
      passwordChanges: number;
      session: string | null;
      passwordHash: string;
      at: Instant;
      mail: Mail;
    }
  /** The same address, sealed with another secret. */
  | { type: 'ResealEmail'; email: SealedEmail };

/** A link whose secret was right. */
export type UsedLink = Pick<Issued, 'passwordChanges' | 'expires'> & { digest: string };

export type PersonEvent =
  | { type: 'PersonRegistered'; account: Account }
  | { type: 'ProfileChanged'; changes: Partial<Profile> }
  | { type: 'TermsAccepted'; role: Role; at: Instant }
  /** `ceased`: an administrator ceased to be one, after so many others. */
  | { type: 'RolesSet'; roles: readonly Role[]; ceased?: number }
  | { type: 'PersonSuspended'; suspension: Suspension; ceased?: number }
  | { type: 'PersonRestored' }
  | { type: 'InvitationAccepted'; invitationId: string; role: Role }
  | { type: 'PasswordReset'; passwordHash: string; at: Instant; mail: Mail }
  | { type: 'PasswordChanged'; session: string | null; passwordHash: string; at: Instant; mail: Mail }
  | { type: 'EmailVerified' }
  | { type: 'EmailResealed'; before: SealedEmail; email: SealedEmail };

export type PersonRefusal =
  | 'no-such-person'
  | 'email-taken'
  | 'suspended'
  | 'own-account'
  | 'last-admin'
  | 'invitation-over'
  | 'link-over'
  | 'no-password'
  | 'wrong-password';

function decide(state: Person, input: PersonInput): Decision<PersonEvent, PersonRefusal> {
  switch (input.type) {
    case 'Register':
      if (state.status !== 'none') return accept(); // asked twice, done once
      return input.holder === undefined
        ? accept({ type: 'PersonRegistered', account: input.account })
        : refuse('email-taken');
    case 'SeedPerson':
      return state.status === 'none' ? accept({ type: 'PersonRegistered', account: input.account }) : accept();
    case 'ChangeProfile': {
      if (state.status === 'none') return refuse('no-such-person');
      const { name = state.account.name, language = state.account.language } = input.changes;
      const isSame = name === state.account.name && language === state.account.language;
      return isSame ? accept() : accept({ type: 'ProfileChanged', changes: { name, language } });
    }
    case 'Become': {
      if (state.status === 'none') return refuse('no-such-person');
      if (state.status === 'suspended') return refuse('suspended');
      const { role, at } = input;
      return state.account.roles.includes(role) ? accept() : accept({ type: 'TermsAccepted', role, at });
    }
    case 'SetRoles':
      return withRoles(state, input);
    case 'Suspend':
      return suspended(state, input);
    case 'Restore':
      if (state.status === 'none') return refuse('no-such-person');
      if (input.isOwn) return refuse('own-account');
      return state.status === 'suspended' ? accept({ type: 'PersonRestored' }) : accept();
    case 'AcceptInvitation': {
      if (state.status === 'none') return refuse('no-such-person');
      if (state.status === 'suspended') return refuse('suspended');
      const { invitationId, role, usable, takenBy } = input;
      if (takenBy === 'person') return accept();
      return usable && takenBy === 'nobody'
        ? accept({ type: 'InvitationAccepted', invitationId, role })
        : refuse('invitation-over');
    }
    case 'ResetPassword': {
      const { link, passwordHash, at, mail } = input;
      return isUsable(link, state, at)
        ? accept({ type: 'PasswordReset', passwordHash, at, mail })
        : refuse('link-over');
    }
    case 'VerifyEmail':
      if (!isUsable(input.link, state, input.at)) return refuse('link-over');
      return state.account.emailVerified ? accept() : accept({ type: 'EmailVerified' });
    case 'ChangePassword': {
      if (state.status !== 'active') return refuse('no-such-person');
      const { passwordChanges, session, passwordHash, at, mail } = input;
      return passwordChanges === state.account.passwordChanges
        ? accept({ type: 'PasswordChanged', session, passwordHash, at, mail })
        : refuse('wrong-password'); // it is another one since it was looked at
    }
    case 'ResealEmail':
      return state.status !== 'none' && state.account.email
        ? accept({ type: 'EmailResealed', before: state.account.email, email: input.email })
        : accept();
  }
}

/** Whether a link is still good: for an account that may sign in, with the address and the password of when it was mailed. */
export function isUsable(
  { digest, passwordChanges, expires }: UsedLink,
  state: Person,
  at: Instant,
): state is Extract<Person, { status: 'active' }> {
  if (state.status !== 'active' || state.account.email?.digest !== digest || expires <= at) return false;
  return passwordChanges === null || passwordChanges === state.account.passwordChanges;
}

function withRoles(
  state: Person,
  { roles: wanted, isOwn, administrators }: Extract<PersonInput, { type: 'SetRoles' }>,
): Decision<PersonEvent, PersonRefusal> {
  if (state.status === 'none') return refuse('no-such-person');
  if (isOwn) return refuse('own-account');
  const next = inOrder(['customer', ...wanted]);
  if (next.join() === state.account.roles.join()) return accept();
  if (!isAdministrator(state) || next.includes('admin')) return accept({ type: 'RolesSet', roles: next });
  const { another, ceased } = administrators;
  return another ? accept({ type: 'RolesSet', roles: next, ceased }) : refuse('last-admin');
}

function suspended(
  state: Person,
  { text, at, isOwn, administrators: { another, ceased } }: Extract<PersonInput, { type: 'Suspend' }>,
): Decision<PersonEvent, PersonRefusal> {
  if (state.status === 'none') return refuse('no-such-person');
  if (isOwn) return refuse('own-account');
  if (state.status === 'suspended') return accept();
  const suspension = { text, at };
  if (!isAdministrator(state)) return accept({ type: 'PersonSuspended', suspension });
  return another ? accept({ type: 'PersonSuspended', suspension, ceased }) : refuse('last-admin');
}

const inOrder = (wanted: readonly Role[]): readonly Role[] => roles.filter((role) => wanted.includes(role));

/** Whether the person is an administrator who may sign in. */
export const isAdministrator = (state: Person): boolean =>
  state.status === 'active' && state.account.roles.includes('admin');

function evolve(state: Person, event: PersonEvent): Person {
  switch (event.type) {
    case 'PersonRegistered':
      return { status: 'active', account: event.account };
    case 'ProfileChanged':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, ...event.changes } };
    case 'TermsAccepted':
    case 'InvitationAccepted': {
      if (state.status === 'none') return state;
      const { account } = state;
      const terms = event.type === 'TermsAccepted' ? { ...account.terms, [event.role]: event.at } : account.terms;
      return { ...state, account: { ...account, roles: inOrder([...account.roles, event.role]), terms } };
    }
    case 'RolesSet':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, roles: event.roles } };
    case 'PersonSuspended':
      return state.status === 'none'
        ? state
        : { status: 'suspended', account: state.account, suspension: event.suspension };
    case 'PersonRestored':
      return state.status === 'none' ? state : { status: 'active', account: state.account };
    case 'PasswordReset':
    case 'PasswordChanged': {
      if (state.status === 'none') return state;
      const { account } = state;
      const by =
        event.type === 'PasswordReset'
          ? { passwordChangedIn: null, emailVerified: true }
          : { passwordChangedIn: event.session };
      const passwordChanges = account.passwordChanges + 1;
      return { ...state, account: { ...account, passwordHash: event.passwordHash, passwordChanges, ...by } };
    }
    case 'EmailVerified':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, emailVerified: true } };
    case 'EmailResealed':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, email: event.email } };
  }
}

export const person: Decider<Person, PersonInput, PersonEvent, PersonRefusal> = {
  initial: { status: 'none' },
  defaults: {
    account: { terms: () => ({}), emailVerified: () => false, passwordChanges: () => 0, passwordChangedIn: () => null },
  },
  decide,
  evolve,
};

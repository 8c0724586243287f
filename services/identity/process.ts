import type { Aggregate, Claim, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { forEachEvent } from '#kernel/consequences.ts';
import type { Instant } from '#kernel/time.ts';
import { accountLink, type AccountLink, type AccountLinkEvent, type AccountLinkInput } from './account-link.ts';
import { attempts, type Attempts, type AttemptsEvent, type AttemptsInput, type AttemptsRefusal } from './attempts.ts';
import {
  invitation,
  type Invitation,
  type InvitationEvent,
  type InvitationInput,
  type InvitationRefusal,
  type Mail,
} from './invitation.ts';
import { keyRing, type KeyRing, type KeyRingEvent, type KeyRingInput } from './key-ring.ts';
import {
  isAdministrator,
  person,
  staffRolesOf,
  type Person,
  type PersonEvent,
  type PersonInput,
  type PersonRefusal,
  type Role,
} from './person.ts';
import { session, type Session, type SessionEvent, type SessionInput, type SessionRefusal } from './session.ts';

/** An e-mail address belongs to one person. */
export const emailKey = (digest: string): string => `email/${digest}`;

/** One for each administrator who may sign in. */
export const administratorKeys = 'administrator/';
/** One for each who ceased to be one, by number: two who cease at once cannot both have the same. */
export const ceasedKeys = 'administrator-ceased/';

/** Of who accepted the invitation; its own once it is withdrawn. */
export const invitationKey = (id: string): string => `invitation/${id}`;

/** The password is another one, and its person is told by mail. */
interface PasswordMessage extends Mail {
  type: 'PasswordChanged';
  at: Instant;
}

/** Told to every service, which believes older tokens no other staff role. */
interface RolesMessage {
  type: 'StaffRolesSet';
  roles: readonly Role[];
  isSuspended: boolean;
  at: Instant;
}

export type PersonMessage = PasswordMessage | RolesMessage;

export const people: Aggregate<Person, PersonInput, PersonEvent, PersonRefusal, PersonMessage> = {
  name: 'person',
  ...person,
  consequences: forEachEvent(following),
};

function following(event: PersonEvent, { id, state, updatedAt }: StoredAggregate<Person>): Consequences<PersonMessage> {
  const isSuspended = state.status === 'suspended';
  const rolesSet: PersonMessage = { type: 'StaffRolesSet', roles: staffRolesOf(state), isSuspended, at: updatedAt };
  switch (event.type) {
    case 'PersonRegistered': {
      const { email } = event.account;
      return {
        claims: [
          ...(email ? [{ key: emailKey(email.digest) }] : []),
          ...(isAdministrator(state) ? [{ key: administratorKeys + id }] : []),
        ],
        timers: email ? [{ name: 'verify-email', at: updatedAt }] : [],
      };
    }
    case 'EmailResealed':
      return {
        releases: [{ key: emailKey(event.before.digest) }],
        claims: [{ key: emailKey(event.email.digest) }],
      };
    case 'RolesSet':
      return { ...administrators(id, state, event.ceased), messages: [rolesSet] };
    case 'PersonRestored':
      return { ...administrators(id, state), messages: [rolesSet] };
    case 'InvitationAccepted': {
      const { releases, claims } = administrators(id, state);
      return { releases, claims: [{ key: invitationKey(event.invitationId) }, ...claims], messages: [rolesSet] };
    }
    case 'PersonSuspended':
      return {
        ...administrators(id, state, event.ceased),
        messages: [rolesSet],
        timers: [{ name: 'end-sessions', at: updatedAt }],
      };
    case 'PasswordReset':
    case 'PasswordChanged':
      return {
        messages: [{ type: 'PasswordChanged', at: event.at, ...event.mail }],
        timers: [{ name: 'end-sessions', at: updatedAt }],
      };
    case 'ProfileChanged':
    case 'TermsAccepted':
    case 'EmailVerified':
      return {};
  }
}

/** Whoever was an administrator before has the claim already, and it is refused also to its holder: so it is released first. */
function administrators(id: string, state: Person, ceased?: number): { releases: Claim[]; claims: Claim[] } {
  const own = { key: administratorKeys + id };
  const ceasing = ceased === undefined ? [] : [{ key: ceasedKeys + ceased }];
  return { releases: [own], claims: isAdministrator(state) ? [own] : ceasing };
}

/** An invitation is to be mailed. */
export interface InvitationMessage extends Mail {
  type: 'PersonInvited';
  role: string;
  expires: Instant;
}

export const invitations: Aggregate<
  Invitation,
  InvitationInput,
  InvitationEvent,
  InvitationRefusal,
  InvitationMessage
> = {
  name: 'invitation',
  ...invitation,
  consequences: forEachEvent((event, { id }) => {
    if (event.type === 'InvitationWithdrawn') return { claims: [{ key: invitationKey(id) }] };
    const { role, expires } = event.invited;
    return { messages: [{ type: 'PersonInvited', role, expires, ...event.mail }] };
  }),
};

/** A link to an account is to be mailed. */
export interface LinkMessage extends Mail {
  type: 'PasswordResetRequested' | 'EmailVerificationRequested';
  expires: Instant;
}

export const accountLinks: Aggregate<AccountLink, AccountLinkInput, AccountLinkEvent, never, LinkMessage> = {
  name: 'account_link',
  ...accountLink,
  consequences: forEachEvent((event, { state, updatedAt }) => {
    if (event.type === 'LinkAsked') return { timers: [{ name: 'issue', at: updatedAt }] };
    if (event.type === 'LinkDropped' || state.status !== 'issued') return {};
    const type = state.kind === 'reset' ? 'PasswordResetRequested' : 'EmailVerificationRequested';
    return { messages: [{ type, expires: state.expires, ...event.mail }] };
  }),
};

export const sessions: Aggregate<Session, SessionInput, SessionEvent, SessionRefusal, never> = {
  name: 'session',
  ...session,
  consequences: () => ({}),
};

export const keyRings: Aggregate<KeyRing, KeyRingInput, KeyRingEvent, never, never> = {
  name: 'key_ring',
  ...keyRing,
  consequences: (events) => ({
    timers: events.flatMap((event) => (event.type === 'KeyAdded' ? [{ name: 'rotate', at: event.rotateAt }] : [])),
  }),
};

export const attemptCounts: Aggregate<Attempts, AttemptsInput, AttemptsEvent, AttemptsRefusal, never> = {
  name: 'attempts',
  ...attempts,
  consequences: () => ({}),
};

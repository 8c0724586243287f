import type { Aggregate, Claim, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { ofEach } from '#kernel/consequences.ts';
import type { Instant } from '#kernel/time.ts';
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
  type Person,
  type PersonEvent,
  type PersonInput,
  type PersonRefusal,
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

export const people: Aggregate<Person, PersonInput, PersonEvent, PersonRefusal, never> = {
  name: 'person',
  ...person,
  consequences: ofEach(following),
};

function following(event: PersonEvent, { id, state, updatedAt }: StoredAggregate<Person>): Consequences<never> {
  switch (event.type) {
    case 'PersonRegistered': {
      const email = event.account.email ? [{ key: emailKey(event.account.email.digest) }] : [];
      return { claims: [...email, ...(isAdministrator(state) ? [{ key: administratorKeys + id }] : [])] };
    }
    case 'EmailResealed':
      return {
        releases: [{ key: emailKey(event.before.digest) }],
        claims: [{ key: emailKey(event.email.digest) }],
      };
    case 'RolesSet':
      return administrators(id, state, event.ceased);
    case 'PersonRestored':
      return administrators(id, state);
    case 'InvitationAccepted': {
      const { releases, claims } = administrators(id, state);
      return { releases, claims: [{ key: invitationKey(event.invitationId) }, ...claims] };
    }
    case 'PersonSuspended':
      return { ...administrators(id, state, event.ceased), timers: [{ name: 'end-sessions', at: updatedAt }] };
    case 'ProfileChanged':
    case 'TermsAccepted':
      return {};
  }
}

/** Whoever was an administrator before has the claim already, and it is refused also to its holder: so it is released first. */
function administrators(id: string, state: Person, ceased?: number): { releases: Claim[]; claims: Claim[] } {
  const own = { key: administratorKeys + id };
  const ceasing = ceased === undefined ? [] : [{ key: ceasedKeys + ceased }];
  return { releases: [own], claims: isAdministrator(state) ? [own] : ceasing };
}

/** What identity publishes: that a mail is to be sent. */
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
  consequences: ofEach((event, { id }) => {
    if (event.type === 'InvitationWithdrawn') return { claims: [{ key: invitationKey(id) }] };
    const { role, expires } = event.invited;
    return { messages: [{ type: 'PersonInvited', role, expires, ...event.mail }] };
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

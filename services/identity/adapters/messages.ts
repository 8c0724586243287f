import { event, type Outgoing } from '#adapters/bus/messages.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import * as proto from '#proto/jari/identity/v1/messages.ts';
import type { AccountLink, AccountLinkEvent, AccountLinkInput } from '../account-link.ts';
import type { Attempts, AttemptsEvent, AttemptsInput, AttemptsRefusal } from '../attempts.ts';
import type { Invitation, InvitationEvent, InvitationInput, InvitationRefusal } from '../invitation.ts';
import type { KeyRing, KeyRingEvent, KeyRingInput } from '../key-ring.ts';
import type { Person, PersonEvent, PersonInput, PersonRefusal } from '../person.ts';
import {
  accountLinks,
  attemptCounts,
  invitations,
  keyRings,
  people,
  sessions,
  type InvitationMessage,
  type LinkMessage,
  type PersonMessage,
} from '../process.ts';
import type { Session, SessionEvent, SessionInput, SessionRefusal } from '../session.ts';

export const storedPeople: Stored<Person, PersonInput, PersonEvent, PersonRefusal, PersonMessage> = {
  ...people,
  encode: encodePerson,
};
export const storedInvitations: Stored<
  Invitation,
  InvitationInput,
  InvitationEvent,
  InvitationRefusal,
  InvitationMessage
> = { ...invitations, encode };
export const storedAccountLinks: Stored<AccountLink, AccountLinkInput, AccountLinkEvent, never, LinkMessage> = {
  ...accountLinks,
  encode: encodeLink,
};
export const storedSessions: Stored<Session, SessionInput, SessionEvent, SessionRefusal, never> = {
  ...sessions,
  encode: (nothing) => nothing,
};
export const storedKeyRings: Stored<KeyRing, KeyRingInput, KeyRingEvent, never, never> = {
  ...keyRings,
  encode: (nothing) => nothing,
};
export const storedAttempts: Stored<Attempts, AttemptsInput, AttemptsEvent, AttemptsRefusal, never> = {
  ...attemptCounts,
  encode: (nothing) => nothing,
};

function encode(
  { role, language, email, link, expires }: InvitationMessage,
  { id }: StoredAggregate<Invitation>,
): Outgoing {
  return event('jari.identity.v1.PersonInvited', proto.PersonInvited, id, {
    ...{ invitationId: id, role, language, sealedEmail: email, sealedLink: link },
    expireTime: new Date(expires),
  });
}

function encodeLink(
  { type, language, email, link, expires }: LinkMessage,
  { id }: StoredAggregate<AccountLink>,
): Outgoing {
  return event(`jari.identity.v1.${type}`, proto[type], id, {
    ...{ linkId: id, language, sealedEmail: email, sealedLink: link },
    expireTime: new Date(expires),
  });
}

function encodePerson(message: PersonMessage, { id: personId }: StoredAggregate<Person>): Outgoing {
  if (message.type === 'StaffRolesSet') {
    const { roles, isSuspended: suspended, at } = message;
    const set = { personId, roles: [...roles], suspended, setTime: new Date(at) };
    return event('jari.identity.v1.StaffRolesSet', proto.StaffRolesSet, personId, set);
  }
  const { language, email, link, at } = message;
  return event('jari.identity.v1.PasswordChanged', proto.PasswordChanged, personId, {
    ...{ personId, language, sealedEmail: email, sealedLink: link },
    changeTime: new Date(at),
  });
}

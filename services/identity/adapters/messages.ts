import { event, type Outgoing } from '#adapters/bus/messages.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import * as proto from '#proto/jari/identity/v1/messages.ts';
import type { Attempts, AttemptsEvent, AttemptsInput, AttemptsRefusal } from '../attempts.ts';
import type { Invitation, InvitationEvent, InvitationInput, InvitationRefusal } from '../invitation.ts';
import type { KeyRing, KeyRingEvent, KeyRingInput } from '../key-ring.ts';
import type { Person, PersonEvent, PersonInput, PersonRefusal } from '../person.ts';
import { attemptCounts, invitations, keyRings, people, sessions, type InvitationMessage } from '../process.ts';
import type { Session, SessionEvent, SessionInput, SessionRefusal } from '../session.ts';

export const storedPeople: Stored<Person, PersonInput, PersonEvent, PersonRefusal, never> = {
  ...people,
  encode: (nothing) => nothing,
};
export const storedInvitations: Stored<
  Invitation,
  InvitationInput,
  InvitationEvent,
  InvitationRefusal,
  InvitationMessage
> = { ...invitations, encode };
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

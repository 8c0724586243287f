import type { Aggregate } from '#kernel/aggregate.ts';
import { ofEach } from '#kernel/consequences.ts';
import { attempts, type Attempts, type AttemptsEvent, type AttemptsInput, type AttemptsRefusal } from './attempts.ts';
import { keyRing, type KeyRing, type KeyRingEvent, type KeyRingInput } from './key-ring.ts';
import { person, type Person, type PersonEvent, type PersonInput, type PersonRefusal } from './person.ts';
import { session, type Session, type SessionEvent, type SessionInput, type SessionRefusal } from './session.ts';

/** An e-mail address belongs to one person. */
export const emailKey = (digest: string): string => `email/${digest}`;

export const people: Aggregate<Person, PersonInput, PersonEvent, PersonRefusal, never> = {
  name: 'person',
  ...person,
  consequences: ofEach((event) => {
    if (event.type === 'ProfileChanged') return {};
    const email = event.type === 'PersonRegistered' ? event.account.email : event.email;
    return {
      releases: event.type === 'EmailResealed' ? [{ key: emailKey(event.before.digest) }] : [],
      claims: email ? [{ key: emailKey(email.digest) }] : [],
    };
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

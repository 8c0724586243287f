import type { Stored } from '#adapters/mikro-orm/store.ts';
import type { Attempts, AttemptsEvent, AttemptsInput, AttemptsRefusal } from '../attempts.ts';
import type { KeyRing, KeyRingEvent, KeyRingInput } from '../key-ring.ts';
import type { Person, PersonEvent, PersonInput, PersonRefusal } from '../person.ts';
import { attemptCounts, keyRings, people, sessions } from '../process.ts';
import type { Session, SessionEvent, SessionInput, SessionRefusal } from '../session.ts';

// Identity publishes no messages.
export const storedPeople: Stored<Person, PersonInput, PersonEvent, PersonRefusal, never> = {
  ...people,
  encode: (nothing) => nothing,
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

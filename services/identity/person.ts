import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';

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
  /** The password's hash, with its parameters; none of a sample person. */
  passwordHash: string | null;
  roles: readonly Role[];
}

/** Somebody who signs in (회원). */
export type Person = { status: 'none' } | { status: 'active'; account: Account };

export type PersonInput =
  /** `holder`: who has the e-mail address already. */
  | { type: 'Register'; account: Account; holder: string | undefined }
  /** A sample person; in development only. */
  | { type: 'SeedPerson'; account: Account }
  | { type: 'ChangeProfile'; changes: Partial<Profile> }
  /** The same address, sealed with another secret. */
  | { type: 'ResealEmail'; email: SealedEmail };

export type PersonEvent =
  | { type: 'PersonRegistered'; account: Account }
  | { type: 'ProfileChanged'; changes: Partial<Profile> }
  | { type: 'EmailResealed'; before: SealedEmail; email: SealedEmail };

export type PersonRefusal = 'no-such-person' | 'email-taken';

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
    case 'ResealEmail':
      return state.status !== 'none' && state.account.email
        ? accept({ type: 'EmailResealed', before: state.account.email, email: input.email })
        : accept();
  }
}

function evolve(state: Person, event: PersonEvent): Person {
  switch (event.type) {
    case 'PersonRegistered':
      return { status: 'active', account: event.account };
    case 'ProfileChanged':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, ...event.changes } };
    case 'EmailResealed':
      return state.status === 'none' ? state : { ...state, account: { ...state.account, email: event.email } };
  }
}

export const person: Decider<Person, PersonInput, PersonEvent, PersonRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

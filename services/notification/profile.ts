import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import { hourly } from './limit.ts';

export type Language = 'KO' | 'EN';

/** What a code verifies. */
export type ContactKind = 'phone' | 'email';

/** A telephone number or an e-mail address. It is sealed: the core passes it on without reading it. */
export interface Contact {
  sealed: string;
  /** Whether its owner entered a code that was sent to it. Nothing but codes is sent to it before. */
  verified: boolean;
  code?: Code;
}

/** A code that was made for an address, and can be entered once. */
export interface Code {
  hash: string;
  /** The code itself, sealed, until a provider has taken it; then empty. */
  sealed: string;
  expiresAt: Instant;
  /** How often a code was entered. */
  attempts: number;
  /** How often no provider answered. */
  tries: number;
}

/** A person's language and contacts; the id is the user's. */
export type Profile = { status: 'none' } | ({ status: 'kept' } & Kept);

interface Kept {
  language: Language;
  phone?: Contact;
  email?: Contact;
  /** When codes were sent, within the last hour. */
  codesSent: readonly Instant[];
}

export type NewCode = Pick<Code, 'hash' | 'sealed'>;

/** What becomes of a contact. */
export type Change = 'keep' | 'forget' | { sealed: string; code: NewCode };

export type ProfileInput =
  // commands of people
  | ({ type: 'UpdateProfile'; language: Language; at: Instant } & Record<ContactKind, Change>)
  | { type: 'ResendCode'; kind: ContactKind; code: NewCode; at: Instant }
  /** A code is about to be compared; counted first, so that guessing in parallel gains nothing. */
  | { type: 'BeginVerification'; kind: ContactKind; at: Instant }
  | { type: 'VerifyContact'; kind: ContactKind; fits: boolean; at: Instant }
  // what came of asking the provider
  | { type: 'CodeTaken'; kind: ContactKind; hash: string }
  | { type: 'CodeRefused'; kind: ContactKind; hash: string }
  | { type: 'CodeUnanswered'; kind: ContactKind; hash: string; retryAt: Instant }
  /** A sample person, whose contacts nobody needs to verify. */
  | { type: 'SeedProfile'; phone: string; email: string };

export type ProfileEvent =
  | ({ type: 'ProfileUpdated'; language: Language; at: Instant } & Record<ContactKind, Change>)
  | { type: 'CodeMade'; kind: ContactKind; code: NewCode; at: Instant }
  | { type: 'CodeEntered'; kind: ContactKind }
  | { type: 'ContactVerified'; kind: ContactKind }
  | { type: 'CodeSent'; kind: ContactKind }
  | { type: 'CodeGivenUp'; kind: ContactKind }
  | { type: 'CodeDelayed'; kind: ContactKind; retryAt: Instant }
  | { type: 'ProfileSeeded'; phone: string; email: string };

export type ProfileRefusal =
  | 'too-many-codes'
  | 'codes-used-up'
  | 'nothing-to-verify'
  | 'code-expired'
  | 'too-many-attempts'
  | 'wrong-code';

/** Codes that one account may ask for, and that one address may get, within an hour. */
export const mostCodes = 5;
/** Accounts whose first code for an address within an hour is sent although the address has had its codes. */
export const mostAccounts = 10;
/** How often a code may be entered. */
export const mostAttempts = 5;
/** How long a code is good. */
export const codeLasts = minutes(10);

type Decided = Decision<ProfileEvent, ProfileRefusal>;

function decide(state: Profile, input: ProfileInput): Decided {
  switch (input.type) {
    case 'UpdateProfile': {
      const { language, phone, email, at } = input;
      const codes = [phone, email].filter((change) => typeof change === 'object').length;
      return mayGet(state, codes, at)
        ? accept({ type: 'ProfileUpdated', language, phone, email, at })
        : refuse('too-many-codes');
    }
    case 'ResendCode': {
      const { kind, code, at } = input;
      if (!waiting(state, kind)) return refuse('nothing-to-verify');
      return mayGet(state, 1, at) ? accept({ type: 'CodeMade', kind, code, at }) : refuse('too-many-codes');
    }
    case 'BeginVerification':
      return enter(state, input);
    case 'VerifyContact':
      if (contactIn(state, input.kind)?.verified) return accept();
      if (!contactIn(state, input.kind)?.code) return refuse('nothing-to-verify');
      return input.fits ? accept({ type: 'ContactVerified', kind: input.kind }) : refuse('wrong-code');
    case 'CodeTaken':
      return about(state, input, { type: 'CodeSent', kind: input.kind });
    case 'CodeRefused':
      return about(state, input, { type: 'CodeGivenUp', kind: input.kind });
    case 'CodeUnanswered': {
      const { kind, retryAt } = input;
      const late = (contactIn(state, kind)?.code?.expiresAt ?? 0) <= retryAt;
      return about(state, input, late ? { type: 'CodeGivenUp', kind } : { type: 'CodeDelayed', kind, retryAt });
    }
    case 'SeedProfile':
      return state.status === 'none'
        ? accept({ type: 'ProfileSeeded', phone: input.phone, email: input.email })
        : accept();
  }
}

function enter(state: Profile, { kind, at }: Extract<ProfileInput, { type: 'BeginVerification' }>): Decided {
  const contact = contactIn(state, kind);
  if (contact?.verified) return accept();
  if (!contact?.code) return refuse('nothing-to-verify');
  if (contact.code.expiresAt <= at) return refuse('code-expired');
  return contact.code.attempts < mostAttempts ? accept({ type: 'CodeEntered', kind }) : refuse('too-many-attempts');
}

/** An answer about a code that was replaced meanwhile changes nothing. */
const about = (state: Profile, { kind, hash }: { kind: ContactKind; hash: string }, event: ProfileEvent): Decided =>
  contactIn(state, kind)?.code?.hash === hash ? accept(event) : accept();

const mayGet = (state: Profile, more: number, at: Instant): boolean =>
  more === 0 || hourly(state.status === 'kept' ? state.codesSent : [], at).length + more <= mostCodes;

export const contactIn = (state: Profile, kind: ContactKind): Contact | undefined =>
  state.status === 'kept' ? state[kind] : undefined;

const waiting = (state: Profile, kind: ContactKind): boolean => contactIn(state, kind)?.verified === false;

const nobody: Kept = { language: 'KO', codesSent: [] };

function evolve(state: Profile, event: ProfileEvent): Profile {
  const known = state.status === 'kept' ? state : { status: 'kept' as const, ...nobody };
  switch (event.type) {
    case 'ProfileUpdated': {
      const { phone: _, email: __, ...rest } = known;
      const [phone, email] = (['phone', 'email'] as const).map((kind) => changed(known[kind], event[kind], event.at));
      const made = [event.phone, event.email].filter((change) => typeof change === 'object').map(() => event.at);
      return {
        ...rest,
        language: event.language,
        codesSent: [...hourly(known.codesSent, event.at), ...made],
        ...(phone && { phone }),
        ...(email && { email }),
      };
    }
    case 'CodeMade':
      return {
        ...withContact(known, event.kind, { code: newCode(event.code, event.at) }),
        codesSent: [...hourly(known.codesSent, event.at), event.at],
      };
    case 'CodeEntered':
      return withCode(known, event.kind, ({ attempts }) => ({ attempts: attempts + 1 }));
    case 'ContactVerified': {
      const contact = known[event.kind];
      return contact ? { ...known, [event.kind]: { sealed: contact.sealed, verified: true } } : known;
    }
    case 'CodeSent':
    case 'CodeGivenUp': // another can be asked for
      return withCode(known, event.kind, () => ({ sealed: '' }));
    case 'CodeDelayed':
      return withCode(known, event.kind, ({ tries }) => ({ tries: tries + 1 }));
    case 'ProfileSeeded':
      return {
        ...known,
        phone: { sealed: event.phone, verified: true },
        email: { sealed: event.email, verified: true },
      };
  }
}

function changed(contact: Contact | undefined, change: Change, at: Instant): Contact | undefined {
  if (change === 'keep') return contact;
  return change === 'forget' ? undefined : { sealed: change.sealed, verified: false, code: newCode(change.code, at) };
}

const newCode = ({ hash, sealed }: NewCode, at: Instant): Code => ({
  hash,
  sealed,
  expiresAt: at + codeLasts,
  attempts: 0,
  tries: 0,
});

type KeptProfile = Extract<Profile, { status: 'kept' }>;

function withContact(profile: KeptProfile, kind: ContactKind, more: Partial<Contact>): KeptProfile {
  const contact = profile[kind];
  return contact ? { ...profile, [kind]: { ...contact, ...more } } : profile;
}

function withCode(profile: KeptProfile, kind: ContactKind, more: (code: Code) => Partial<Code>): KeptProfile {
  const code = profile[kind]?.code;
  return code ? withContact(profile, kind, { code: { ...code, ...more(code) } }) : profile;
}

export const profile: Decider<Profile, ProfileInput, ProfileEvent, ProfileRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

/** Who has said nothing reads Korean. */
export const languageOf = (state: Profile): Language => (state.status === 'kept' ? state.language : 'KO');

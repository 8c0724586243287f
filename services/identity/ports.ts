import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountLink, AccountLinkEvent, LinkKind } from './account-link.ts';
import type { AttemptsInput, AttemptsRefusal, Attempts, Quota } from './attempts.ts';
import type { Invitation, InvitationEvent, InvitationRefusal } from './invitation.ts';
import type { Ages, KeyRing, KeyRingEvent, SigningKey } from './key-ring.ts';
import type { Administrators, Person, PersonEvent, PersonRefusal, Role, SealedEmail } from './person.ts';
import type { Lifetimes, Session, SessionEvent, SessionRefusal } from './session.ts';

export interface People {
  get(id: string): Promise<StoredAggregate<Person> | undefined>;
  /** Those that meet all, newest first. `text`: in the name; `id`: who has it. */
  list(
    wanted: { text?: string; role?: Role; id?: string },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Person>[]>;
  /** Id of the person with the e-mail address. */
  holderOf(digest: string): Promise<string | undefined>;
  /** The administrators, as that person is about to be one no longer. */
  administratorsWithout(id: string): Promise<Administrators>;
  /** Decides by what `facts` reads, and again when another writer was first. */
  update<Facts = undefined>(
    id: string,
    decide: (state: Person, facts: Facts) => Decision<PersonEvent, PersonRefusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Person, PersonRefusal>>;
}

export interface Invitations {
  get(id: string): Promise<StoredAggregate<Invitation> | undefined>;
  /** Newest first. */
  list(page: { size: number; after?: string }): Promise<StoredAggregate<Invitation>[]>;
  /** Id of the person who accepted it; the invitation's own once it is withdrawn. */
  takenBy(id: string): Promise<string | undefined>;
  update<Facts = undefined>(
    id: string,
    decide: (state: Invitation, facts: Facts) => Decision<InvitationEvent, InvitationRefusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Invitation, InvitationRefusal>>;
}

export interface AccountLinks {
  get(id: string): Promise<StoredAggregate<AccountLink> | undefined>;
  update(
    id: string,
    decide: (state: AccountLink) => Decision<AccountLinkEvent, never>,
  ): Promise<Updated<AccountLink, never>>;
}

/** The links that are mailed. */
export interface Links {
  /** The secret of an invitation: always the same, so that the link can be shown again to who asks again. */
  secretOf(invitationId: string): string;
  /** URL of the page that accepts it. */
  linkOf(invitationId: string): string;
  /** URL of the page of an account's link. */
  toAccount(kind: LinkKind, id: string, secret: string): string;
  /** URL of the page where one asks for a new password. */
  toForgot(): string;
  /** For who sends the mail. */
  seal(text: string): string;
}

export interface Sessions {
  get(id: string): Promise<StoredAggregate<Session> | undefined>;
  /** Open ones of a person, newest first. */
  list(personId: string, page: { size: number; after?: string }): Promise<StoredAggregate<Session>[]>;
  update(
    id: string,
    decide: (state: Session) => Decision<SessionEvent, SessionRefusal>,
  ): Promise<Updated<Session, SessionRefusal>>;
}

export interface Keys {
  get(): Promise<KeyRing>;
  update(decide: (state: KeyRing) => Decision<KeyRingEvent, never>): Promise<Updated<KeyRing, never>>;
  /** A new random key. */
  make(): Promise<SigningKey>;
}

/**
 * To sign in to an account from one address, from all, and to any account from one; to register, to use a mailed link and to ask for one from
 * an address; and to ask for one for an account from one address, and from all.
 */
export type AttemptKind =
  | 'account'
  | 'account-total'
  | 'address'
  | 'sign-up'
  | 'link'
  | 'forgot'
  | 'mail'
  | 'mail-total';

/** Counts attempts of a kind by names, such as an account and an address; the names are not readable in the database. */
export interface AttemptCounts {
  update(
    kind: AttemptKind,
    names: readonly string[],
    input: AttemptsInput,
  ): Promise<Updated<Attempts, AttemptsRefusal>>;
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long without a hash to compare with; then it is false. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Whether it is among the most common ones. */
  isCommon(password: string): boolean;
}

export interface Emails {
  /** In the form in which addresses are compared. */
  sealed(address: string): SealedEmail;
  open(email: Pick<SealedEmail, 'sealed'>): string;
}

export interface SessionSecrets {
  /** A new random secret. */
  make(): string;
  hash(secret: string): string;
}

export interface Ports {
  people: People;
  sessions: Sessions;
  invitations: Invitations;
  links: Links;
  accountLinks: AccountLinks;
  keys: Keys;
  attempts: AttemptCounts;
  passwords: Passwords;
  emails: Emails;
  secrets: SessionSecrets;
  /** That of `address` is also for the other kinds. */
  quotas: Readonly<Record<'address' | 'account' | 'account-total' | 'mail' | 'mail-total', Quota>>;
  lifetimes: Lifetimes;
  ages: Ages;
  now(): Instant;
  newId(): string;
}

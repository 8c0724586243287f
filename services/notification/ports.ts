import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Allowance, AllowanceEvent, MailAsked } from './limit.ts';
import type { Mail, MailEvent } from './mail.ts';
import type { Message, MessageEvent, Outside } from './message.ts';
import type { KnownParties } from './parties.ts';
import type { ContactKind, Profile, ProfileEvent, ProfileRefusal } from './profile.ts';

export interface Messages {
  get(id: string): Promise<StoredAggregate<Message> | undefined>;
  /** Of one person, newest first. */
  list(recipientId: string, page: { size: number; after?: string }): Promise<StoredAggregate<Message>[]>;
  update(id: string, decide: (state: Message) => Decision<MessageEvent, never>): Promise<Updated<Message, never>>;
}

export interface Mails {
  get(id: string): Promise<Mail>;
  update(id: string, decide: (state: Mail) => Decision<MailEvent, never>): Promise<Updated<Mail, never>>;
}

export interface Profiles {
  get(userId: string): Promise<Profile>;
  kept(userId: string): Promise<StoredAggregate<Profile> | undefined>;
  update(
    userId: string,
    decide: (state: Profile) => Decision<ProfileEvent, ProfileRefusal>,
  ): Promise<Updated<Profile, ProfileRefusal>>;
  /** The same for a step on the way of a command: the command's key is left to its effect. */
  updateWithoutProof(
    userId: string,
    decide: (state: Profile) => Decision<ProfileEvent, ProfileRefusal>,
  ): Promise<Updated<Profile, ProfileRefusal>>;
}

/** Counts a code for a contact that a person asks for, unless there have been as many as may be; then it answers why not. */
export type TakeCode = (
  kind: ContactKind,
  address: string,
  userId: string,
  at: Instant,
) => Promise<'too-many-codes' | 'codes-used-up' | undefined>;

/** Counts a mail of an account for a mailbox; false when that has had as many as may be. */
export type TakeMail = (id: string, address: string, most: MailAsked['most'], at: Instant) => Promise<boolean>;

/** Why something was not sent: a network address, all together, or a mailbox have had as many as may be. */
export type HeldBack = 'address' | 'day' | 'mailbox';

/** How many messages left for a person. A step on the way: the timer behind it is left to its effect. */
export type Allowances = (
  userId: string,
  decide: (state: Allowance) => Decision<AllowanceEvent, never>,
) => Promise<Allowance>;

/** Whose order it is, as far as it was heard. */
export type PartiesTo = (orderId: string) => Promise<KnownParties>;

/** Addresses and codes at rest. */
export interface Secrets {
  seal(text: string): string;
  /** Undefined when no secret of ours opens it. */
  open(sealed: string): string | undefined;
  /** A new code of six digits for one person's contact, and its hash. */
  newCode(userId: string, kind: ContactKind): { text: string; hash: string };
  /** Whether it is the code; takes as long for a wrong one. */
  fits(text: string, userId: string, kind: ContactKind, hash: string): boolean;
}

/** A message on its way out. */
export interface Letter {
  /** The same for every try, and another for another channel: by it a provider knows what it has delivered already. */
  key: string;
  /** For the provider's books; a message about no order has the user's id. */
  orderId: string;
  channel: Outside;
  address: string;
  text: string;
}

/** Hands a letter to its provider. `refused`: for good. Rejects when it is not known what came of it: it is asked again, with the same key. */
export type Send = (letter: Letter) => Promise<{ outcome: 'taken' } | { outcome: 'refused'; reason: string }>;

export interface Ports {
  messages: Messages;
  mails: Mails;
  /** What identity sealed for a mail; undefined when no secret of ours opens it. */
  openForMail(sealed: string): string | undefined;
  profiles: Profiles;
  takeCode: TakeCode;
  takeMail: TakeMail;
  allowances: Allowances;
  partiesTo: PartiesTo;
  secrets: Secrets;
  /** Rejects, too, when the provider may not be called soon. A letter that was tried before lets others go first. */
  send(letter: Letter, tries: number): ReturnType<Send>;
  /** Messages that leave for one person within an hour, at most. */
  mostPerHour: number;
  /** Id of a person's summary that is written at that instant. */
  summaryId(userId: string, at: Instant): string;
  now(): Instant;
  /** In [0, 1). */
  random(): number;
}

import type { Kept, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Channel, Message, MessageEvent } from './message.ts';
import type { KnownParties } from './parties.ts';
import type { Profile, ProfileEvent } from './profile.ts';

export interface Messages {
  get(id: string): Promise<Kept<Message> | undefined>;
  /** Of one person, newest first. */
  list(recipientId: string, page: { size: number; after?: string }): Promise<Kept<Message>[]>;
  update(id: string, decide: (state: Message) => Decision<MessageEvent, never>): Promise<Updated<Message, never>>;
}

export interface Profiles {
  get(userId: string): Promise<Profile>;
  update(userId: string, decide: (state: Profile) => Decision<ProfileEvent, never>): Promise<Updated<Profile, never>>;
}

/** Whose order it is, as far as it was heard. */
export type PartiesTo = (orderId: string) => Promise<KnownParties>;

/** A message on its way out. */
export interface Letter {
  /** The same for every try, and another for another channel: by it a provider knows what it has delivered already. */
  key: string;
  orderId: string;
  channel: Exclude<Channel, 'IN_APP'>;
  address: string;
  text: string;
}

/** Hands a letter to its provider. `refused`: for good. Rejects when it is not known what came of it: it is asked again, with the same key. */
export type Send = (letter: Letter) => Promise<{ outcome: 'taken' } | { outcome: 'refused'; reason: string }>;

export interface Ports {
  messages: Messages;
  profiles: Profiles;
  partiesTo: PartiesTo;
  send: Send;
  now(): Instant;
  /** In [0, 1). */
  random(): number;
}

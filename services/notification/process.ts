import type { Aggregate, Consequences, Kept } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { message, type Message, type MessageEvent, type MessageInput } from './message.ts';
import { parties, type KnownParties, type Parties } from './parties.ts';
import { profile, type Profile, type ProfileEvent, type ProfileInput } from './profile.ts';

/** What notification tells: that a message left by a channel outside. */
export interface Told {
  type: 'MessageSent';
  order: OrderRef;
  recipientId: string;
  channel: string;
}

export const profiles: Aggregate<Profile, ProfileInput, ProfileEvent, never, never> = { name: 'profile', ...profile, consequences: () => ({}) };

export const knownParties: Aggregate<KnownParties, Parties, Parties, never, never> = { name: 'parties', ...parties, consequences: () => ({}) };

export const messages: Aggregate<Message, MessageInput, MessageEvent, never, Told> = {
  name: 'message',
  ...message,
  consequences: ([event], after) => (event ? following(event, after) : {}),
};

/** The provider is asked in a timer's handler: a message waits for it, and nothing else does. */
function following(event: MessageEvent, { state, updatedAt }: Kept<Message>): Consequences<Told> {
  switch (event.type) {
    case 'MessageWritten':
    case 'FellBackOnSms':
      return { timers: state.status === 'pending' ? [{ name: 'deliver', at: updatedAt }] : [] };
    case 'MessageDelayed':
      return { timers: [{ name: 'deliver', at: event.retryAt }] };
    case 'MessageSent':
      return { messages: state.status === 'sent' ? [{ type: 'MessageSent', order: state.note.order, recipientId: state.note.recipientId, channel: state.channel }] : [] };
    case 'MessageUndeliverable':
      return {};
  }
}

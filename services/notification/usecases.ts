import type { Updated } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { seconds } from '#kernel/time.ts';
import { message, type MessageInput } from './message.ts';
import { contactOf, profile, type Contact, type Profile } from './profile.ts';
import type { Letter, Ports } from './ports.ts';
import { textOf, type Facts } from './templates.ts';
import type { Recipient } from './texts.ts';

export const updateProfile = ({ profiles }: Pick<Ports, 'profiles'>, userId: string, contact: Contact): Promise<Updated<Profile, never>> =>
  profiles.update(userId, (state) => profile.decide(state, { type: 'UpdateProfile', contact }));

/** What is written to a person about an event, in that person's language. */
export async function writeMessage({ profiles }: Pick<Ports, 'profiles'>, order: OrderRef, recipient: { id: string; as: Recipient }, facts: Facts): Promise<MessageInput> {
  const contact = contactOf(await profiles.get(recipient.id));
  const { language } = contact;
  return { type: 'WriteMessage', note: { order, recipientId: recipient.id, language, ...textOf(facts, recipient.as, language) }, contact };
}

/** The timer `deliver`: hands a waiting message to its provider. */
export async function deliver(ports: Ports, id: string): Promise<void> {
  const kept = await ports.messages.get(id);
  if (kept?.state.status !== 'pending') return;
  const { channel, address, note, tries } = kept.state;
  const input = await handOver(ports, { key: `${id}-${channel.toLowerCase()}`, orderId: note.order.id, channel, address, text: note.outside ?? note.text }, tries);
  await ports.messages.update(id, (state) => message.decide(state, input));
}

async function handOver({ send, now, random }: Ports, letter: Letter, tries: number): Promise<MessageInput> {
  try {
    const answer = await send(letter);
    return answer.outcome === 'taken' ? { type: 'Taken' } : { type: 'Refused', reason: answer.reason };
  } catch {
    return { type: 'Unanswered', retryAt: now() + Math.min(seconds(60), seconds(1) * 2 ** tries) * (0.5 + random() / 2) };
  }
}

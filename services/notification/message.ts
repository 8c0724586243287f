import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import type { Contact, Language } from './profile.ts';

/** KAKAO is Alimtalk (알림톡); SMS stands in for it where the recipient has no KakaoTalk. */
export type Channel = 'IN_APP' | 'KAKAO' | 'SMS' | 'EMAIL';

/** What is written to one person about one event; fixed when it is written, whatever the profile becomes. */
export interface Note {
  order: OrderRef;
  recipientId: string;
  language: Language;
  text: string;
  /** What leaves for a telephone or a mailbox, where that differs from `text`. */
  outside?: string;
}

/** A message (알림). Everybody can read it in the app; where the person is reachable outside, it is sent there, too. */
export type Message =
  | { status: 'none' }
  /** `tries` that brought no answer. */
  | { status: 'pending'; note: Note; channel: Exclude<Channel, 'IN_APP'>; address: string; tries: number }
  | { status: 'sent'; note: Note; channel: Channel }
  | { status: 'undeliverable'; note: Note; channel: Channel; reason: string };

export type MessageInput =
  | { type: 'WriteMessage'; note: Note; contact: Contact }
  // what came of asking the provider
  | { type: 'Taken' }
  | { type: 'Refused'; reason: string }
  | { type: 'Unanswered'; retryAt: Instant };

export type MessageEvent =
  | { type: 'MessageWritten'; note: Note; by: Way }
  | { type: 'MessageSent' }
  | { type: 'MessageDelayed'; retryAt: Instant }
  | { type: 'FellBackOnSms' }
  | { type: 'MessageUndeliverable'; reason: string };

type Way = { channel: 'IN_APP' } | { channel: 'KAKAO' | 'EMAIL'; address: string };

function decide(state: Message, input: MessageInput): Decision<MessageEvent, never> {
  switch (input.type) {
    case 'WriteMessage': // however often the event comes, it is one message
      return state.status === 'none' ? accept({ type: 'MessageWritten', note: input.note, by: wayTo(input.contact) }) : accept();
    case 'Taken':
      return state.status === 'pending' ? accept({ type: 'MessageSent' }) : accept();
    case 'Refused':
      if (state.status !== 'pending') return accept();
      return accept(state.channel === 'KAKAO' ? { type: 'FellBackOnSms' } : { type: 'MessageUndeliverable', reason: input.reason });
    case 'Unanswered':
      return state.status === 'pending' ? accept({ type: 'MessageDelayed', retryAt: input.retryAt }) : accept();
  }
}

function wayTo({ phone, email }: Contact): Way {
  if (phone) return { channel: 'KAKAO', address: phone };
  return email ? { channel: 'EMAIL', address: email } : { channel: 'IN_APP' };
}

function evolve(state: Message, event: MessageEvent): Message {
  if (event.type === 'MessageWritten') {
    const { note, by } = event;
    return by.channel === 'IN_APP' ? { status: 'sent', note, channel: 'IN_APP' } : { status: 'pending', note, ...by, tries: 0 };
  }
  if (state.status !== 'pending') return state;
  const { note, channel } = state;
  switch (event.type) {
    case 'MessageSent':
      return { status: 'sent', note, channel };
    case 'MessageDelayed':
      return { ...state, tries: state.tries + 1 };
    case 'FellBackOnSms':
      return { ...state, channel: 'SMS', tries: 0 };
    case 'MessageUndeliverable':
      return { status: 'undeliverable', note, channel, reason: event.reason };
  }
}

export const message: Decider<Message, MessageInput, MessageEvent, never> = { initial: { status: 'none' }, decide, evolve };

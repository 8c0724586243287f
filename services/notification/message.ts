import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { contactIn, type Language, type Profile } from './profile.ts';

/** KAKAO is Alimtalk (알림톡); SMS stands in for it where the recipient has no KakaoTalk. */
export type Channel = 'IN_APP' | Outside;
export type Outside = 'KAKAO' | 'SMS' | 'EMAIL';

/** What is written to one person about one event; fixed when it is written, whatever the profile becomes. */
export interface Note {
  /** Without one it is about the person's own account, and counts by itself. */
  order?: OrderRef;
  recipientId: string;
  language: Language;
  text: string;
  /** What leaves for a telephone or a mailbox, where that differs from `text`. */
  outside?: string;
}

/**
 * A message (알림). Everybody can read it in the app. Where the person has a verified contact it is sent there too: by messenger, else by
 * SMS, else by mail.
 */
export type Message =
  | { status: 'none' }
  /** `rest`: the ways that are left when this one refuses. `tries` that brought no answer. */
  | { status: 'pending'; note: Note; channel: Outside; rest?: readonly Outside[]; tries: number }
  | { status: 'sent'; note: Note; channel: Channel }
  /** Refused on every way outside: it is read in the app. */
  | { status: 'undeliverable'; note: Note; channel: Channel; reason: string };

export type MessageInput =
  | { type: 'WriteMessage'; note: Note; ways: readonly Outside[] }
  // what came of asking the provider
  | { type: 'Taken' }
  | { type: 'Refused'; reason: string }
  | { type: 'Unanswered'; retryAt: Instant }
  /** The recipient has had as many within the hour as may be. */
  | { type: 'HoldBack' };

export type MessageEvent =
  | { type: 'MessageWritten'; note: Note; ways: readonly Outside[] }
  | { type: 'MessageSent' }
  | { type: 'MessageDelayed'; retryAt: Instant }
  | { type: 'FellBack' }
  | { type: 'MessageUndeliverable'; reason: string }
  | { type: 'MessageHeldBack' };

function decide(state: Message, input: MessageInput): Decision<MessageEvent, never> {
  if (input.type === 'WriteMessage')
    // however often the event comes, it is one message
    return state.status === 'none' ? accept({ type: 'MessageWritten', note: input.note, ways: input.ways }) : accept();
  if (state.status !== 'pending') return accept();
  switch (input.type) {
    case 'Taken':
      return accept({ type: 'MessageSent' });
    case 'Refused':
      return accept(
        restOf(state).length ? { type: 'FellBack' } : { type: 'MessageUndeliverable', reason: input.reason },
      );
    case 'Unanswered':
      return accept({ type: 'MessageDelayed', retryAt: input.retryAt });
    case 'HoldBack':
      return accept({ type: 'MessageHeldBack' });
  }
}

/** Messages written before the ways were kept fall back from messenger to SMS. */
const restOf = ({ channel, rest }: Extract<Message, { status: 'pending' }>): readonly Outside[] =>
  rest ?? (channel === 'KAKAO' ? ['SMS'] : []);

/** The ways to a person, best first; none without a verified contact. */
export const waysTo = (profile: Profile): Outside[] => [
  ...(contactIn(profile, 'phone')?.verified ? (['KAKAO', 'SMS'] as const) : []),
  ...(contactIn(profile, 'email')?.verified ? (['EMAIL'] as const) : []),
];

function evolve(state: Message, event: MessageEvent): Message {
  if (event.type === 'MessageWritten') {
    const { note, ways } = event;
    const [channel, ...rest] = ways;
    return channel ? { status: 'pending', note, channel, rest, tries: 0 } : { status: 'sent', note, channel: 'IN_APP' };
  }
  if (state.status !== 'pending') return state;
  const { note, channel } = state;
  switch (event.type) {
    case 'MessageSent':
      return { status: 'sent', note, channel };
    case 'MessageDelayed':
      return { ...state, tries: state.tries + 1 };
    case 'FellBack': {
      const [next, ...rest] = restOf(state);
      return next ? { status: 'pending', note, channel: next, rest, tries: 0 } : state;
    }
    case 'MessageUndeliverable':
      return { status: 'undeliverable', note, channel: 'IN_APP', reason: event.reason };
    case 'MessageHeldBack':
      return { status: 'sent', note, channel: 'IN_APP' };
  }
}

export const message: Decider<Message, MessageInput, MessageEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

import type { Aggregate, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { forEachEvent } from '#kernel/consequences.ts';
import type { OrderRef } from '#kernel/ids.ts';
import {
  allowance,
  codeQuota,
  dayTotal,
  mailQuota,
  type Allowance,
  type AllowanceEvent,
  type AllowanceInput,
  type CodeAsked,
  type CodeQuota,
  type DayTotal,
  type MailAsked,
  type MailQuota,
  type TextAsked,
} from './limit.ts';
import { mail, type Mail, type MailEvent, type MailInput } from './mail.ts';
import { message, type Message, type MessageEvent, type MessageInput } from './message.ts';
import { parties, type KnownParties, type Parties } from './parties.ts';
import {
  profile,
  type ContactKind,
  type Profile,
  type ProfileEvent,
  type ProfileInput,
  type ProfileRefusal,
} from './profile.ts';

/** What notification tells: that a message left by a channel outside. */
export interface SentMessage {
  type: 'MessageSent';
  order: OrderRef;
  recipientId: string;
  channel: string;
}

export const profiles: Aggregate<Profile, ProfileInput, ProfileEvent, ProfileRefusal, never> = {
  name: 'profile',
  ...profile,
  consequences: (events, { updatedAt }) => ({ timers: events.flatMap((event) => codesAfter(event, updatedAt)) }),
};

/** Codes are handed to their provider by timers. */
function codesAfter(event: ProfileEvent, now: number): { name: string; at: number }[] {
  switch (event.type) {
    case 'ProfileUpdated':
      return (['phone', 'email'] as const)
        .filter((kind) => typeof event[kind] === 'object')
        .map((kind) => ({ name: codeTimers[kind], at: now }));
    case 'CodeMade':
      return [{ name: codeTimers[event.kind], at: now }];
    case 'CodeDelayed':
      return [{ name: codeTimers[event.kind], at: event.retryAt }];
    case 'CodeEntered':
    case 'ContactVerified':
    case 'CodeSent':
    case 'CodeGivenUp':
    case 'ProfileSeeded':
      return [];
  }
}

export const codeTimers: Readonly<Record<ContactKind, string>> = { phone: 'send-phone-code', email: 'send-email-code' };

export const mails: Aggregate<Mail, MailInput, MailEvent, never, never> = {
  name: 'mail',
  ...mail,
  consequences: (events, { updatedAt }) => ({
    timers: events.flatMap((event) => {
      if (event.type === 'MailWritten') return [{ name: 'send', at: updatedAt }];
      return event.type === 'MailDelayed' ? [{ name: 'send', at: event.retryAt }] : [];
    }),
  }),
};

export const codeQuotas: Aggregate<CodeQuota, CodeAsked, CodeAsked, 'too-many-codes', never> = {
  name: 'code_quota',
  ...codeQuota,
  consequences: () => ({}),
};

export const dayTotals: Aggregate<DayTotal, TextAsked, TextAsked, 'codes-used-up', never> = {
  name: 'day_total',
  ...dayTotal,
  consequences: () => ({}),
};

export const mailQuotas: Aggregate<MailQuota, MailAsked, MailAsked, 'too-many-mails', never> = {
  name: 'mail_quota',
  ...mailQuota,
  consequences: () => ({}),
};

export const allowances: Aggregate<Allowance, AllowanceInput, AllowanceEvent, never, never> = {
  name: 'allowance',
  ...allowance,
  consequences: (events) => ({
    timers: events.flatMap((event) =>
      event.type === 'MessageHeldBack' && event.summaryAt !== undefined
        ? [{ name: 'summarise', at: event.summaryAt }]
        : [],
    ),
  }),
};

export const knownParties: Aggregate<KnownParties, Parties, Parties, never, never> = {
  name: 'parties',
  ...parties,
  consequences: () => ({}),
};

export const messages: Aggregate<Message, MessageInput, MessageEvent, never, SentMessage> = {
  name: 'message',
  ...message,
  consequences: forEachEvent(following),
};

/** The provider is asked in a timer's handler: a message waits for it, and nothing else does. */
function following(event: MessageEvent, { state, updatedAt }: StoredAggregate<Message>): Consequences<SentMessage> {
  switch (event.type) {
    case 'MessageWritten':
    case 'FellBack':
      return { timers: state.status === 'pending' ? [{ name: 'deliver', at: updatedAt }] : [] };
    case 'MessageDelayed':
      return { timers: [{ name: 'deliver', at: event.retryAt }] };
    case 'MessageSent':
      return state.status === 'sent' ? { messages: sentMessages(state) } : {};
    case 'MessageUndeliverable':
    case 'MessageHeldBack':
      return {};
  }
}

/** What is about no order concerns nobody else. */
const sentMessages = ({ note: { order, recipientId }, channel }: Extract<Message, { status: 'sent' }>): SentMessage[] =>
  order ? [{ type: 'MessageSent', order, recipientId, channel }] : [];

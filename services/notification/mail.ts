import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Language } from './profile.ts';

/** What a mail is about. */
export type MailKind = 'invitation' | 'reset' | 'verification' | 'password-changed';

/** A mail of identity's, to an address that need not be of a profile here. Address and link are sealed. */
export interface IdentityMail {
  kind: MailKind;
  address: string;
  link: string;
  /** Of an invitation; otherwise empty. */
  role: string;
  language: Language;
  /** When it is too late to send it. */
  expires: Instant;
}

/** A mail to such an address. Nothing of it is kept once it is sent, or cannot be. */
export type Mail =
  | { status: 'none' }
  | { status: 'pending'; mail: IdentityMail; tries: number }
  | { status: 'sent' }
  | { status: 'undeliverable'; reason: string };

export type MailInput =
  | { type: 'WriteMail'; mail: IdentityMail }
  // what came of asking the mail server
  | { type: 'Taken' }
  | { type: 'Refused'; reason: string }
  | { type: 'Unanswered'; retryAt: Instant };

export type MailEvent =
  | { type: 'MailWritten'; mail: IdentityMail }
  | { type: 'MailSent' }
  | { type: 'MailDelayed'; retryAt: Instant }
  | { type: 'MailUndeliverable'; reason: string };

function decide(state: Mail, input: MailInput): Decision<MailEvent, never> {
  if (input.type === 'WriteMail')
    // however often the event comes, it is one mail
    return state.status === 'none' ? accept({ type: 'MailWritten', mail: input.mail }) : accept();
  if (state.status !== 'pending') return accept();
  switch (input.type) {
    case 'Taken':
      return accept({ type: 'MailSent' });
    case 'Refused':
      return accept({ type: 'MailUndeliverable', reason: input.reason });
    case 'Unanswered':
      return state.mail.expires <= input.retryAt
        ? accept({ type: 'MailUndeliverable', reason: 'TOO_LATE' })
        : accept({ type: 'MailDelayed', retryAt: input.retryAt });
  }
}

function evolve(state: Mail, event: MailEvent): Mail {
  if (event.type === 'MailWritten') return { status: 'pending', mail: event.mail, tries: 0 };
  if (state.status !== 'pending') return state;
  switch (event.type) {
    case 'MailSent':
      return { status: 'sent' };
    case 'MailDelayed':
      return { ...state, tries: state.tries + 1 };
    case 'MailUndeliverable':
      return { status: 'undeliverable', reason: event.reason };
  }
}

export const mail: Decider<Mail, MailInput, MailEvent, never> = {
  initial: { status: 'none' },
  defaults: { mail: { kind: () => 'invitation' } },
  decide,
  evolve,
};

import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import { days, minutes, type Instant } from '#kernel/time.ts';
import type { Mail } from './invitation.ts';

/** What a link that is mailed to the address of an account is good for: to set a new password, or to verify the address. */
export type LinkKind = 'reset' | 'verification';

/** How long it is good. */
export const linkLasts: Readonly<Record<LinkKind, number>> = { reset: minutes(30), verification: days(3) };

/** `digest`: of the e-mail address, which may be nobody's. */
interface Asked {
  kind: LinkKind;
  digest: string;
}

export interface Issued {
  personId: string;
  /** Hash of the link's secret. */
  hash: string;
  /** How often the password had been changed: one more change, and the link is over. Null: it outlives changes. */
  passwordChanges: number | null;
  expires: Instant;
}

/**
 * A link to an account by e-mail (계정 링크). It is asked for in one step and issued in another: whoever asks waits as long, whether anybody
 * has the address or not. What the person's account is when the link is used decides whether it is still good.
 */
export type AccountLink =
  | { status: 'none' }
  | ({ status: 'asked' } & Asked)
  | ({ status: 'issued' } & Asked & Issued)
  /** Nobody who may sign in has the address, or it is verified. */
  | { status: 'dropped' };

export type AccountLinkInput =
  | { type: 'AskLink'; kind: LinkKind; digest: string }
  | { type: 'IssueLink'; issued: Issued; mail: Mail }
  | { type: 'DropLink' };

export type AccountLinkEvent =
  | { type: 'LinkAsked'; kind: LinkKind; digest: string }
  | { type: 'LinkIssued'; issued: Issued; mail: Mail }
  | { type: 'LinkDropped' };

function decide(state: AccountLink, input: AccountLinkInput): Decision<AccountLinkEvent, never> {
  switch (input.type) {
    case 'AskLink':
      return state.status === 'none' ? accept({ type: 'LinkAsked', kind: input.kind, digest: input.digest }) : accept();
    case 'IssueLink':
      return state.status === 'asked'
        ? accept({ type: 'LinkIssued', issued: input.issued, mail: input.mail })
        : accept();
    case 'DropLink':
      return state.status === 'asked' ? accept({ type: 'LinkDropped' }) : accept();
  }
}

function evolve(state: AccountLink, event: AccountLinkEvent): AccountLink {
  switch (event.type) {
    case 'LinkAsked':
      return { status: 'asked', kind: event.kind, digest: event.digest };
    case 'LinkIssued':
      return state.status === 'asked' ? { ...state, ...event.issued, status: 'issued' } : state;
    case 'LinkDropped':
      return { status: 'dropped' };
  }
}

export const accountLink: Decider<AccountLink, AccountLinkInput, AccountLinkEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Language, StaffRole } from './person.ts';

export interface Invited {
  role: StaffRole;
  /** The address that the link was mailed to, sealed. */
  email: string;
  /** Hash of the link's secret. */
  hash: string;
  /** Id of the administrator who invited. */
  by: string;
  expires: Instant;
}

/** What the mail needs, sealed for the service that sends it. */
export interface Mail {
  email: string;
  link: string;
  language: Language;
}

/** An invitation to a role (초대). Who accepted it is a claim of the person: of two who accept at once, one is first. */
export type Invitation = { status: 'none' } | { status: 'open' | 'withdrawn'; invited: Invited };

export type InvitationInput =
  | { type: 'Invite'; invited: Invited; mail: Mail }
  /** `accepted`: somebody has the role by it. */
  | { type: 'Withdraw'; accepted: boolean };

export type InvitationEvent = { type: 'PersonInvited'; invited: Invited; mail: Mail } | { type: 'InvitationWithdrawn' };

export type InvitationRefusal = 'no-such-invitation' | 'invitation-accepted';

function decide(state: Invitation, input: InvitationInput): Decision<InvitationEvent, InvitationRefusal> {
  switch (input.type) {
    case 'Invite': {
      const { invited, mail } = input;
      return state.status === 'none' ? accept({ type: 'PersonInvited', invited, mail }) : accept();
    }
    case 'Withdraw':
      if (state.status === 'none') return refuse('no-such-invitation');
      if (state.status === 'withdrawn') return accept();
      return input.accepted ? refuse('invitation-accepted') : accept({ type: 'InvitationWithdrawn' });
  }
}

function evolve(state: Invitation, event: InvitationEvent): Invitation {
  if (event.type === 'PersonInvited') return { status: 'open', invited: event.invited };
  return state.status === 'none' ? state : { ...state, status: 'withdrawn' };
}

export const invitation: Decider<Invitation, InvitationInput, InvitationEvent, InvitationRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { seconds, type Instant } from '#kernel/time.ts';

/** The browser that a person signed in with. */
export interface Device {
  name: string;
  address: string;
}

/**
 * The secrets of a session, as hashes. The one that was presented last stays good until one that was issued since is presented: an answer
 * may be lost on its way, and two tabs may renew at once.
 */
export interface Secrets {
  presented: string | null;
  /** Issued since, the newest last. */
  issued: readonly string[];
  /** Those that were good before, which a slow request may still bring. */
  retired: { hashes: readonly string[]; at: Instant } | null;
}

interface Opened {
  personId: string;
  device: Device;
  /** How often the person's password had been changed: after one more change the session is over, unless it was changed in it. */
  passwordChanges: number;
  secretHashes: Secrets;
  /** When the person signed in. */
  at: Instant;
  usedAt: Instant;
  /** When it ends unless it is renewed. */
  expires: Instant;
}

/** A person signed in with one browser (로그인 세션). */
export type Session = { status: 'none' } | ({ status: 'open' } & Opened) | ({ status: 'ended'; why: Ending } & Opened);

/** `replayed`: a secret was presented that had been replaced, so somebody has a copy of it. `suspended`: the person was. `too-many`: of newer ones. */
export type Ending = 'signed-out' | 'replayed' | 'suspended' | 'password-changed' | 'too-many';

/** Sessions that a person may have open: one more ends the oldest. */
export const mostSessions = 50;

/** How long a session lasts: without being renewed, and in any case. */
export interface Lifetimes {
  idle: number;
  most: number;
}

export type SessionInput =
  | {
      type: 'OpenSession';
      personId: string;
      device: Device;
      passwordChanges: number;
      hash: string;
      at: Instant;
      lifetimes: Lifetimes;
    }
  /** `hash` of the secret that is presented, `next` of the one that is issued if it is good. */
  | { type: 'RenewSession'; hash: string; next: string; at: Instant; lifetimes: Lifetimes }
  | { type: 'EndSession'; by: string }
  /** By what became of its person, or of the person's other sessions. */
  | { type: 'ShutOut'; why: 'suspended' | 'password-changed' | 'too-many' }
  /** By somebody who has nothing but the session's secret. */
  | { type: 'SignOut'; hash: string };

export type SessionEvent =
  | ({ type: 'SessionOpened'; hash: string } & Pick<
      Opened,
      'personId' | 'device' | 'passwordChanges' | 'at' | 'expires'
    >)
  | { type: 'SessionRenewed'; hash: string; next: string; at: Instant; expires: Instant }
  | { type: 'SessionEnded'; why: Ending };

export type SessionRefusal = 'no-such-session' | 'session-ended';

/** A secret that was replaced is taken for a slow request for so long, and for a copy afterwards. */
export const graceMs = seconds(10);
/** As many unused secrets are remembered. Each renewal without a use of one makes another. */
const mostIssued = 8;

function decide(state: Session, input: SessionInput): Decision<SessionEvent, SessionRefusal> {
  switch (input.type) {
    case 'OpenSession': {
      const { personId, device, passwordChanges, hash, at, lifetimes } = input;
      const expires = at + Math.min(lifetimes.idle, lifetimes.most);
      return state.status === 'none'
        ? accept({ type: 'SessionOpened', personId, device, passwordChanges, hash, at, expires })
        : accept();
    }
    case 'RenewSession':
      return renewed(state, input);
    case 'EndSession':
      if (state.status === 'none' || state.personId !== input.by) return refuse('no-such-session'); // not yours: not there
      return state.status === 'ended' ? accept() : accept({ type: 'SessionEnded', why: 'signed-out' });
    case 'ShutOut':
      return state.status === 'open' ? accept({ type: 'SessionEnded', why: input.why }) : accept();
    case 'SignOut':
      return state.status === 'open' && isKnown(state.secretHashes, input.hash)
        ? accept({ type: 'SessionEnded', why: 'signed-out' })
        : accept();
  }
}

function renewed(
  state: Session,
  { hash, next, at, lifetimes }: Extract<SessionInput, { type: 'RenewSession' }>,
): Decision<SessionEvent, SessionRefusal> {
  if (state.status !== 'open' || state.expires <= at) return refuse('session-ended');
  const { presented, issued, retired } = state.secretHashes;
  if (hash === presented || issued.includes(hash)) {
    const expires = Math.min(at + lifetimes.idle, state.at + lifetimes.most);
    return accept({ type: 'SessionRenewed', hash, next, at, expires });
  }
  if (retired?.hashes.includes(hash) && at - retired.at <= graceMs) return accept(); // its tab gets a token, and has the newer secret
  return accept({ type: 'SessionEnded', why: 'replayed' });
}

const isKnown = ({ presented, issued }: Secrets, hash: string): boolean => hash === presented || issued.includes(hash);

function evolve(state: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'SessionOpened': {
      const { personId, device, passwordChanges, hash, at, expires } = event;
      return {
        ...{ status: 'open', personId, device, passwordChanges, at, usedAt: at, expires },
        secretHashes: { presented: null, issued: [hash], retired: null },
      };
    }
    case 'SessionRenewed':
      return state.status === 'open'
        ? { ...state, secretHashes: after(state.secretHashes, event), usedAt: event.at, expires: event.expires }
        : state;
    case 'SessionEnded':
      return state.status === 'open' ? { ...state, status: 'ended', why: event.why } : state;
  }
}

/** The first use of an issued secret retires all others. */
function after(
  { presented, issued, retired }: Secrets,
  { hash, next, at }: Extract<SessionEvent, { type: 'SessionRenewed' }>,
): Secrets {
  if (hash === presented) return { presented, issued: [...issued, next].slice(-mostIssued), retired };
  const hashes = [...(presented === null ? [] : [presented]), ...issued.filter((each) => each !== hash)];
  return { presented: hash, issued: [next], retired: { hashes, at } };
}

export const session: Decider<Session, SessionInput, SessionEvent, SessionRefusal> = {
  initial: { status: 'none' },
  defaults: { passwordChanges: () => 0 },
  decide,
  evolve,
};

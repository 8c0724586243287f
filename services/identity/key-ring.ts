import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';

/** A key pair that access tokens are signed with. */
export interface SigningKey {
  kid: string;
  x: string;
  y: string;
  /** The private part, sealed. */
  sealed: string;
}

/** Published from when it is kept; signs from `signsFrom` on. */
export interface KeptKey extends SigningKey {
  signsFrom: Instant;
}

/** All signing keys, the newest last. There is one ring. */
export type KeyRing = { status: 'none' } | { status: 'kept'; keys: readonly KeptKey[]; rotateAt: Instant };

export interface Ages {
  /** From when a key is published until it signs: every verifier must know it by then. */
  lead: number;
  /** How long a key signs. */
  most: number;
  /** How long what a key signed is good. */
  tokens: number;
}

export type KeyRingInput =
  | { type: 'EnsureKey'; key: SigningKey; at: Instant; ages: Ages }
  | { type: 'RotateKeys'; key: SigningKey; at: Instant; ages: Ages }
  /** The same keys, sealed with another secret: by `kid`. */
  | { type: 'ResealKeys'; sealed: ReadonlyMap<string, string> };

export type KeyRingEvent =
  | {
      type: 'KeyAdded';
      key: KeptKey;
      /** Keys that nothing is verified with any more. */
      removed: readonly string[];
      rotateAt: Instant;
    }
  | { type: 'KeysResealed'; sealed: ReadonlyMap<string, string> };

function decide(state: KeyRing, input: KeyRingInput): Decision<KeyRingEvent, never> {
  if (input.type === 'ResealKeys') return accept({ type: 'KeysResealed', sealed: input.sealed });
  const { type, key, at, ages } = input;
  if (state.status === 'none') return accept(added(key, at, at, [], ages));
  const [newest] = state.keys.slice(-1);
  if (type === 'EnsureKey' || (newest && newest.signsFrom > at)) return accept();
  const needed = publishedAt(state, at, ages).map(({ kid }) => kid);
  const removed = state.keys.map(({ kid }) => kid).filter((kid) => !needed.includes(kid));
  return accept(added(key, at + ages.lead, at, removed, ages));
}

const added = (
  key: SigningKey,
  signsFrom: Instant,
  at: Instant,
  removed: readonly string[],
  { most }: Ages,
): KeyRingEvent => ({ type: 'KeyAdded', key: { ...key, signsFrom }, removed, rotateAt: at + most });

function evolve(state: KeyRing, event: KeyRingEvent): KeyRing {
  if (event.type === 'KeysResealed')
    return state.status === 'none'
      ? state
      : { ...state, keys: state.keys.map((key) => ({ ...key, sealed: event.sealed.get(key.kid) ?? key.sealed })) };
  const { key, removed, rotateAt } = event;
  const before = state.status === 'none' ? [] : state.keys.filter(({ kid }) => !removed.includes(kid));
  return { status: 'kept', keys: [...before, key], rotateAt };
}

/** The key that signs now. */
export const signingKeyAt = (state: KeyRing, at: Instant): KeptKey | undefined =>
  state.status === 'none' ? undefined : (state.keys.findLast(({ signsFrom }) => signsFrom <= at) ?? state.keys[0]);

/** The keys that verifiers need: one that was followed by another, as long as what it signed is good. */
export const publishedAt = (state: KeyRing, at: Instant, { tokens }: Pick<Ages, 'tokens'>): readonly KeptKey[] =>
  state.status === 'none'
    ? []
    : state.keys.filter((_, nth) => {
        const next = state.keys[nth + 1];
        return !next || next.signsFrom + tokens > at;
      });

export const keyRing: Decider<KeyRing, KeyRingInput, KeyRingEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

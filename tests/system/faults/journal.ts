import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What the client is about to ask for. */
export type Intent =
  | { what: 'reserve'; guest: string; roomId: string; checkIn: string; checkOut: string; by: 'rest' | 'grpc' }
  | { what: 'confirm'; id: string }
  | { what: 'apply'; customer: string; productId: string; quantity: number }
  /** What a dealership does with an order that it was given. */
  | { what: 'accept' | 'activate'; id: string }
  /** `keeps`: what of the price the policy does not give back, in KRW. */
  | { what: 'cancel'; id: string; keeps: number };

/** What came of it. `unknown`: it may have been done or not; it is asked again with the same key. */
export type Outcome = { is: 'accepted'; id: string } | { is: 'refused'; why: string } | { is: 'unknown'; why: string };

/** One line: the intent stands before the call, each outcome after it. */
export type Line = { at: number; key: string } & ({ intent: Intent } | { outcome: Outcome; ms: number });

/** A client's append-only diary. A line is with the system before the next step is taken, so that even our own death loses none. */
export interface Journal {
  intends(key: string, intent: Intent): void;
  learns(key: string, outcome: Outcome, ms: number): void;
  close(): void;
}

export function openJournal(file: string): Journal {
  const descriptor = openSync(file, 'a');
  const append = (line: Line): void => void writeSync(descriptor, `${JSON.stringify(line)}\n`);
  return {
    intends: (key, intent) => append({ at: Date.now(), key, intent }),
    learns: (key, outcome, ms) => append({ at: Date.now(), key, outcome, ms: Math.round(ms) }),
    close: () => closeSync(descriptor),
  };
}

/** All that is known of one key. */
export interface Account {
  key: string;
  intent: Intent;
  at: number;
  outcomes: { outcome: Outcome; ms: number; at: number }[];
}

/** The diary, read from the file alone. */
export function readJournal(file: string): Account[] {
  const accounts = new Map<string, Account>();
  for (const text of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const line = JSON.parse(text) as Line;
    if ('intent' in line) accounts.set(line.key, { key: line.key, intent: line.intent, at: line.at, outcomes: [] });
    else accounts.get(line.key)?.outcomes.push({ outcome: line.outcome, ms: line.ms, at: line.at });
  }
  return [...accounts.values()];
}

/** What was asked of one kind. */
export const asked = <What extends Intent['what']>(
  journal: readonly Account[],
  what: What,
): (Account & { intent: Extract<Intent, { what: What }> })[] =>
  journal.filter(
    (account): account is Account & { intent: Extract<Intent, { what: What }> } => account.intent.what === what,
  );

/** What asked for something new: an order. */
export const wishes = (journal: readonly Account[]): Account[] => journal.filter(({ intent }) => !('id' in intent));

/** Ids of the orders that the client was told of. */
export const told = (journal: readonly Account[]): string[] => wishes(journal).flatMap(acceptedIds);

/** The ids under which a key was ever accepted; more than one would be one too many. */
export const acceptedIds = ({ outcomes }: Account): string[] => [
  ...new Set(outcomes.flatMap(({ outcome }) => (outcome.is === 'accepted' ? [outcome.id] : []))),
];

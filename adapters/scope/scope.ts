import { AsyncLocalStorage } from 'node:async_hooks';

/** Why the current code runs: the request, message or timer behind it. Everything done for it is marked with it. */
export interface Scope {
  /** The order's id where there is one, else the request's; on every message and log line. */
  correlationId: string;
  /** Id of the message or request that caused this. */
  causationId: string;
  /** The client's address, of a call from outside: for logs and the audit trail. */
  clientAddress?: string;
  /** W3C trace context, when traced. */
  traceparent?: string;
  /** When the answer is due (milliseconds since the epoch); calls made on the way end before. */
  deadline?: number;
  /** Nobody waits for what comes of it: it may be committed a moment later, along with others. */
  batchable?: true;
  /** What must be recorded once, in the same transaction as the effect. Spent by the first update. */
  once?: Once;
  /** Collects what changes in the course of it, by aggregate and id; for acts that are put on record. */
  changed?: Map<string, Change>;
}

/** An aggregate's state before and after. */
export interface Change {
  aggregate: string;
  id: string;
  before: unknown;
  after: unknown;
}

/** The proof that something took effect, which makes a second time recognisable. */
export type Once =
  | { by: 'message'; consumer: string; messageId: string }
  | { by: 'timer'; timerId: string }
  | {
      by: 'key';
      /** User id of the caller. */
      caller: string;
      /** `/jari.lodging.v1.LodgingService/CreateReservation` */
      method: string;
      key: string;
      /** Hash of the request's fields. */
      fingerprint: string;
      /** The encoded response to keep for a repetition, from the aggregate after the update. */
      answer(after: never): Uint8Array;
    };

const storage = new AsyncLocalStorage<Scope>();

export const inScope = <T>(scope: Scope, run: () => T): T => storage.run(scope, run);

/** For loops that serve everybody: what starts here belongs to no one request. */
export const outOfScope = <T>(run: () => T): T => storage.exit(run);

export const currentScope = (): Scope | undefined => storage.getStore();

/**
 * Takes the scope's proof for the one transaction that will record it. A second update in the same scope would not be protected
 * against repetition, so it is a fault in the code, found by the first test that runs it.
 */
export function spendOnce(): Once | undefined {
  const scope = storage.getStore();
  if (!scope?.once) return undefined;
  const { once } = scope;
  if (spent.has(once)) throw new Error('two updates in one scope: one message or command is one transaction');
  spent.add(once);
  return once;
}
const spent = new WeakSet<Once>();

/** Updates that are only steps on the way: the proof is left to the one that is the effect. */
export function withoutProof<T>(run: () => T): T {
  const scope = storage.getStore();
  if (!scope?.once) return run();
  const { once: _, ...rest } = scope;
  return inScope(rest, run);
}

/** Whether an update has taken the scope's proof. */
export const isSpent = (once: Once): boolean => spent.has(once);

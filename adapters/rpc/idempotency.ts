import { setTimeout as pause } from 'node:timers/promises';
import type { Details } from '#kernel/decision.ts';
import { RpcError, type CodeName, type FieldViolation } from './errors.ts';

/** Identifies a command. The caller is part of it, so that nobody gets the answer of somebody else. */
export interface KeyedCall {
  /** User id. */
  caller: string;
  /** `/jari.lodging.v1.LodgingService/CreateReservation` */
  method: string;
  key: string;
}

export interface KeptRefusal {
  code: CodeName;
  reason: string;
  message: string;
  fields: readonly FieldViolation[];
  /** Missing where the refusal was kept by an older version. */
  metadata?: Details;
}

export type KeptAnswer = { fingerprint: string; response: Uint8Array } | { fingerprint: string; refusal: KeptRefusal };

/** Where answers to commands are kept, for at least 24 hours. */
export interface KeptAnswers {
  find(call: KeyedCall): Promise<KeptAnswer | undefined>;
  /** Rejects with `KeyTaken` when there is an answer already. */
  keepRefusal(call: KeyedCall, fingerprint: string, refusal: KeptRefusal): Promise<void>;
}

/** Another transaction had the key first; nothing was done. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken';
}

/**
 * Refusals that stand: asked again with the same key, the answer is the same. Of all others a second try may know better: what is
 * NOT_FOUND may only not be there yet, such as a room that was made a second ago.
 */
const keptCodes: ReadonlySet<CodeName> = new Set(['FAILED_PRECONDITION', 'PERMISSION_DENIED']);

export type Idempotently = (
  call: KeyedCall,
  fingerprint: string,
  deadline: number,
  run: () => Promise<Uint8Array>,
) => Promise<Uint8Array>;

/**
 * Runs a command at most once for its key and answers every repetition alike. `run` must keep its response in the transaction of its
 * effect, and reject with `KeyTaken` when another one was first.
 */
export function idempotently(kept: KeptAnswers): Idempotently {
  // The database decides between processes; within this one the second need not even ask.
  const running = new Map<string, Promise<Uint8Array>>();

  return async (call, fingerprint, deadline, run) => {
    const id = `${call.caller} ${call.method} ${call.key}`;
    for (let other = running.get(id); other; other = running.get(id)) await settled(other, deadline);
    const answer = answerOnce(kept, call, fingerprint, deadline, run);
    running.set(id, answer);
    try {
      return await answer;
    } finally {
      running.delete(id);
    }
  };
}

async function answerOnce(
  kept: KeptAnswers,
  call: KeyedCall,
  fingerprint: string,
  deadline: number,
  run: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const known = await kept.find(call);
  if (known) return replay(known, fingerprint);
  try {
    return await run().catch(async (error: unknown) => {
      if (error instanceof RpcError && keptCodes.has(error.code)) {
        const { code, reason, message, fields, metadata } = error;
        await kept.keepRefusal(call, fingerprint, { code, reason, message, fields, metadata });
      }
      throw error;
    });
  } catch (error) {
    if (error instanceof KeyTaken) return replay(await appeared(kept, call, deadline), fingerprint);
    throw error;
  }
}

function replay(answer: KeptAnswer, fingerprint: string): Uint8Array {
  if (answer.fingerprint !== fingerprint)
    throw new RpcError(
      'INVALID_ARGUMENT',
      'IDEMPOTENCY_KEY_REUSED',
      'this idempotency key was used with another request before; use a new one',
    );
  if ('response' in answer) return answer.response;
  const { code, reason, message, fields, metadata = {} } = answer.refusal;
  throw new RpcError(code, reason, message, { fields, metadata });
}

async function appeared(kept: KeptAnswers, call: KeyedCall, deadline: number): Promise<KeptAnswer> {
  do {
    const answer = await kept.find(call);
    if (answer) return answer;
    await pause(Math.min(25, Math.max(0, deadline - Date.now())));
  } while (Date.now() < deadline);
  throw inUse();
}

/** Resolves when `other` has ended, successfully or not; rejects at the deadline. */
async function settled(other: Promise<unknown>, deadline: number): Promise<void> {
  const waiting = new AbortController();
  const ended = other.then(
    () => true,
    () => true,
  );
  const overdue = pause(Math.max(0, deadline - Date.now()), false, { signal: waiting.signal }).catch(() => true);
  if (!(await Promise.race([ended, overdue]))) throw inUse();
  waiting.abort();
}

const inUse = (): RpcError =>
  new RpcError(
    'ABORTED',
    'IDEMPOTENCY_KEY_IN_USE',
    'the first call with this idempotency key is still running; try again in a moment',
    { retryAfterMs: 1_000 },
  );

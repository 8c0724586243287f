import { RpcError } from '#adapters/rpc/errors.ts';
import { isStaff, withRolesOfToday, type StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import { placeOf } from './client-address.ts';
import type { Limits } from './limits.ts';
import { openCounts } from './open-counts.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';

export interface OpenStreams {
  /** Counts one more stream until the returned function is called. Throws TOO_MANY_STREAMS. */
  opens(address: string, caller: Caller | undefined): () => void;
}

/** Limits open streams per client address and per caller, so that one caller cannot take all. */
export function openStreams({
  streamsPerAddress,
  streamsPerSubject,
}: Pick<Limits, 'streamsPerAddress' | 'streamsPerSubject'>): OpenStreams {
  const counts = openCounts();
  const isFull = (key: string, most: number): boolean => counts.of(key) >= most;
  return {
    opens(address, caller) {
      const keys = [`address ${placeOf(address)}`, ...(caller ? [`subject ${caller.id}`] : [])];
      if (isFull(keys[0]!, streamsPerAddress))
        throw tooMany(`an address may have at most ${streamsPerAddress} streams open`);
      if (keys[1] && isFull(keys[1], streamsPerSubject))
        throw tooMany(`a user may have at most ${streamsPerSubject} streams open`);
      const closed = keys.map((key) => counts.open(key));
      return () => closed.forEach((close) => close());
    },
  };
}

const tooMany = (why: string): RpcError =>
  new RpcError('RESOURCE_EXHAUSTED', 'TOO_MANY_STREAMS', `${why} at a time`, { retryAfterMs: 1_000 });

const tokenExpired = (): RpcError =>
  new RpcError('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'the token has expired: connect again with a new one');
const tooOld = (seconds: number): RpcError =>
  new RpcError('UNAVAILABLE', 'STREAM_TOO_OLD', `a stream stays open for at most ${seconds} seconds: connect again`, {
    retryAfterMs: 1_000,
  });

const rolesTaken = (): RpcError =>
  new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', 'a role of yours was taken away: connect again');

/**
 * Ends a stream soon after its caller has lost a staff role. Asked for again and again: one replica alone hears of it. While the answer cannot be
 * had, the stream goes on, at most until its token ends. Returns what stops the asking.
 */
export function endWithRole(
  ending: AbortController,
  caller: Caller | undefined,
  { staffRolesOf, everyMs }: { staffRolesOf: StaffRolesOf | undefined; everyMs: number },
): () => void {
  if (!caller || !staffRolesOf || !isStaff(caller)) return () => {};
  const ask = async (): Promise<void> => {
    const today = await withRolesOfToday(caller, staffRolesOf).catch(() => caller);
    if (today.roles.length < caller.roles.length) ending.abort(rolesTaken());
  };
  const timer = setInterval(() => void ask(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Ends a stream with its token, and after some time in any case. Returns what stops the clock. */
export function endInTime(ending: AbortController, caller: Caller | undefined, streamSeconds: number): () => void {
  const left = (caller?.expires ?? Infinity) - Date.now();
  const byToken = left < streamSeconds * 1_000;
  const timer = setTimeout(
    () => ending.abort(byToken ? tokenExpired() : tooOld(streamSeconds)),
    Math.max(0, byToken ? left : streamSeconds * 1_000),
  );
  timer.unref();
  return () => clearTimeout(timer);
}

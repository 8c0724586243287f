/**
 * A dependency cannot be reached, is too slow, or is not called for now (open breaker, full bulkhead). Whether the request took effect is
 * unknown: a caller that must know repeats it with the same id.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** How long to wait before it makes sense to try again, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryAfterMs = 1_000, ...options }: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The callee was not called: an open breaker, a full bulkhead, or a limit on calls. So nothing took effect there. */
export class NotCalled extends Unavailable {
  readonly notCalled = true;
  /** When the limit lets the call pass, in milliseconds from now. */
  readonly comeBackMs: number | undefined;

  constructor(
    message: string,
    { comeBackMs, ...options }: ErrorOptions & { retryAfterMs?: number; comeBackMs?: number } = {},
  ) {
    super(message, { ...(comeBackMs !== undefined && { retryAfterMs: comeBackMs }), ...options });
    this.comeBackMs = comeBackMs;
  }
}

/** An outside party answered that it is called too often, and asks not to be called for `comeBackMs`. */
export class TooManyCalls extends Error {
  override readonly name = 'TooManyCalls';
  readonly comeBackMs: number;

  constructor(message: string, { comeBackMs }: { comeBackMs: number }) {
    super(message);
    this.comeBackMs = comeBackMs;
  }
}

const hourMs = 3_600_000;

/** What `429` means, with the header `Retry-After`: seconds or a date, an hour at most. */
export function tooManyCalls(name: string, retryAfter: string | null | undefined): TooManyCalls {
  const given = retryAfter?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now();
  return new TooManyCalls(`too many calls to ${name}`, {
    comeBackMs: Number.isNaN(ms) ? 1_000 : Math.min(hourMs, Math.max(0, ms)),
  });
}

/** A callee takes our token for worn out, and by our clock it is not: one of the two clocks is wrong. That says nothing of how the callee does. */
export class ClocksDiffer extends Unavailable {}

/** Too many writers at once on one thing; nothing was done. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

/**
 * Something that we depend on cannot be reached, is too slow, or is left alone for now (open breaker, full bulkhead). Whether what was
 * asked took effect is not known: whoever must know asks again, with the same id.
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

/** A callee takes our token for worn out, and by our clock it is not: one of the two clocks is wrong. That says nothing of how the callee does. */
export class ClocksDiffer extends Unavailable {}

/** Too many writers at once on one thing; nothing was done. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

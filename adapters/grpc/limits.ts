/** What one server takes on. */
export interface Limits {
  /** Bytes of a request. */
  requestBytes: number;
  /** Calls in hand for as long as it may be. More than that is a burst, or too much. */
  calls: number;
  /** How long a burst may last; then calls are refused until it is over. */
  burstMs: number;
  /** Calls in hand in a burst; the next one is refused. */
  burstCalls: number;
  /** Open streams, which do next to nothing most of the time. */
  streams: number;
  /** Given to a call whose caller set no deadline. */
  deadlineMs: number;
}

export const defaults: Limits = { requestBytes: 64 * 1024, calls: 512, burstMs: 500, burstCalls: 1_000, streams: 10_000, deadlineMs: 10_000 };

/** What one server takes on. */
export interface Limits {
  /** Bytes of a request. */
  requestBytes: number;
  /** Calls in hand that are never too many, however slow they are. */
  leastCalls: number;
  /** Calls in hand that are too many for as long as one likes, however quick they are. */
  calls: number;
  /** Calls in hand in a burst; the next one is refused. */
  burstCalls: number;
  /** How long a burst may last. */
  burstMs: number;
  /** Open streams, which do next to nothing most of the time. */
  streams: number;
  /** Open streams of one client address. */
  streamsPerAddress: number;
  /** Open streams of one user. */
  streamsPerSubject: number;
  /** A stream ends after this, or earlier with its token. */
  streamSeconds: number;
  /** Given to a call whose caller set no deadline. */
  deadlineMs: number;
}

export const defaults: Limits = {
  requestBytes: 64 * 1024,
  leastCalls: 128,
  calls: 512,
  burstCalls: 1_000,
  burstMs: 500,
  streams: 10_000,
  streamsPerAddress: 200,
  streamsPerSubject: 20,
  streamSeconds: 3_600,
  deadlineMs: 10_000,
};

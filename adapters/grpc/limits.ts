/** What one server takes on. */
export interface Limits {
  /** Bytes of a request. */
  requestBytes: number;
  /** Calls at work at once; the next one is refused before anything is done for it. */
  calls: number;
  /** Open streams, which do next to nothing most of the time. */
  streams: number;
  /** Given to a call whose caller set no deadline. */
  deadlineMs: number;
}

export const defaults: Limits = { requestBytes: 64 * 1024, calls: 1_000, streams: 10_000, deadlineMs: 10_000 };

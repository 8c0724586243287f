import type { Rate } from '#adapters/rpc/rate.ts';

/** What one server takes on. */
export interface Limits {
  /** Bytes of a request. */
  requestBytes: number;
  /** Calls in flight that are always allowed, even if they are slow. */
  leastCalls: number;
  /** Most calls in flight for longer than a burst, even if they are quick. */
  calls: number;
  /** Most calls in flight in a burst; the next one is refused. */
  burstCalls: number;
  /** How long a burst may last. */
  burstMs: number;
  /** Connections of one client address; 0 is no limit. */
  connectionsPerAddress: number;
  /** Open streams, which do next to nothing most of the time. */
  streams: number;
  /** Open streams of one client address. */
  streamsPerAddress: number;
  /** Open streams of one user. */
  streamsPerSubject: number;
  /** A stream ends after this, or earlier with its token. */
  streamSeconds: number;
  /** So often it is asked whether who has a stream open has lost a staff role. */
  askRolesMs: number;
  /** Given to a call whose caller set no deadline. */
  deadlineMs: number;
  /** How many calls of a rate may be made, where not as many as the rate says; 0 is no limit. */
  times: ReadonlyMap<Rate, number>;
}

export const defaults: Limits = {
  requestBytes: 64 * 1024,
  leastCalls: 128,
  calls: 512,
  burstCalls: 1_000,
  burstMs: 500,
  connectionsPerAddress: 0,
  streams: 10_000,
  streamsPerAddress: 200,
  streamsPerSubject: 20,
  streamSeconds: 3_600,
  askRolesMs: 5_000,
  deadlineMs: 10_000,
  times: new Map(),
};

import type { Envelope } from './messages.ts';

/** What a service listens to. */
export interface Subscription {
  /** The service's own queue, e.g. `lodging`; replicas share it. */
  queue: string;
  /** Topic patterns on `jari.events`: `property.StayConfirmed`, `order.#`, `#`. */
  events: readonly string[];
  /** Routing keys on `jari.commands`: `property.RequestStay`. */
  commands: readonly string[];
  /** Hears what is replayed as well, and is forgotten once it has stopped: for as long as something is rebuilt. */
  rebuilding?: true;
  /**
   * Resolves once the message's effect (or its retry row) is committed. Rejects only when not even that could be stored: it comes again,
   * unless it is `Unkeepable`.
   */
  handle(envelope: Envelope): Promise<void>;
  /** Stores a message that was laid aside. Without it such a message stays where the bus has laid it. */
  layAside?(message: LaidAside): Promise<void>;
  /** Told at each connection once the queue is there, until it resolves. `isMissing`: the broker had none, and may have lost messages. */
  onQueue?(isMissing: boolean): Promise<void>;
}

/** A message that can be neither handled nor stored after all attempts: RabbitMQ dead-letters it, so that it does not delay others. */
export class Unkeepable extends Error {
  override readonly name = 'Unkeepable';
}

/** A message that was laid aside, as far as it could be read. */
export interface LaidAside {
  envelope: Envelope;
  /** Why. */
  error: string;
  /** It is no envelope of ours; what of it was missing is empty. */
  isUnreadable: boolean;
}

export interface Consumption {
  /** Messages that have been in progress for more than a minute. */
  overdue(): number;
  /** Takes no further messages and resolves when those in progress are settled. */
  stop(): Promise<void>;
}

/**
 * The road between services. At least once, in no order. Two implementations (`inProcessBus`, `rabbitmqBus`) pass one contract suite.
 */
export interface Bus {
  /**
   * Sends, and answers with the ids that are safe: routed to at least one queue and confirmed (RabbitMQ), or committed by every
   * subscriber (in process). What is missing in the answer stays in the outbox and is sent again.
   */
  publish(envelopes: readonly Envelope[]): Promise<ReadonlySet<string>>;
  /** Sends events of the past once more, with their own routing keys, to those alone who are rebuilding. Answers as `publish` does. */
  replay(envelopes: readonly Envelope[]): Promise<ReadonlySet<string>>;
  /** Declares the queue with its bindings and starts taking messages. Resolves at once; connecting goes on in the background. */
  subscribe(subscription: Subscription): Consumption;
  /** Whether it can carry messages now, and if not what it waits for. */
  status(): { ready: true } | { ready: false; waitsFor: string };
  close(): Promise<void>;
}

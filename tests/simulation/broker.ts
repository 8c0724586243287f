import type { Envelope } from '#adapters/bus/messages.ts';
import { matches } from '#adapters/bus/topic.ts';
import type { Subscriptions } from '#adapters/service/service.ts';

export type Message = { to: string; envelope: Envelope };

type Bindings = Pick<Subscriptions, 'events' | 'commands'>;

/** The queues between the services, each named like its service, with what is on its way in them. It can lose all of that. */
export class Broker {
  readonly inFlight: Message[] = [];
  readonly #bindings = new Map<string, Bindings>();
  /** Queues of a routing key. */
  readonly #routes = new Map<string, readonly string[]>();
  /** Bindings that are lost: `<queue> <routing key>`. */
  readonly #lost = new Set<string>();

  bind(queue: string, bindings: Bindings): void {
    this.#bindings.set(queue, bindings);
  }

  /** Answers with the queues that it should have reached, and has not. */
  publish(envelope: Envelope): readonly string[] {
    const queues = this.#queuesFor(envelope);
    const missed = this.#lost.size ? queues.filter((queue) => this.#lost.has(`${queue} ${envelope.routingKey}`)) : [];
    for (const to of queues) if (!missed.includes(to)) this.inFlight.push({ to, envelope });
    return missed;
  }

  #queuesFor({ kind, routingKey }: Envelope): readonly string[] {
    const known = this.#routes.get(routingKey);
    if (known) return known;
    const isFor = ({ events, commands }: Bindings): boolean =>
      kind === 'command' ? commands.includes(routingKey) : events.some((pattern) => matches(pattern, routingKey));
    const found = [...this.#bindings].flatMap(([queue, bindings]) => (isFor(bindings) ? [queue] : []));
    this.#routes.set(routingKey, found);
    return found;
  }

  /** The routing keys that reach a queue. */
  keysOf(queue: string): readonly string[] {
    const { events, commands } = this.#bindings.get(queue)!;
    return [...commands, ...events];
  }

  /** What is published by these keys does not reach the queue until it is bound again. */
  unbind(queue: string, keys: readonly string[]): void {
    for (const key of keys) this.#lost.add(`${queue} ${key}`);
  }

  /** Services that start, or see that bindings are lost, bind their queues again. */
  rebind(): void {
    this.#lost.clear();
  }

  /** It starts with an empty disk: what was published, and nobody has handled, is gone from all queues but `spared`. */
  wipe(spared: string): void {
    this.inFlight.splice(0, Infinity, ...this.inFlight.filter(({ to }) => to === spared));
  }
}

import type { Logger } from 'pino';
import type { Bus, Subscription } from './bus.ts';
import { inFlightItems } from './in-flight.ts';
import type { Envelope } from './messages.ts';
import { matches } from './topic.ts';
import { unroutableReport } from './unroutable.ts';

/** A queue is remembered when its last consumer has left, as a durable one would be: until one is back, its messages are not safe. */
interface Queue {
  bindings: Subscription[];
  consumers: ((envelope: Envelope) => Promise<void>)[];
}

/**
 * The bus of a single process. It stores nothing: a message is safe once every queue's consumer has committed its effect, and until
 * then it is the sender's outbox that remembers it. So it is as durable as the database. Subscribe everybody before anything is sent.
 */
export function inProcessBus({ log }: { log: Logger }): Bus {
  const queues = new Map<string, Queue>();
  const routes = new Map<string, Queue[]>();
  const stops = new Set<() => Promise<void>>();
  const reportUnroutable = unroutableReport(log);

  const hearers = ({ kind, routingKey }: Envelope): Queue[] => {
    const route = `${kind} ${routingKey}`;
    const known = routes.get(route);
    if (known) return known;
    const hears = ({ events, commands }: Subscription): boolean =>
      kind === 'command' ? commands.includes(routingKey) : events.some((pattern) => matches(pattern, routingKey));
    const found = [...queues.values()].filter(({ bindings }) => bindings.some(hears));
    routes.set(route, found);
    return found;
  };

  const rebuilding = (): Queue[] =>
    [...queues.values()].filter(({ bindings }) => bindings.some((each) => each.rebuilding));

  const deliver = async (envelope: Envelope, hearing: readonly Queue[]): Promise<boolean> => {
    if (hearing.length === 0) {
      reportUnroutable(envelope);
      return false;
    }
    const settled = await Promise.allSettled(hearing.map((queue) => handOver(queue, envelope)));
    return settled.every(({ status }) => status === 'fulfilled');
  };

  const send = async (
    envelopes: readonly Envelope[],
    to: (envelope: Envelope) => readonly Queue[],
  ): Promise<ReadonlySet<string>> => {
    const safe = new Set<string>();
    await Promise.all(
      envelopes.map(async (envelope) => (await deliver(envelope, to(envelope))) && safe.add(envelope.id)),
    );
    return safe;
  };

  return {
    publish: (envelopes) => send(envelopes, hearers),
    replay: (envelopes) => send(envelopes, rebuilding),

    subscribe(subscription) {
      const queue = queues.get(subscription.queue) ?? { bindings: [], consumers: [] };
      queues.set(subscription.queue, queue);
      routes.clear();
      const inHand = inFlightItems<Promise<void>>();
      const consumer = (envelope: Envelope): Promise<void> => {
        const handling = subscription.handle(envelope).finally(() => inHand.delete(handling));
        inHand.add(handling);
        return handling;
      };
      queue.bindings.push(subscription);
      queue.consumers.push(consumer);
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        queue.consumers = queue.consumers.filter((other) => other !== consumer);
        if (subscription.rebuilding) {
          queues.delete(subscription.queue);
          routes.clear();
        }
        await Promise.allSettled(inHand.all());
      };
      stops.add(stop);
      return { stop, overdue: inHand.overdue };
    },

    status: () => ({ ready: true }),

    async close() {
      await Promise.all([...stops].map((stop) => stop()));
    },
  };
}

/** To the consumer whose turn it is. */
async function handOver(queue: Queue, envelope: Envelope): Promise<void> {
  const consumer = queue.consumers.shift();
  if (!consumer) throw new Error('nobody takes from the queue now');
  queue.consumers.push(consumer);
  await consumer(envelope);
}

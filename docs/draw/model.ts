import { matches } from '#adapters/bus/topic.ts';
import { contexts, kindOf } from '../../tests/architecture/contexts.ts';
import { readProtos, travelling } from './protos.ts';
import type { Drawn } from './services.ts';
import { storiesOf, unique, type Story } from './story.ts';

/** A message between services. */
export interface Message {
  context: string;
  name: string;
  comment: string;
  kind: 'event' | 'command';
  /** As the bus knows it: `order.lodging.ReservationPaid`, `property.RequestStay`. */
  routingKey: string;
  sentBy: string[];
  heardBy: string[];
}

/** The system as its code says it, in the order of the context map. */
export interface Model {
  root: string;
  services: (Drawn & { name: string; stories: Story[] })[];
  messages: Message[];
}

const order = Object.values(contexts).flat();

export function modelOf(root: string, drawn: readonly Drawn[]): Model {
  const services = drawn
    .map((each) => ({ ...each, name: each.service.name, stories: storiesOf(root, each.service.name) }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const protos = readProtos(root);
  const messages = services.flatMap(({ name: context, plugged }) =>
    travelling(protos, context).map(({ name, comment }): Message => {
      const key = `${context}.${name}`;
      const isCommand = plugged.subscriptions.commands.includes(key);
      const routingKey = !isCommand && kindOf(context) === 'core' ? `order.${key}` : key;
      const senders = services.filter(({ sends }) => sends.includes(`jari.${context}.v1.${name}`));
      const hearers = isCommand
        ? [context]
        : services
            .filter((each) => each.plugged.subscriptions.events.some((pattern) => matches(pattern, routingKey)))
            .map((each) => each.name);
      const sentBy = isCommand ? senders.map((sender) => sender.name) : [context];
      return {
        context,
        name,
        comment,
        kind: isCommand ? 'command' : 'event',
        routingKey,
        sentBy,
        heardBy: unique(hearers),
      };
    }),
  );
  return { root, services, messages };
}

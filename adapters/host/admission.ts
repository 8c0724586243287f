import type { DescMessage } from '@bufbuild/protobuf';
import { keyOf, type Envelope } from '#adapters/bus/messages.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { checked } from '#adapters/grpc/requests.ts';

/** Throws on a message that its sender may not send, or whose contents break the rules of its proto. */
export type Admission = (envelope: Envelope) => void;

/** Full types of the commands that each service sends. */
export type Senders = Readonly<Record<string, { commands: readonly string[] }>>;

/** A message that its sender may not send. It is not tried again: it becomes a dead letter. */
export class Inadmissible extends Error {
  override readonly name = 'Inadmissible';
}

/** Context whose events every service publishes: adapters/ sends them. */
const everyService = 'ops';

/**
 * The second check behind the broker's permissions, and the only one without a broker. An event comes from its own context; a command from
 * a service that is known to send it; type and routing key agree; the contents follow the rules of the proto. The contents of an unknown
 * type are not checked.
 */
export const admission =
  (senders: Senders): Admission =>
  ({ kind, type, routingKey, source, payload }) => {
    const service = source.slice(1);
    const key = keyOf(type);
    if (routingKey !== key && !(kind === 'event' && routingKey === `order.${key}`))
      throw new Inadmissible(`${type} came with the routing key ${routingKey}`);
    const [context] = key.split('.');
    const maySend =
      kind === 'command'
        ? Object.hasOwn(senders, service) && senders[service]?.commands.includes(type)
        : context === service || context === everyService;
    if (!maySend) throw new Inadmissible(`${service} may not send the ${kind} ${type}`);
    const schema = registry.getMessage(type);
    if (schema) readable(schema, payload);
  };

/** No order comes near it, and sums of such amounts are exact in a number of JavaScript. */
const mostUnits = 100_000_000_000n;

function readable(schema: DescMessage, payload: Uint8Array): void {
  const { parts } = checked(schema, payload);
  const order = schema.field['order'];
  if (order && !parts[0]?.message.isSet(order)) throw new Inadmissible(`${schema.typeName} names no order`);
  for (const { path, message } of parts) {
    if (message.desc.typeName !== 'google.type.Money') continue;
    const { currencyCode, units, nanos } = message.message as unknown as {
      currencyCode: string;
      units: bigint;
      nanos: number;
    };
    const isPossible =
      /^[A-Z]{3}$/.test(currencyCode) && units >= 0n && units <= mostUnits && nanos >= 0 && nanos < 1e9;
    if (!isPossible)
      throw new Inadmissible(`${schema.typeName}: ${path} must be an amount of money, 0 to 100,000,000,000`);
  }
}

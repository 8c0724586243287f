/** How a generated message type is written and read. */
export interface Codec<Body> {
  encode(body: Body): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Body;
}

/** A message on its way out of a service. */
export interface Outgoing {
  kind: 'event' | 'command';
  /** `jari.lodging.v1.ReservationPaid` */
  type: string;
  /** `order.lodging.ReservationPaid`, `property.RequestStay` */
  routingKey: string;
  /** Id of the order, or of the thing listed in a catalogue. */
  subject: string;
  body: object;
  encode(): Uint8Array;
}

/** A message as it travels; the attributes are those of CloudEvents 1.0. */
export interface Envelope {
  /** UUIDv7; the inbox knows a message by it. */
  id: string;
  kind: 'event' | 'command';
  type: string;
  routingKey: string;
  /** `/lodging` */
  source: string;
  subject: string;
  /** Milliseconds since the epoch. */
  time: number;
  correlationId: string;
  causationId: string;
  traceparent?: string;
  payload: Uint8Array;
}

/** `jari.property.v1.StayConfirmed` → `property.StayConfirmed`, the routing key of a capability's message. */
export function keyOf(type: string): string {
  const [, context, , name] = type.split('.');
  return `${context}.${name}`;
}

const outgoing = <Body extends object>(
  kind: Outgoing['kind'],
  routingKey: string,
  type: string,
  codec: Codec<Body>,
  subject: string,
  body: Body,
): Outgoing => ({ kind, type, routingKey, subject, body, encode: () => codec.encode(body).finish() });

/** A fact about one of the sender's own orders (a core service's event). */
export const orderEvent = <Body extends object>(
  type: string,
  codec: Codec<Body>,
  subject: string,
  body: Body,
): Outgoing => outgoing('event', `order.${keyOf(type)}`, type, codec, subject, body);

/** An event of a capability. */
export const event = <Body extends object>(type: string, codec: Codec<Body>, subject: string, body: Body): Outgoing =>
  outgoing('event', keyOf(type), type, codec, subject, body);

/** A command to the owner of the context. */
export const command = <Body extends object>(type: string, codec: Codec<Body>, subject: string, body: Body): Outgoing =>
  outgoing('command', keyOf(type), type, codec, subject, body);

/** A message has something that this process does not know yet: a type, or the value of an enum. It may be handled after an upgrade. */
export class FromNewerSender extends Error {
  override readonly name = 'FromNewerSender';
}

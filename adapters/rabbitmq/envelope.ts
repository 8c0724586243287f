import type { AsyncMessage, Envelope as Published } from 'rabbitmq-client';
import type { LaidAside } from '#adapters/bus/bus.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { isTraceparent } from '#adapters/telemetry/tracing.ts';
import { newId } from '#kernel/ids.ts';

/** All are topic exchanges: RabbitMQ has permissions on routing keys for no other type. */
export const exchanges = {
  event: 'jari.events',
  command: 'jari.commands',
  replay: 'jari.replays',
  dead: 'jari.dead',
} as const;

/** A message as RabbitMQ carries it: CloudEvents 1.0, binary mode. Written to disk, and returned when no queue takes it. */
export const published = (envelope: Envelope, exchange: string = exchanges[envelope.kind]): Published => ({
  exchange,
  routingKey: envelope.routingKey,
  mandatory: true,
  durable: true,
  messageId: envelope.id,
  // RabbitMQ refuses a message whose `user-id` is not the user that sends it.
  userId: serviceOf(envelope.source),
  contentType: 'application/protobuf',
  headers: {
    'cloudEvents:specversion': '1.0',
    'cloudEvents:id': envelope.id,
    'cloudEvents:source': envelope.source,
    'cloudEvents:type': envelope.type,
    ...(envelope.subject !== '' && { 'cloudEvents:subject': envelope.subject }), // CloudEvents knows no empty one
    'cloudEvents:time': new Date(envelope.time).toISOString(),
    'cloudEvents:datacontenttype': 'application/protobuf',
    'cloudEvents:correlationid': envelope.correlationId,
    'cloudEvents:causationid': envelope.causationId,
    ...(envelope.traceparent !== undefined &&
      isTraceparent(envelope.traceparent) && { 'cloudEvents:traceparent': envelope.traceparent }),
  },
});

/** `/lodging` → lodging, which is also its user at the broker. */
const serviceOf = (source: string): string => source.slice(1);

export const body = ({ payload }: Envelope): Buffer =>
  Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);

/** No service of ours sends larger attributes and contents. */
const mostCharacters = 500;
const mostBytes = 4 * 1024 * 1024;

/** Reads what `published` wrote. Throws, naming the attribute, on a message that is not ours, one that cannot be stored, and a source that did not send it. */
export function received(message: AsyncMessage): Envelope {
  const { envelope, wrong } = read(message);
  if (wrong[0]) throw new TypeError(wrong[0]);
  return envelope;
}

/** What can be read of any message, and what is wrong with it. */
export function read(message: AsyncMessage): { envelope: Envelope; wrong: readonly string[] } {
  const wrong: string[] = [];
  const attribute = (name: string, isOptional = false): string => {
    const value: unknown = message.headers?.[`cloudEvents:${name}`];
    if (value === undefined && isOptional) return '';
    if (typeof value !== 'string' || value === '') {
      wrong.push(`cloudEvents:${name} is missing`);
      return '';
    }
    if (value.length <= mostCharacters && !value.includes('\0') && value.isWellFormed()) return value;
    wrong.push(
      `cloudEvents:${name} has ${value.length > mostCharacters ? `more than ${mostCharacters} characters` : 'characters that are not allowed'}`,
    );
    return value.slice(0, mostCharacters).replaceAll('\0', '').toWellFormed();
  };
  const id = attribute('id');
  const source = attribute('source');
  if (message.userId !== serviceOf(source))
    wrong.push(`cloudEvents:source is ${source}, but ${message.userId ?? 'a user without a name'} sent it`);
  const time = Date.parse(attribute('time'));
  if (Number.isNaN(time)) wrong.push('cloudEvents:time is no time');
  const payload = bytesOf(message.body);
  if (!(message.body instanceof Uint8Array)) wrong.push('the content is not binary');
  if (payload.byteLength > mostBytes) wrong.push(`the content has more than ${mostBytes} bytes`);
  const traceparent = attribute('traceparent', true);
  const { exchange, routingKey } = firstDeath(message) ?? message;
  const envelope = {
    id,
    kind: exchange === exchanges.command ? 'command' : 'event',
    type: attribute('type'),
    routingKey,
    source,
    subject: attribute('subject', true),
    time: Number.isNaN(time) ? Date.now() : time,
    correlationId: attribute('correlationid'),
    causationId: attribute('causationid'),
    ...(traceparent && { traceparent }),
    payload,
  } as const;
  return { envelope, wrong };
}

/** Where a message was sent before it was laid aside. */
function firstDeath({ headers }: AsyncMessage): { exchange: string; routingKey: string; reason: string } | undefined {
  const deaths: unknown = headers?.['x-death'];
  const first = (Array.isArray(deaths) ? deaths.at(-1) : undefined) as
    | { exchange?: unknown; 'routing-keys'?: unknown; reason?: unknown }
    | undefined;
  if (!first) return undefined;
  const key: unknown = Array.isArray(first['routing-keys']) ? first['routing-keys'][0] : undefined;
  return {
    exchange: String(first.exchange ?? ''),
    routingKey: String(key ?? '')
      .slice(0, mostCharacters)
      .replaceAll('\0', ''),
    reason: String(first.reason ?? ''),
  };
}

/** A message of a dead-letter queue. */
export function laidAside(message: AsyncMessage): LaidAside {
  const { envelope, wrong } = read(message);
  const isUnreadable = wrong.length > 0;
  const reason =
    firstDeath(message)?.reason === 'delivery_limit'
      ? 'its consumer went away each time that it had this message in hand'
      : 'it could be neither handled nor stored';
  return {
    envelope: envelope.id
      ? envelope
      : {
          ...envelope,
          id:
            String(message.messageId ?? '')
              .slice(0, 200)
              .replaceAll('\0', '') || newId(),
        },
    error: isUnreadable ? `it cannot be read: ${wrong.join('; ')}` : reason,
    isUnreadable,
  };
}

/** The library parses what says that it is text or JSON. */
function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content ?? ''));
}

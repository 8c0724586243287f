import type { AsyncMessage, Envelope as Published } from 'rabbitmq-client';
import type { Envelope } from '#adapters/bus/messages.ts';
import { isTraceparent } from '#adapters/telemetry/tracing.ts';

export const exchanges = { event: 'jari.events', command: 'jari.commands', replay: 'jari.replays', dead: 'jari.dead' } as const;

/** A message as RabbitMQ carries it: CloudEvents 1.0, binary mode. Written to disk, and returned when no queue takes it. */
export const published = (envelope: Envelope, exchange: string = exchanges[envelope.kind]): Published => ({
  exchange,
  routingKey: envelope.routingKey,
  mandatory: true,
  durable: true,
  messageId: envelope.id,
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
    ...(envelope.traceparent !== undefined && isTraceparent(envelope.traceparent) && { 'cloudEvents:traceparent': envelope.traceparent }),
  },
});

export const body = ({ payload }: Envelope): Buffer => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);

/** Reads what `published` wrote. Throws, naming the attribute, on what is none of ours. */
export function received(message: AsyncMessage): Envelope {
  const attribute = (name: string): string => {
    const value: unknown = message.headers?.[`cloudEvents:${name}`];
    if (typeof value !== 'string' || value === '') throw new TypeError(`cloudEvents:${name} is missing`);
    return value;
  };
  const time = Date.parse(attribute('time'));
  if (Number.isNaN(time)) throw new TypeError('cloudEvents:time is no time');
  if (!(message.body instanceof Uint8Array)) throw new TypeError('the content is not binary');
  const has = (name: string): boolean => message.headers?.[`cloudEvents:${name}`] !== undefined;
  return {
    id: attribute('id'),
    kind: message.exchange === exchanges.command ? 'command' : 'event',
    type: attribute('type'),
    routingKey: message.routingKey,
    source: attribute('source'),
    subject: has('subject') ? attribute('subject') : '',
    time,
    correlationId: attribute('correlationid'),
    causationId: attribute('causationid'),
    ...(has('traceparent') && { traceparent: attribute('traceparent') }),
    payload: message.body,
  };
}

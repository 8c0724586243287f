import type { Envelope, Outgoing } from '#adapters/bus/messages.ts';
import type { Scope } from '#adapters/scope/scope.ts';
import type { Statement } from './sessions.ts';

/** A message that a decision made. */
export interface Made {
  id: string;
  message: Outgoing;
  /** What the decision was made for. */
  scope: Scope | undefined;
}

/** The same as it travels. `at` is when it was decided. */
export const envelopeOf = ({ id, message, scope }: Made, service: string, at: number): Envelope => ({
  id,
  kind: message.kind,
  type: message.type,
  routingKey: message.routingKey,
  source: `/${service}`,
  subject: message.subject,
  time: at,
  correlationId: message.subject || (scope?.correlationId ?? id),
  causationId: scope?.causationId ?? id,
  ...(scope?.traceparent && { traceparent: scope.traceparent }),
  payload: message.encode(),
});

export const intoOutbox = (envelopes: readonly Envelope[]): Statement => ({
  name: 'outbox',
  text: `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, traceparent, payload, created_at)
    select id, kind, type, routing_key, subject, correlation_id, causation_id, traceparent, payload, to_timestamp(at / 1000.0)
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::float8[])
      row (id, kind, type, routing_key, subject, correlation_id, causation_id, traceparent, payload, at)`,
  values: [
    envelopes.map(({ id }) => id),
    envelopes.map(({ kind }) => kind),
    envelopes.map(({ type }) => type),
    envelopes.map(({ routingKey }) => routingKey),
    envelopes.map(({ subject }) => subject),
    envelopes.map(({ correlationId }) => correlationId),
    envelopes.map(({ causationId }) => causationId),
    envelopes.map(({ traceparent }) => traceparent ?? null),
    envelopes.map(({ payload }) => Buffer.from(payload)),
    envelopes.map(({ time }) => time),
  ],
});

/** What an envelope is read from. */
export const columns = `id::text, kind, type, routing_key, subject, correlation_id, causation_id, traceparent,
  (extract(epoch from created_at) * 1000)::bigint::text time, payload`;

export interface OutboxRow {
  id: string;
  kind: 'event' | 'command';
  type: string;
  routing_key: string;
  subject: string;
  correlation_id: string;
  causation_id: string;
  traceparent: string | null;
  time: string;
  payload: Buffer;
}

export const stored = (row: OutboxRow, service: string): Envelope => ({
  id: row.id,
  kind: row.kind,
  type: row.type,
  routingKey: row.routing_key,
  source: `/${service}`,
  subject: row.subject,
  time: Number(row.time),
  correlationId: row.correlation_id,
  causationId: row.causation_id,
  ...(row.traceparent ? { traceparent: row.traceparent } : {}),
  payload: row.payload,
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../deploy/native/ports.ts';
import { embedded, type Embedded } from './kit/embedded.ts';
import { becomes } from './kit/eventually.ts';
import { lodging } from './kit/lodging.ts';
import { ok } from './kit/people.ts';

// What those who run Jari see of it: traces, metrics, and the state of each service.

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}
interface Traces {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
}

let collector: Server;
const spans: Span[] = [];
let jari: Embedded;
let metricsPort: number;
beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      for (const { scopeSpans } of (JSON.parse(body) as Traces).resourceSpans)
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  metricsPort = await freePort();
  jari = await embedded({
    METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
  await jari.up();
}, 60_000);
afterAll(async () => {
  await jari.remove();
  collector.closeAllConnections();
  collector.close();
}, 60_000);

test('every service says how it is, to administrators alone (K12, K15)', async () => {
  const { admin, guest } = lodging(jari);
  for (const service of jari.services) {
    const shown = await ok(admin.get<object>(`/v1/ops/${service}/status`));
    expect(shown).toMatchObject({ service, deadLetters: '0', waitsFor: '', outbox: { untaken: [] } });
    expect(await ok(admin.get(`/v1/ops/${service}/dead-letters`))).toEqual({ deadLetters: [], nextPageToken: '' });
    expect((await guest.get(`/v1/ops/${service}/status`)).status).toBe(403);
  }
  expect((await admin.get('/v1/ops/elsewhere/status')).status).toBe(404);
  expect(await ok(admin.get('/v1/ops/payment/status'))).toMatchObject({
    breakers: [
      { callee: 'payment-provider', state: 'CLOSED' },
      { callee: 'payment-provider-at-once', state: 'CLOSED' },
      { callee: 'payment-provider-cards', state: 'CLOSED' },
    ],
  });
});

test('a message that was made wrong is found, looked at, and told about in the metrics (K15)', async () => {
  const { admin } = lodging(jari);
  const id = '019b0000-0000-7000-8000-000000000001';
  // A core event without its order: no service makes one, so it is put on property's way out by hand, so old that the relay leaves it to nobody else.
  await jari.rows(
    'property',
    `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, payload, created_at)
      values ($1::text::uuid, 'event', 'jari.lodging.v1.ReservationPaid', 'order.lodging.ReservationPaid', $1, $1, $1, '', now() - interval '5 seconds')`,
    id,
  );
  const { body } = await becomes(() => admin.get<{ content: string }>(`/v1/ops/views/dead-letters/${id}`), {
    status: 200,
  });
  expect(body).toMatchObject({
    type: 'jari.lodging.v1.ReservationPaid',
    source: '/property',
    error: 'property may not send the event jari.lodging.v1.ReservationPaid',
    content: '{}',
  });
  expect(await admin.post(`/v1/ops/views/dead-letters/${id}:redrive`, {})).toMatchObject({
    status: 400,
    body: { details: [{ reason: 'STILL_FAILS' }] },
  });
  const scraped = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(scraped).toMatch(/^jari_dead_letters\{service="views"\} 1$/m);
  expect(scraped).toMatch(/^jari_breaker_state\{service="payment",callee="payment-provider"\} 0$/m);
  expect(scraped).toMatch(
    /^jari_rpc_duration_seconds_count\{method="\/jari.ops.v1.OpsService\/RedriveDeadLetter",code="FAILED_PRECONDITION"\} 1$/m,
  );
});

test('a reservation is one trace through all services, from the call to the read models, and every step bears its id (K6)', async () => {
  const { newRoom, reserve, reaches, admin } = lodging(jari);
  const { id } = await reserve(await newRoom({ instant: true }), 40);
  await reaches(id, 'PAID');
  await becomes(() => admin.get(`/v1/orders/${id}`), { body: { status: 'PAID' } });
  await jari.down(); // sends the last spans

  const about = spans.filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === 'jari.correlation_id' && value.stringValue === id),
  );
  const [traceId] = about.map((span) => span.traceId);
  const trace = spans.filter((span) => span.traceId === traceId);
  const names = trace.map(({ name }) => name);
  for (const step of [
    '/jari.lodging.v1.LodgingService/CreateReservation',
    'property handles jari.property.v1.RequestStay',
    'lodging handles jari.property.v1.StayConfirmed',
    'payment handles jari.payment.v1.RequestPayment',
    'timer payment/attempt',
    'lodging handles jari.payment.v1.PaymentCompleted',
    'views handles jari.lodging.v1.ReservationPaid',
  ])
    expect(names).toContain(step);
  expect(new Set(about.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const known = new Set(trace.map(({ spanId }) => spanId));
  expect(trace.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual([
    '/jari.lodging.v1.LodgingService/CreateReservation',
  ]);
  expect(trace.filter(({ parentSpanId }) => parentSpanId && !known.has(parentSpanId))).toEqual([]);
}, 60_000);

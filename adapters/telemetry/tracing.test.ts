import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inSpan, startTracing } from './tracing.ts';

let collector: Server;
let received: string[];
beforeEach(async () => {
  received = [];
  collector = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => received.push(text));
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  collector.closeAllConnections();
  collector.close();
});

const from = (traceparent: string) => ({ correlationId: 'order-1', traceparent });
const incoming = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a call becomes a span of its caller’s trace, and what it causes belongs to it', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const stop = startTracing('lodging');
  const { traceparent: handedOn = '' } = await inSpan(
    'call',
    'CreateReservation',
    from(incoming),
    async (traced) => traced,
  );
  await expect(
    inSpan('message', 'StayConfirmed', from(handedOn), () => Promise.reject(new Error('boom'))),
  ).rejects.toThrow('boom');
  await stop();
  expect(handedOn).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(handedOn).not.toBe(incoming);
  const { resourceSpans } = JSON.parse(received.join(''));
  const spans = resourceSpans[0].scopeSpans[0].spans;
  expect(spans).toMatchObject([
    {
      name: 'CreateReservation',
      attributes: [{ key: 'jari.correlation_id', value: { stringValue: 'order-1' } }],
      traceId: incoming.slice(3, 35),
      parentSpanId: incoming.slice(36, 52),
    },
    {
      name: 'StayConfirmed',
      traceId: incoming.slice(3, 35),
      parentSpanId: handedOn.slice(36, 52),
      status: { message: 'boom' },
    },
  ]);
});

test('without a collector nothing is sent, and the trace of the caller is handed on as it came', async () => {
  const stop = startTracing('lodging');
  expect(await inSpan('call', 'CreateReservation', from(incoming), async (traced) => traced)).toEqual(from(incoming));
  await stop();
  expect(received).toEqual([]);
});

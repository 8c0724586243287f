import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { metrics as global } from '@opentelemetry/api';
import { serveMetrics, type ServedMetrics } from './metrics.ts';

let metrics: ServedMetrics;
let live = true;
let waitsFor: string | undefined;
beforeAll(async () => {
  metrics = await serveMetrics({
    service: 'lodging',
    port: 0,
    live: () => live,
    ready: () => (waitsFor ? { ready: false, waitsFor } : { ready: true }),
  });
});
afterAll(() => metrics.close());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`http://127.0.0.1:${metrics.port}${path}`);
  return { status: response.status, text: await response.text() };
};

test('a scrape shows how long calls took, by method, code and service (K15)', async () => {
  metrics.rpc('/jari.lodging.v1.LodgingService/CreateReservation', 'OK', 7);
  metrics.rpc('/jari.lodging.v1.LodgingService/CreateReservation', 'NOT_FOUND', 3);
  const { status, text } = await get('/metrics');
  expect(status).toBe(200);
  expect(text).toContain(
    'jari_rpc_duration_seconds_bucket{method="/jari.lodging.v1.LodgingService/CreateReservation",code="OK",le="0.01"} 1',
  );
  expect(text).toContain(
    'jari_rpc_duration_seconds_count{method="/jari.lodging.v1.LodgingService/CreateReservation",code="NOT_FOUND"} 1',
  );
  expect(text).toContain('service_name="lodging"');
});

test('other parts add what they know, read at the moment of the scrape (K15)', async () => {
  let lag = 1;
  metrics.gauge('jari_outbox_lag_messages', 'Messages that wait to be sent', { service: 'lodging' }, () => lag);
  metrics.gauge('jari_outbox_lag_messages', 'Messages that wait to be sent', { service: 'property' }, async () => 7);
  metrics.gauge('jari_unknown', 'Cannot be read now', {}, () => Number.NaN);
  lag = 5;
  const { text } = await get('/metrics');
  expect(text).toContain('jari_outbox_lag_messages{service="lodging"} 5');
  expect(text).toContain('jari_outbox_lag_messages{service="property"} 7');
  expect(text).not.toMatch(/^jari_unknown/m);
});

test('metrics of the global meter of OpenTelemetry are shown as well (K15)', async () => {
  global.getMeter('jari').createCounter('jari_alarms', { description: 'Alarms' }).add(2, { type: 'BooksDiffer' });
  expect((await get('/metrics')).text).toMatch(/^jari_alarms_total\{type="BooksDiffer"\} 2$/m);
});

test('a process that is stuck is reported for replacement (K13)', async () => {
  expect(await get('/livez')).toEqual({ status: 200, text: 'ok\n' });
  live = false;
  expect(await get('/livez')).toMatchObject({ status: 503 });
});

test('a process that is not ready says what it waits for, and gets no traffic (K13)', async () => {
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
  waitsFor = 'database';
  expect(await get('/readyz')).toEqual({ status: 503, text: 'waits for database\n' });
  expect(await get('/elsewhere')).toMatchObject({ status: 404 });
});

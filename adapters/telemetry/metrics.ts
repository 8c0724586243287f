import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { metrics as global } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Tls } from '#adapters/tls/tls.ts';

export type Labels = Readonly<Record<string, string>>;

/** Metrics of a process. Names are `jari_…`, in the base units of Prometheus (seconds, bytes). */
export interface Metrics {
  /** Duration of a call that was answered here. */
  rpc(method: string, code: string, milliseconds: number): void;
  /** A value that is read when somebody looks: the outbox's lag, a breaker's state. NaN says that it is not known now. */
  gauge(name: string, description: string, labels: Labels, read: () => number | Promise<number>): void;
}

export interface ServedMetrics extends Metrics {
  port: number;
  close(): Promise<void>;
}

export type Readiness = { ready: true } | { ready: false; waitsFor: string };

export interface MetricsOptions {
  service: string;
  /** 0 takes a free one. */
  port: number;
  /** Loopback unless it is told otherwise: a container's probes come from outside. */
  host?: string;
  /** With a certificate of its own the process answers by https. */
  tls?: Tls;
  /** Whether the process is worth keeping (K13). */
  live(): boolean;
  /** Whether it should get traffic now, and if not, what it waits for (K13). */
  ready(): Readiness | Promise<Readiness>;
}

/**
 * Serves `/metrics` for Prometheus, and `/livez` and `/readyz` for what restarts processes and routes to them. Parts that count by
 * OpenTelemetry's global meter are in it as well, if they begin after this.
 */
export async function serveMetrics({
  service,
  port,
  host = '127.0.0.1',
  tls,
  live,
  ready,
}: MetricsOptions): Promise<ServedMetrics> {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    readers: [exporter],
  });
  global.setGlobalMeterProvider(provider);
  const meter = provider.getMeter('jari');
  const rpcDuration = meter.createHistogram('jari_rpc_duration_seconds', {
    description: 'Time to answer a call',
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    switch (request.url) {
      case '/metrics':
        return exporter.getMetricsRequestHandler(request, response);
      case '/livez':
        return answer(response, live() ? 'ok' : undefined, 'stuck');
      case '/readyz': {
        return void Promise.resolve(ready()).then((state) =>
          answer(response, state.ready ? 'ok' : undefined, state.ready ? '' : `waits for ${state.waitsFor}`),
        );
      }
      default:
        response.writeHead(404).end();
    }
  };
  const server = tls?.own ? createSecureServer({ cert: tls.own.cert, key: tls.own.key }, serve) : createServer(serve);
  await once(server.listen(port, host), 'listening');

  return {
    rpc: (method, code, milliseconds) => rpcDuration.record(milliseconds / 1_000, { method, code }),
    gauge(name, description, labels, read) {
      meter.createObservableGauge(name, { description }).addCallback(async (result) => {
        const value = await read();
        if (!Number.isNaN(value)) result.observe(value, labels);
      });
    },
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      global.disable();
      await provider.shutdown();
    },
  };
}

const answer = (response: ServerResponse, well: string | undefined, ill: string): void =>
  void response.writeHead(well ? 200 : 503, { 'content-type': 'text/plain' }).end(`${well ?? ill}\n`);

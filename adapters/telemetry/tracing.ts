import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

let tracer: Tracer | undefined;

/** Sends spans to `OTEL_EXPORTER_OTLP_ENDPOINT`, when it is set; answers with how to send the last ones and stop. */
export function startTracing(service: string): () => Promise<void> {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => undefined;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  tracer = provider.getTracer('jari');
  return async () => {
    tracer = undefined;
    await provider.shutdown();
  };
}

const kinds = { call: SpanKind.SERVER, message: SpanKind.CONSUMER, timer: SpanKind.INTERNAL } as const;

/** What a span is about, and the step of the trace that it comes after. */
interface Traced {
  correlationId: string;
  traceparent?: string;
}

/**
 * Runs one call, message or timer as a span under the one that `of.traceparent` names, found by its correlation id. `run` gets `of`
 * with the traceparent for all that it causes: with no tracing here, the one that came.
 */
export async function inSpan<Of extends Traced, Result>(
  kind: keyof typeof kinds,
  name: string,
  of: Of,
  run: (traced: Of) => Promise<Result>,
): Promise<Result> {
  if (!tracer) return run(of);
  const span = tracer.startSpan(
    name,
    { kind: kinds[kind], attributes: { 'jari.correlation_id': of.correlationId } },
    parentOf(of.traceparent),
  );
  try {
    return await run({ ...of, traceparent: traceparentOf(span) });
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    span.end();
  }
}

const format = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Whether it may go along. Anybody can send anything in its place, and a message that carries too much cannot be sent. */
export const isTraceparent = (text: string): boolean => format.test(text);

function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = format.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags ?? '', 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}

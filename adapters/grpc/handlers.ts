import { once } from 'node:events';
import {
  Metadata,
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { inScope, type Scope } from '#adapters/scope/scope.ts';
import type { Metrics } from '#adapters/telemetry/metrics.ts';
import { inSpan } from '#adapters/telemetry/tracing.ts';
import type { Incoming } from './answer.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import { asRpcError, overloaded, RpcError, type CodeName } from '#adapters/rpc/errors.ts';
import { addressOfClient, isFromGateway, scopeOf, type InboundRules } from './inbound.ts';
import type { Limits } from './limits.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { toTrailers } from './trailers.ts';

/** What all calls of a server share. */
export interface ServerParts {
  log: Logger;
  metrics: Pick<Metrics, 'rpc'> | undefined;
  limits: Limits;
  /** A call that its caller gave up counts until its work is done. */
  calls: CallsInFlight;
  /** Open streams, each with what ends it. */
  streams: Set<AbortController>;
  door: InboundRules;
}

type StreamCall = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<never, Buffer>;
type Call = ServerUnaryCall<Buffer, Buffer> | StreamCall;
/** A call whose questions come one after the other. */
type Opening = Omit<Incoming, 'bytes'>;

export const unaryHandler =
  (
    path: string,
    parts: ServerParts,
    answer: (incoming: Incoming) => Promise<Uint8Array>,
  ): handleUnaryCall<Buffer, Buffer> =>
  (call, callback) => {
    const deadline = deadlineOf(call) ?? Date.now() + parts.limits.deadlineMs;
    const { scope, ...from } = arriving(call, deadline, parts);
    const record = recording(path, parts, scope);
    if (!parts.calls.begins()) return callback(record.failed(overloaded()));

    let answered = false;
    const finish = (error: unknown, response?: Uint8Array): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      if (!response) return callback(record.failed(error));
      record.end('OK');
      callback(null, asBuffer(response));
    };
    const timer = setTimeout(() => finish(overdue()), deadline - Date.now());
    // Also comes after a happy end.
    call.on('cancelled', () => answered || finish(whyLeft(deadline)));

    const incoming: Omit<Incoming, 'scope'> = {
      metadata: call.metadata,
      bytes: call.request,
      ...from,
      isFrom: record.isFrom,
    };
    within(scope, path, (traced) => answer({ ...incoming, scope: traced }))
      .then((response) => finish(undefined, response), finish)
      .finally(() => parts.calls.ended());
  };

export const streamHandler =
  (
    path: string,
    parts: ServerParts,
    answer: (incoming: Incoming, ending: AbortController) => AsyncIterable<Buffer>,
  ): handleServerStreamingCall<Buffer, Buffer> =>
  (call) =>
    answerMany(call, path, parts, (opening, ending) => answer({ ...opening, bytes: call.request }, ending));

/** The caller asks on, and each question is read when the answer before it has been taken. */
export const dialogueHandler =
  <Ask>(
    path: string,
    parts: ServerParts,
    answer: (asks: AsyncIterable<Ask>, opening: Opening, ending: AbortController) => AsyncIterable<Buffer>,
  ): handleBidiStreamingCall<Ask, Buffer> =>
  (call) =>
    answerMany(call as ServerDuplexStream<never, Buffer>, path, parts, (opening, ending) =>
      // Destroyed when reading ends, the call could not tell the caller why.
      answer(call.iterator({ destroyOnReturn: false }) as AsyncIterable<Ask>, opening, ending),
    );

function answerMany(
  call: StreamCall,
  path: string,
  parts: ServerParts,
  answer: (opening: Opening, ending: AbortController) => AsyncIterable<Buffer>,
): void {
  const { scope, ...from } = arriving(call, deadlineOf(call) ?? Infinity, parts);
  const record = recording(path, parts, scope);
  if (parts.streams.size >= parts.limits.streams) return void call.emit('error', record.failed(overloaded()));
  const ending = new AbortController();
  parts.streams.add(ending);
  call.on('cancelled', () => ending.abort(whyLeft(scope.deadline ?? Infinity)));

  const opening: Omit<Opening, 'scope'> = { metadata: call.metadata, ...from, isFrom: record.isFrom };
  const finished = within(scope, path, (traced) =>
    writeAll(answer({ ...opening, scope: traced, tell: telling(call) }, ending), call, ending.signal),
  );
  // A source may send a last message while the caller is connected, within a limit of time.
  const aborted = new Promise<never>((_, reject) =>
    ending.signal.addEventListener(
      'abort',
      () => setTimeout(() => reject(ending.signal.reason), call.cancelled ? 0 : lastWordMs),
      { once: true },
    ),
  );
  Promise.race([finished, aborted])
    .then(
      () => (record.end('OK'), call.end()),
      (error: unknown) => call.emit('error', record.failed(error)),
    )
    .finally(() => parts.streams.delete(ending));
}

const telling =
  (call: StreamCall) =>
  (name: string, value: string): void => {
    const metadata = new Metadata();
    metadata.set(name, value);
    call.sendMetadata(metadata);
  };

/** Time for the last message of a stream when its server shuts down. */
const lastWordMs = 250;

/** Writes as fast as the caller reads. */
async function writeAll(responses: AsyncIterable<Buffer>, call: StreamCall, signal: AbortSignal): Promise<void> {
  for await (const response of responses) {
    if (call.cancelled) break;
    if (!call.write(response) && !signal.aborted) await once(call, 'drain', { signal });
  }
  signal.throwIfAborted();
}

/** Where a call comes from, and what is done in its course is marked with. */
function arriving(
  call: Call,
  deadline: number,
  { door }: ServerParts,
): { scope: Scope; address: string; counted: boolean } {
  const address = addressOfClient(call.metadata, call.getPeer(), door);
  return { scope: scopeOf(call.metadata, deadline, address), address, counted: isFromGateway(call.metadata, door) };
}

/** One log line and one measurement per call. */
function recording(path: string, { log, metrics }: ServerParts, scope: Scope) {
  const began = performance.now();
  let subject: string | undefined;
  const end = (code: CodeName | 'OK', more: object = {}, level: 'info' | 'error' = 'info'): void => {
    const ms = performance.now() - began;
    metrics?.rpc(path, code, ms);
    inScope(scope, () =>
      log[level](
        { method: path, code, ms: Math.round(ms * 10) / 10, subject, address: scope.clientAddress, ...more },
        'call',
      ),
    );
  };
  return {
    end,
    isFrom: (caller: Caller): void => void (subject = caller.id),
    /** Returns the error that the caller gets. */
    failed(error: unknown): ReturnType<typeof toTrailers> {
      return inScope(scope, () => {
        const { code, reason } = asRpcError(error);
        // What the caller may not see, or would not understand, is in the log.
        end(
          code,
          error instanceof RpcError ? { reason } : { reason, err: error },
          code === 'INTERNAL' ? 'error' : 'info',
        );
        return toTrailers(error);
      });
    },
  };
}

function deadlineOf(call: Call): number | undefined {
  const deadline = Number(call.getDeadline());
  return deadline === Infinity ? undefined : deadline;
}

const within = <Result>(scope: Scope, path: string, run: (traced: Scope) => Promise<Result>): Promise<Result> =>
  inSpan('call', path, scope, (traced) => inScope(traced, () => run(traced)));

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The caller's deadline started before ours, by the transit time of the request: a cancellation this close to the deadline (ms) counts as exceeded. */
const clocksApart = 10;
const whyLeft = (deadline: number): RpcError => (Date.now() >= deadline - clocksApart ? overdue() : cancelled());

const overdue = (): RpcError =>
  new RpcError(
    'DEADLINE_EXCEEDED',
    'DEADLINE_EXCEEDED',
    'the deadline passed before the answer; the call may have taken effect',
  );
const cancelled = (): RpcError => new RpcError('CANCELLED', 'CANCELLED', 'the caller cancelled the call');
export const shuttingDown = (): RpcError =>
  new RpcError('UNAVAILABLE', 'SHUTTING_DOWN', 'the server is shutting down; connect again', { retryAfterMs: 1_000 });

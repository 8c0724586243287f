import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Where the load goes. */
export interface Target {
  /** gRPC address of lodging: itself on the stack, the whole system when it is one process. */
  lodging: string;
  /** The gateway. */
  rest: string;
  /** Database of the read model, to see there what has been paid. */
  views: string;
  /** Tokens of guests; each call is made by the next one. */
  tokens: readonly string[];
}

export type Load = {
  /** `reserve` ends when the reservation is seen to be paid; `get` and `list` read reservations. */
  call: 'accept-grpc' | 'accept-rest' | 'reserve' | 'get' | 'list';
  /** Ids of the rooms to ask for; for `get`, of reservations. */
  of: readonly string[];
  seconds: number;
} & (
  | { loop: 'closed'; inFlight: number }
  /** So many a second, whatever the answers take. */
  | { loop: 'open'; perSecond: number }
);

export interface LoadResult {
  done: number;
  failed: number;
  /** Of those that failed: were told when to come again; milliseconds from asking until then. */
  refused: { count: number; p50: number; p95: number };
  /** What the first one was told that failed and was not told when to come again. */
  failure?: string;
  /** Until the last answer. */
  seconds: number;
  /** Milliseconds; in an open loop from when the call was due. */
  latency: { p50: number; p99: number };
  /** Of `reserve`: until it was accepted, and from then until it was paid. */
  accept: { p50: number; p99: number };
  afterAccept: { p50: number; p99: number };
}

export interface LoadProcess {
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

export function loadProcess(target: Target): LoadProcess {
  const child = fork(join(import.meta.dirname, 'load-worker.ts'));
  child.send({ target });
  return {
    run: (load) =>
      new Promise((resolve, reject) => {
        const left = (): void => reject(new Error('the load process ended'));
        child.once('exit', left);
        child.once('message', (answer: { result: LoadResult } | { error: string }) => {
          child.off('exit', left);
          if ('result' in answer) resolve(answer.result);
          else reject(new Error(answer.error));
        });
        child.send({ load });
      }),
    stop: () => child.disconnect(),
  };
}

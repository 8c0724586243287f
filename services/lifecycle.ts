import type { Logger } from 'pino';

/** A signal that comes so soon after the first is the same wish: npm passes on what the terminal has sent us already. */
const againMs = 1_000;

export interface Lifecycle {
  /** Aborted as soon as the process is to end. */
  signal: AbortSignal;
  /** Has something closed at the end; what was opened last is closed first. */
  onEnd(close: () => Promise<unknown> | void): void;
  /** The same for what must not outlive the process: a second Ctrl-C stops it, and waits for nothing else. */
  onSecondSignal(stop: () => Promise<void>): void;
  /** Closes everything. */
  end(): Promise<void>;
}

/** How a process ends: by itself, or by SIGINT and SIGTERM. */
export function lifecycle(log: Logger): Lifecycle {
  const ending = new AbortController();
  const closing: (() => Promise<unknown> | void)[] = [];
  let stopAtOnce = (): Promise<void> => Promise.resolve();
  let ended: Promise<void> | undefined;
  let signalledAt: number | undefined;
  /** 130 after a second signal: once PostgreSQL is stopped, what waited for it ends too, perhaps before the stopping does. */
  let code = 0;

  const end = (): Promise<void> =>
    (ended ??= (async () => {
      ending.abort();
      for (const close of closing.reverse())
        await Promise.resolve(close()).catch((error: unknown) => log.error({ err: error }, 'closing failed'));
    })());
  const onSignal = (): void => {
    signalledAt ??= performance.now();
    if (!ended) void end().then(() => process.exit(code));
    else if (performance.now() - signalledAt > againMs) {
      code = 130;
      void stopAtOnce().finally(() => process.exit(code));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);

  return {
    signal: ending.signal,
    onEnd: (close) => void closing.push(close),
    onSecondSignal: (stop) => void (stopAtOnce = stop),
    end,
  };
}

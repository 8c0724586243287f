import type { Logger } from 'pino';
import { outOfScope } from '#adapters/scope/scope.ts';

/** Work that repeats: at once when woken, else after a rest. */
export interface Loop {
  /** There is work. Cheap; wakes that come together are one. */
  wake(): void;
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  name: string;
  log: Logger;
  /** Does one round; answers with the milliseconds to rest before the next unless woken. */
  round(): Promise<number>;
  /** Wakes within this many milliseconds are answered by one round: work that comes in bursts is cheaper in batches. */
  coalesceMs: number;
}

/** A round that throws is logged once per kind of trouble and tried again after a second: the database may be away for a while. */
export function loop({ name, log, round, coalesceMs }: LoopOptions): Loop {
  let stopped = false;
  let woken = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let trouble: string | undefined;

  const schedule = (ms: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = outOfScope(() => setTimeout(start, ms));
  };
  const start = (): void => {
    running = once().finally(() => (running = undefined));
  };
  async function once(): Promise<void> {
    woken = false;
    let rest: number;
    try {
      rest = await round();
      if (trouble) log.info(`${name}: works again`);
      trouble = undefined;
    } catch (error) {
      const message = (error as Error).message;
      if (message !== trouble && !stopped) log.warn({ err: error }, `${name}: waits, because ${message}`);
      trouble = message;
      rest = 1_000;
    }
    schedule(woken && !trouble ? coalesceMs : rest);
  }

  schedule(0);
  return {
    wake() {
      if (woken || stopped) return;
      woken = true;
      if (!running && !trouble) schedule(coalesceMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

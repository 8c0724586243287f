import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** The histories that one worker plays: `count` seeds from `first` on, each `step` after the other. */
export interface Share extends Search {
  step: number;
  count: number;
  /** Not 0 once one was found: the others need not go on. */
  stop: Int32Array;
}

interface Search {
  business: string;
  /** The title of the planted bug. */
  bug?: string | undefined;
  first: number;
}

/** A history that broke a promise. */
export interface Found {
  seed: number;
  broken: readonly string[];
  made: readonly number[];
}

export type FromWorker = { done: number } | { found: Found } | 'over';

/** Threads that play histories, one for each processor. Each takes seconds to start, so they play one search after the other. */
export class Workers {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('worker.ts', import.meta.url)),
  );

  /** Plays that many histories; ends at the first that breaks a promise. */
  async search(
    { seeds, first, ...what }: Search & { seeds: number },
    progress: (done: number) => void = () => undefined,
  ): Promise<Found | undefined> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const step = this.#workers.length;
    let found: Found | undefined;
    let done = 0;
    const play = (worker: Worker, nth: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const heard = (message: FromWorker): void => {
          if (message === 'over') {
            worker.off('message', heard).off('error', reject);
            resolve();
          } else if ('done' in message) progress((done += message.done));
          else found ??= message.found;
        };
        worker.on('message', heard).on('error', reject);
        worker.postMessage({
          ...what,
          first: first + nth,
          step,
          count: Math.ceil((seeds - nth) / step),
          stop,
        } satisfies Share);
      });
    await Promise.all(this.#workers.map(play));
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

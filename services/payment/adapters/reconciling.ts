import type { Logger } from 'pino';
import { minutes, seconds } from '#kernel/time.ts';
import type { ComparedBooks, Ports } from '../ports.ts';
import { compareBooks } from '../reconciliation.ts';

/** Each run looks this far back, so that one that was missed is made up for. */
const lookBackMs = seconds(86_400);

/** What failed is tried again so soon. */
const againMs = minutes(1);

/** Compares the books at the start and then every `periodMs` (0: never), and raises an alarm for each difference, every time until it is mended. */
export function reconciling(
  ports: Pick<Ports, 'payments' | 'provider' | 'turn' | 'now' | 'raise'> & { books: ComparedBooks },
  { periodMs, patienceMs }: { periodMs: number; patienceMs: number },
  log: Logger,
) {
  let next: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    let pause = periodMs;
    try {
      const differences = await compareBooks(ports, { lookBackMs: Math.max(lookBackMs, 2 * periodMs), patienceMs });
      log.info({ differences: differences.length }, 'payment: reconciled');
    } catch (error) {
      pause = Math.min(periodMs, againMs);
      log.warn({ err: error }, `payment: reconciliation failed; it runs again in ${pause / 1_000} s`);
    }
    if (next) next = setTimeout(run, pause).unref();
  }

  return {
    start() {
      if (periodMs > 0) next = setTimeout(run, 0).unref();
    },
    stop() {
      clearTimeout(next);
      next = undefined;
    },
  };
}

import type { Logger } from 'pino';
import { seconds } from '#kernel/time.ts';
import type { Ports } from '../ports.ts';
import { reconcile } from '../reconciliation.ts';

/** Each run looks this far back, so that one that was missed is made up for. */
const lookBackMs = seconds(86_400);

/** Compares the books every `periodMs` (0: never), and raises an alarm for each difference, every time until it is mended. */
export function reconciling(ports: Pick<Ports, 'payments' | 'provider' | 'now' | 'raise'>, periodMs: number, log: Logger) {
  let next: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    try {
      const differences = await reconcile(ports, ports.now() - Math.max(lookBackMs, 2 * periodMs));
      for (const difference of differences) ports.raise({ type: 'BooksDiffer', ...difference });
      log.info({ differences: differences.length }, 'payment: reconciled');
    } catch (error) {
      log.warn({ err: error }, 'payment: reconciliation failed; it runs again at its next turn');
    }
    if (next) next = setTimeout(run, periodMs).unref();
  }

  return {
    start() {
      if (periodMs > 0) next = setTimeout(run, periodMs).unref();
    },
    stop() {
      clearTimeout(next);
      next = undefined;
    },
  };
}

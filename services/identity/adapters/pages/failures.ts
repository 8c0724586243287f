import { RpcError } from '#adapters/rpc/errors.ts';
import type { Notice } from './pages.ts';
import type { Texts } from './texts.ts';

/** How a page says that identity refused, or did not answer. */
export interface Failure {
  status: number;
  notice: Notice;
  /** Seconds. */
  retryAfter?: number;
}

export const bad = (title: string, text: string): Notice => ({ kind: 'bad', title, text });

export const good = (title: string, text: string): Notice => ({ kind: 'good', title, text });

const minute = 60_000;

/** `refused` has the words for what only one page is refused for. */
export function failureOf(
  error: unknown,
  t: Pick<Texts, 'down' | 'downMore' | 'tooMany' | 'tooManyMore'>,
  refused: (error: RpcError) => Omit<Failure, 'retryAfter'>,
): Failure {
  if (!(error instanceof RpcError)) return { status: 503, notice: bad(t.down, t.downMore) };
  if (error.reason !== 'TOO_MANY_ATTEMPTS') return refused(error);
  const retryAfter = Math.ceil((error.retryAfterMs ?? minute) / 1_000);
  return { status: 429, notice: bad(t.tooMany, t.tooManyMore(Math.ceil(retryAfter / 60))), retryAfter };
}

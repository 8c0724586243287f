import { useEffect, useState } from 'react';
import { ApiError } from '../../api/http.ts';
import { useFormats, useTexts } from '../../text/language.ts';
import { text } from './text.ts';

/** While the API asks to wait before the next try: in how long that is, in words. Undefined once one may try. */
export function useLater(error: unknown): string | undefined {
  const words = useTexts(text);
  const { duration } = useFormats();
  const [seen, setSeen] = useState(0);
  const waitMs = error instanceof ApiError && error.isPassing ? (error.retryAfterMs ?? 0) : 0;
  const from = error instanceof ApiError ? error.at : 0;
  const leftMs = from + waitMs - Math.max(seen, from);
  const waits = leftMs > 0;
  useEffect(() => {
    if (!waits) return undefined;
    const ticks = setInterval(() => setSeen(Date.now()), 500);
    return () => clearInterval(ticks);
  }, [waits]);
  return waits ? words.tryIn(duration(Math.ceil(leftMs / 1_000) * 1_000)) : undefined;
}

/**
 * Wakes one who waits for news, such as an open stream; a ring while nobody waits is remembered. Ends with the signal's reason, or with the
 * first failure.
 */
export function bellUntil(signal: AbortSignal) {
  let rung = false;
  let failure: { error: unknown } | undefined;
  let waken = (): void => undefined;

  const ring = (): void => {
    rung = true;
    waken();
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    waken();
  };
  const ended = (): void => fail(signal.reason);
  signal.addEventListener('abort', ended);

  const goesOn = (): void => {
    signal.throwIfAborted();
    if (failure) throw failure.error;
  };

  /** Whether it rang before that time came. */
  async function rungBefore(at: number): Promise<boolean> {
    goesOn();
    if (!rung)
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, Math.max(0, at - Date.now()));
        waken = () => {
          clearTimeout(late);
          resolve();
        };
      });
    goesOn();
    const was = rung;
    rung = false;
    return was;
  }

  return {
    ring,
    fail,
    rungBefore,
    /** What `take` finds, once it finds something; undefined after so long without. It is asked again whenever the bell rings. */
    async next<News>(take: () => News | undefined, quietMs: number): Promise<News | undefined> {
      for (const at = Date.now() + quietMs; ;) {
        goesOn();
        const found = take();
        if (found !== undefined || !(await rungBefore(at))) return found;
      }
    },
    leave: (): void => signal.removeEventListener('abort', ended),
  };
}

export type Bell = ReturnType<typeof bellUntil>;

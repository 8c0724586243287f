/**
 * Wakes one who waits for news, such as an open stream; a notification while nobody waits is remembered. Ends with the signal's reason, or with the
 * first failure.
 */
export function notifierUntil(signal: AbortSignal) {
  let isNotified = false;
  let failure: { error: unknown } | undefined;
  let waken = (): void => undefined;

  const notify = (): void => {
    isNotified = true;
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

  /** Whether it was notified before that time came. */
  async function notifiedBefore(at: number): Promise<boolean> {
    goesOn();
    if (!isNotified)
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, Math.max(0, at - Date.now()));
        waken = () => {
          clearTimeout(late);
          resolve();
        };
      });
    goesOn();
    const was = isNotified;
    isNotified = false;
    return was;
  }

  return {
    notify,
    fail,
    notifiedBefore,
    /** What `take` finds, once it finds something; undefined after so long without. It is asked again at each notification. */
    async next<News>(take: () => News | undefined, quietMs: number): Promise<News | undefined> {
      for (const at = Date.now() + quietMs; ;) {
        goesOn();
        const found = take();
        if (found !== undefined || !(await notifiedBefore(at))) return found;
      }
    },
    leave: (): void => signal.removeEventListener('abort', ended),
  };
}

export type Notifier = ReturnType<typeof notifierUntil>;

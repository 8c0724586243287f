/** A stream says something at least every 15 seconds. One that is silent for longer is dead, whatever the browser thinks. */
const silenceMs = 40_000;
const pausesMs = [500, 1_000, 2_000, 5_000];

/**
 * Reads a stream of the API until the signal, and comes back by itself when it breaks; ends early where the reader must sign in. An event
 * with an error is the last of its stream.
 */
export async function follow<Event extends { error?: unknown }>(
  path: string,
  signal: AbortSignal,
  { heard, broken }: { heard: (event: Event) => void; broken: () => void },
): Promise<'left' | 'refused'> {
  for (let failures = 0; !signal.aborted; failures++) {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    signal.addEventListener('abort', stop);
    let silence = setTimeout(stop, silenceMs);
    try {
      const response = await fetch(path, {
        headers: { accept: 'text/event-stream', 'accept-language': document.documentElement.lang },
        signal: attempt.signal,
      });
      if (response.status === 401 || response.status === 403) return 'refused';
      if (response.ok && response.body) {
        for await (const event of eventsIn<Event>(response.body)) {
          clearTimeout(silence);
          silence = setTimeout(stop, silenceMs);
          if (event.error) break;
          failures = 0;
          heard(event);
        }
      }
    } catch {
      // The connection broke, or was silent for too long: as if it had ended.
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
    if (signal.aborted) break;
    broken();
    await pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 5_000, signal);
  }
  return 'left';
}

/** The events of a stream, each one line of JSON. */
async function* eventsIn<Event>(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = text.slice(0, end).replace(/^data: ?/, '');
        text = text.slice(end + 2);
        if (data.trim()) yield JSON.parse(data) as Event;
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** Until the time is over, the device is online again, or nobody waits any more. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms * (0.75 + Math.random() / 2));
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });

/** The events of a stream, each one line of JSON. */
export async function* eventsIn<Event>(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
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

/** Server-sent events as a browser reads them. */
export async function* eventsOf<Event>(response: Response): AsyncIterable<Event> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body!) {
    text += decoder.decode(bytes, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text.slice(0, end).replace(/^data: ?/, '');
      text = text.slice(end + 2);
      if (data.trim()) yield JSON.parse(data) as Event;
    }
  }
}

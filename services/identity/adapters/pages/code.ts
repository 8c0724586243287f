/** The code of a link that was mailed, or nothing that could be one. */
export function codeIn(query: URLSearchParams): { id: string; secret: string; text: string } | undefined {
  const [text, id, secret] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(query.get('code') ?? '') ?? [];
  return text && id && secret ? { id, secret, text } : undefined;
}

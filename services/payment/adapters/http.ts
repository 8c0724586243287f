import { Agent, request } from 'node:http';

export interface Answered {
  status: number;
  body: unknown;
  /** Header Retry-After. */
  retryAfter: string | undefined;
}

/** JSON over HTTP on kept connections. Rejects when no whole answer came within `timeoutMs`. */
export function jsonClient(
  address: string | Promise<string>,
  { timeoutMs, connections }: { timeoutMs: number; connections: number },
) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  async function call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const url = new URL(path, await address);
    const json = body && JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        agent,
        method,
        headers: {
          ...headers,
          ...(json ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) } : {}),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({
              status: response.statusCode ?? 0,
              body: JSON.parse(text),
              retryAfter: response.headers['retry-after'],
            });
          } catch (error) {
            reject(error as Error);
          }
        });
      });
      sent.end(json);
    });
  }

  return { call, close: () => agent.destroy() };
}

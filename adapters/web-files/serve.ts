import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Tls } from '#adapters/tls/tls.ts';
import type { WebFiles } from './web-files.ts';

/** Serves the web application, and `/livez`, to a gateway in front, which adds the headers that every answer has. */
export async function serveWeb({
  files,
  port,
  host = '127.0.0.1',
  tls,
}: {
  files: WebFiles;
  /** 0 takes a free one. */
  port: number;
  host?: string;
  /** With a certificate of its own it answers by https. */
  tls?: Tls;
}): Promise<{ port: number; close(): Promise<void> }> {
  const serve = ({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void => {
    const [path = ''] = url.split('?', 1);
    if (path === '/livez') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    const answer = files.answer({ method, path, headers });
    if (!answer) return void response.writeHead(404).end();
    const length = method === 'HEAD' || answer.status === 304 ? {} : { 'content-length': answer.body.length };
    response
      .writeHead(answer.status, { ...answer.headers, ...length })
      .end(method === 'HEAD' ? undefined : answer.body);
  };
  const server = tls?.own ? createSecureServer({ cert: tls.own.cert, key: tls.own.key }, serve) : createServer(serve);
  await once(server.listen(port, host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

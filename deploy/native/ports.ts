import { connect, createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that nobody uses. From below the range that the system lends to outgoing connections, so that it can be
 * remembered and is likely to be free the next time too.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!handedOut.has(port) && (await isFree(port))) {
      handedOut.add(port);
      return port;
    }
  }
}
const handedOut = new Set<number>();

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Whether somebody takes connections there; with `say` and `expect`, somebody who answers so. */
export const answers = (port: number, say = '', expect?: (reply: Buffer) => boolean): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const done = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.on('connect', () => (expect ? socket.write(say) : done(true)));
    socket.on('data', (reply) => done(expect?.(reply) ?? true));
    for (const event of ['error', 'timeout', 'close'] as const) socket.on(event, () => done(false));
  });

import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Most requests that may wait on a connection behind the current one. A connection with more is closed. */
const mostWaiting = 100;

/**
 * Handles the requests of a connection one after the other, as HTTP/1.1 answers them anyway. Otherwise a client could send many at once
 * on one connection and make all others wait.
 */
export function inTurn(handle: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, (() => void)[]>();
  return (request, response) => {
    const { socket } = request;
    const queue = waiting.get(socket);
    const start = (): void => {
      response.once('close', () => setImmediate(next, socket));
      handle(request, response);
    };
    if (!queue) {
      waiting.set(socket, []);
      start();
    } else if (queue.length < mostWaiting) queue.push(start);
    else socket.destroy();
  };

  function next(socket: Socket): void {
    const start = socket.destroyed ? undefined : waiting.get(socket)?.shift();
    if (start) start();
    else waiting.delete(socket);
  }
}

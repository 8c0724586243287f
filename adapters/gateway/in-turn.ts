import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that may wait on a connection behind the one in hand. A connection with more is closed. */
const mostWaiting = 100;

/**
 * Takes the requests of a connection one after the other, as HTTP/1.1 answers them anyway. Otherwise whoever sends many at once on one
 * connection has all of them in hand at once, and everybody else waits.
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

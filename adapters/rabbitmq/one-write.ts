import type { Socket } from 'node:net';
import type { Connection } from 'rabbitmq-client';

/**
 * What is sent within a turn of the event loop goes out in one write: the library makes one of every publish and every
 * acknowledgement, and each costs more than all the rest of it.
 */
export function oneWriteATurn(connection: Connection): () => void {
  let corked: Socket | undefined;
  return () => {
    if (corked) return;
    corked = (connection as unknown as { _socket: Socket })._socket;
    corked.cork();
    setImmediate(() => {
      corked?.uncork();
      corked = undefined;
    });
  };
}

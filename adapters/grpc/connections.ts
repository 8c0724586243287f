import type { Server, Socket } from 'node:net';
import { placeOf } from './client-address.ts';
import { openCounts } from './open-counts.ts';

/** Closes at once what a client address, or IPv6 network, opens beyond so many connections to a server; 0 is no limit. */
export function limitConnections(server: Server, mostPerAddress: number): void {
  if (!mostPerAddress) return;
  const counts = openCounts();
  server.prependListener('connection', (socket: Socket) => {
    const place = placeOf(socket.remoteAddress ?? '');
    if (counts.of(place) >= mostPerAddress) return void socket.destroy();
    socket.once('close', counts.open(place));
  });
}

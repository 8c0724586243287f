import { createServer, type AddressInfo, type Server as Listener } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { limitConnections } from './connections.ts';

/** Has a gRPC server listen on `host:port`, with a limit of connections: its own listeners are out of reach. Resolves with what listens. */
export async function listening(
  server: Server,
  address: string,
  { credentials, mostPerAddress }: { credentials: ServerCredentials; mostPerAddress: number },
): Promise<Listener> {
  const { injectConnection } = server.createConnectionInjector(credentials);
  const listener = createServer((socket) => socket.destroyed || injectConnection(socket));
  limitConnections(listener, mostPerAddress);
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  await new Promise<void>((bound, failed) => {
    listener.once('error', failed).listen(Number(port), host, () => {
      listener.off('error', failed);
      bound();
    });
  });
  return listener;
}

export const portOf = (listener: Listener): number => (listener.address() as AddressInfo).port;

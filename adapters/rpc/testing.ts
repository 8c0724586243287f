import type { RpcService } from './rpc.ts';

/** A request as the server gives it to a method: what it lacks has the proto's own values. */
export const asDecoded = ({ definition }: RpcService['methods'][number], request: object): never =>
  ({ ...(definition.requestDeserialize(Buffer.alloc(0)) as object), ...request }) as never;

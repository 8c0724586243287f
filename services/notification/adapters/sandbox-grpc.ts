import { RpcError } from '#adapters/grpc/errors.ts';
import { query, rpcService, type RpcService } from '#adapters/grpc/rpc.ts';
import * as proto from '#proto/jari/notification/v1/sandbox.ts';
import { modes } from '../messenger/server.ts';
import type { Messenger } from './messenger.ts';

/** The sandbox messenger's switches and ledger, for demonstrations and tests. In development only. */
export const sandboxRpc = (messenger: Messenger): RpcService =>
  rpcService(proto.SandboxServiceService, {
    setMessengerMode: query(['admin'], async ({ mode, delayMs }) => {
      const wanted = modes.find((each) => proto.Messenger_Mode[each] === mode) ?? 'NORMAL';
      const set = await reached(() => messenger.setMode(wanted, delayMs));
      return { mode: proto.Messenger_Mode[set.mode], delayMs: set.delayMs };
    }),
    listMessengerEntries: query(['admin'], async ({ orderId }) => ({
      entries: (await reached(() => messenger.entries(orderId))).map(({ order_id, type, phone, text, at }) => ({
        ...{ orderId: order_id, phone, text },
        type: proto.MessengerEntry_Type[type],
        at: new Date(at),
      })),
    })),
  });

async function reached<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch {
    throw new RpcError('UNAVAILABLE', 'PROVIDER_UNREACHABLE', 'the messenger cannot be reached', { retryAfterMs: 1_000 });
  }
}

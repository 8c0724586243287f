import { query, rpcService, type RpcService } from '#adapters/rpc/rpc.ts';
import { callSandbox } from '#adapters/sandbox/client.ts';
import { modes } from '#adapters/sandbox/server.ts';
import * as proto from '#proto/jari/notification/v1/sandbox.ts';
import type { Messenger } from './messenger.ts';

/** The sandbox messenger's switches and ledger, for demonstrations and tests. In development only. */
export const sandboxRpc = (messenger: Messenger): RpcService =>
  rpcService(proto.SandboxServiceService, {
    setMessengerMode: query(['admin'], async ({ mode, delayMs }) => {
      const wanted = modes.find((each) => proto.Messenger_Mode[each] === mode) ?? 'NORMAL';
      const set = await callSandbox('provider', 'messenger', () => messenger.setMode(wanted, delayMs));
      return { mode: proto.Messenger_Mode[set.mode], delayMs: set.delayMs };
    }),
    listMessengerEntries: query(['admin'], async ({ orderId }) => ({
      entries: (await callSandbox('provider', 'messenger', () => messenger.entries(orderId))).map(
        ({ order_id, type, phone, text, at }) => ({
          ...{ orderId: order_id, phone, text },
          type: proto.MessengerEntry_Type[type],
          at: new Date(at),
        }),
      ),
    })),
  });

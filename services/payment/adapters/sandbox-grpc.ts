import { toProto } from '#adapters/rpc/money.ts';
import { query, rpcService, type RpcService } from '#adapters/rpc/rpc.ts';
import { callSandbox } from '#adapters/sandbox/client.ts';
import { modes } from '#adapters/sandbox/server.ts';
import * as proto from '#proto/jari/payment/v1/sandbox.ts';
import type { LedgerEntry } from '../ports.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox provider's switches and books, for demonstrations and tests. In development only. */
export const sandboxRpc = (sandbox: Sandbox): RpcService =>
  rpcService(proto.SandboxServiceService, {
    setPaymentProviderMode: query(['admin'], async ({ mode, delayMs }) => {
      const wanted = modes.find((each) => proto.PaymentProvider_Mode[each] === mode) ?? 'NORMAL';
      const set = await callSandbox('provider', 'payment provider', () => sandbox.setMode(wanted, delayMs));
      return { mode: proto.PaymentProvider_Mode[set.mode], delayMs: set.delayMs };
    }),
    listLedgerEntries: query(['admin'], async ({ orderId }) => ({
      entries: (await callSandbox('provider', 'payment provider', () => sandbox.booked(orderId))).map(toEntry),
    })),
  });

const toEntry = ({ key, type, amount, at }: LedgerEntry): proto.LedgerEntry => ({
  orderId: key,
  type: proto.LedgerEntry_Type[type],
  amount: toProto(amount),
  at: new Date(at),
});

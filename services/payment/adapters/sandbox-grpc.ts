import { RpcError } from '#adapters/grpc/errors.ts';
import { toProto } from '#adapters/grpc/money.ts';
import { query, rpcService, type RpcService } from '#adapters/grpc/rpc.ts';
import * as proto from '#proto/jari/payment/v1/sandbox.ts';
import type { LedgerEntry } from '../ports.ts';
import { modes } from '../provider/server.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox provider's switches and books, for demonstrations and tests. In development only. */
export const sandboxRpc = (sandbox: Sandbox): RpcService =>
  rpcService(proto.SandboxServiceService, {
    setPaymentProviderMode: query(['admin'], async ({ mode, delayMs }) => {
      const wanted = modes.find((each) => proto.PaymentProvider_Mode[each] === mode) ?? 'NORMAL';
      const set = await reached(() => sandbox.setMode(wanted, delayMs));
      return { mode: proto.PaymentProvider_Mode[set.mode], delayMs: set.delayMs };
    }),
    listLedgerEntries: query(['admin'], async ({ orderId }) => ({
      entries: (await reached(() => sandbox.booked(orderId))).map(toEntry),
    })),
  });

const toEntry = ({ key, type, amount, at }: LedgerEntry): proto.LedgerEntry => ({
  orderId: key,
  type: proto.LedgerEntry_Type[type],
  amount: toProto(amount),
  at: new Date(at),
});

async function reached<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch {
    throw new RpcError('UNAVAILABLE', 'PROVIDER_UNREACHABLE', 'the payment provider cannot be reached', { retryAfterMs: 1_000 });
  }
}

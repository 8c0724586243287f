import { toProto } from '#adapters/rpc/money.ts';
import { query, rpcService, type RpcService } from '#adapters/rpc/rpc.ts';
import { callSandbox } from '#adapters/sandbox/client.ts';
import { modes } from '#adapters/sandbox/server.ts';
import * as proto from '#proto/jari/payout/v1/sandbox.ts';
import type { BankEntry } from '../ports.ts';
import { masked } from './masked.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox bank's switches and books, for demonstrations and tests. In development only. */
export const sandboxRpc = (sandbox: Pick<Sandbox, 'setMode' | 'booked'>): RpcService =>
  rpcService(proto.SandboxServiceService, {
    setBankMode: query(['admin'], async ({ mode, delayMs }) => {
      const wanted = modes.find((each) => proto.Bank_Mode[each] === mode) ?? 'NORMAL';
      const set = await callSandbox('bank', 'bank', () => sandbox.setMode(wanted, delayMs));
      return { mode: proto.Bank_Mode[set.mode], delayMs: set.delayMs };
    }),
    listBankEntries: query(['admin'], async ({ orderId }) => ({
      entries: (await callSandbox('bank', 'bank', () => sandbox.booked(orderId))).map(toEntry),
    })),
  });

const toEntry = ({ orderId, amount, account, at }: BankEntry): proto.BankEntry => ({
  orderId,
  type: proto.BankEntry_Type.TRANSFER,
  amount: toProto(amount),
  at: new Date(at),
  account: masked(account),
});

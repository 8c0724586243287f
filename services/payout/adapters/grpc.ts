import type { Kept } from '#kernel/aggregate.ts';
import { notFound } from '#adapters/grpc/errors.ts';
import { toProto } from '#adapters/grpc/money.ts';
import { paged } from '#adapters/grpc/page.ts';
import { command, file, has, query, roles, rpcService, type RpcService } from '#adapters/grpc/rpc.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import * as proto from '#proto/jari/payout/v1/payout.ts';
import type { PayoutAccount } from '../account.ts';
import type { Payout } from '../payout.ts';
import type { PayoutAccounts, Payouts, Shown, Statements } from '../ports.ts';
import { registerAccount } from '../usecases.ts';
import { openedAccount, sealedAccount } from './sealed-account.ts';
import { statementFile, statementPage } from './statement.ts';

export interface Ports {
  payouts: Payouts;
  accounts: PayoutAccounts;
  statements: Statements;
  sealing: Sealing;
}

/** Anybody may be paid out: whose payout it is decides, not the role. */
export const payoutRpc = ({ payouts, accounts, statements, sealing }: Ports): RpcService =>
  rpcService(proto.PayoutServiceService, {
    listPayouts: query(roles, async (request, caller) => {
      const filter = { payeeId: has(caller, 'admin') ? undefined : caller.id, shown: wanted[request.status] };
      const { items, nextPageToken } = await paged(request, (page) => payouts.list(filter, page), toPayout);
      return { payouts: items, nextPageToken };
    }),
    getPayoutAccount: query(roles, async (_, caller) => {
      const kept = await accounts.get(caller.id);
      if (!kept) throw notFound('payout account');
      return toAccount(kept, sealing);
    }),
    putPayoutAccount: command(roles, {
      run: ({ bank, number, holder }, caller) => registerAccount({ accounts }, caller.id, sealedAccount({ bank, number, holder }, sealing)),
      answer: (after) => toAccount(after, sealing),
      refusals: {},
      sealing,
    }),
    getStatement: query(roles, (request, caller) => statementPage(statements, caller.id, request)),
    exportStatement: file(roles, { fileName: ({ id }) => `statement-${id}.csv`, run: (_, caller) => statementFile(statements, caller.id) }),
  });

function toPayout({ id, state, createdAt, updatedAt }: Kept<Payout>): proto.Payout {
  if (state.status === 'none' || state.status === 'tombstone') throw new Error(`payout ${id} was listed before it was asked for`);
  const { payeeId, gross, commission, net } = state.terms;
  return {
    id,
    status: proto.Payout_Status[shown[state.status]],
    order: state.order,
    payeeId,
    gross: toProto(gross),
    commission: toProto(commission),
    net: toProto(net),
    reason: state.status === 'waiting-account' ? state.reason : '',
    reasonText: '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

/** As the generated column `shown` says it. */
const shown: Record<Exclude<Payout['status'], 'none' | 'tombstone'>, Shown> = {
  pending: 'PENDING',
  sending: 'PENDING',
  reversing: 'PENDING',
  'waiting-account': 'WAITING_ACCOUNT',
  completed: 'COMPLETED',
  reversed: 'REVERSED',
};

const wanted: Record<proto.Payout_Status, Shown | undefined> = {
  [proto.Payout_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Payout_Status.PENDING]: 'PENDING',
  [proto.Payout_Status.WAITING_ACCOUNT]: 'WAITING_ACCOUNT',
  [proto.Payout_Status.COMPLETED]: 'COMPLETED',
  [proto.Payout_Status.REVERSED]: 'REVERSED',
};

function toAccount({ id, state, createdAt, updatedAt }: Kept<PayoutAccount>, sealing: Sealing): proto.PayoutAccount {
  if (state.status === 'none') throw new Error(`payout account ${id} was answered before it was registered`);
  return { id, ...openedAccount(state.account, sealing), createTime: new Date(createdAt), updateTime: new Date(updatedAt) };
}

import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import { notFound } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  file,
  has,
  query,
  roles,
  rpcService,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import * as proto from '#proto/jari/payout/v1/payout.ts';
import { isSameAccount, type BankAccount, type PayoutAccount } from '../account.ts';
import type { Payout, Refusal } from '../payout.ts';
import type { PayoutAccounts, Payouts, Shown, Statements } from '../ports.ts';
import { approvePayout, registerAccount } from '../usecases.ts';
import { masked } from './masked.ts';
import { openedAccount, sealedAccount } from './sealed-account.ts';
import { statementFile, statementPage } from './statement.ts';

export interface Ports {
  payouts: Payouts;
  accounts: PayoutAccounts;
  statements: Statements;
  sealing: Sealing;
  now(): Instant;
}

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-payout': { code: 'NOT_FOUND', text: 'no such payout' },
  'own-request': {
    code: 'PERMISSION_DENIED',
    text: 'you cannot approve a payout to yourself; another administrator can',
  },
  'not-in-review': { code: 'FAILED_PRECONDITION', text: 'the payout does not wait for an operator' },
  'not-released': {
    code: 'FAILED_PRECONDITION',
    text: 'the order has not ended, and may still be refunded; the payout is released or reversed with its end',
  },
};

/** Anybody may be a payee: the payee of a payout may read it, whatever their role. */
export const payoutRpc = ({ payouts, accounts, statements, sealing, now }: Ports): RpcService =>
  rpcService(proto.PayoutServiceService, {
    listPayouts: query(roles, async (request, caller) => {
      const filter = { payeeId: has(caller, 'admin') ? undefined : caller.id, shown: wanted[request.status] };
      const { items, nextPageToken } = await paged(request, (page) => payouts.list(filter, page), toPayout);
      return { payouts: items, nextPageToken };
    }),
    approvePayout: command(['admin'], {
      run: ({ orderId }, caller) => approvePayout({ payouts }, orderId, caller.id),
      answer: toPayout,
      refusals,
    }),
    getPayoutAccount: query(roles, async (_, caller) => {
      const kept = await accounts.get(caller.id);
      if (!kept) throw notFound('payout account');
      return toAccount(kept, sealing);
    }),
    putPayoutAccount: command(roles, {
      stepUp: true,
      // Each change sends its owner a message.
      rate: { times: 5, withinMs: minutes(60) },
      run: (account, caller) => {
        const { bank, number, holder } = account;
        const isRegistered = (stored: BankAccount): boolean => isSameAccount(openedAccount(stored, sealing), account);
        return registerAccount(
          { accounts, now },
          caller.id,
          sealedAccount({ bank, number, holder }, sealing),
          isRegistered,
        );
      },
      answer: (after) => toAccount(after, sealing),
      refusals: {},
      sealing,
    }),
    getStatement: query(roles, (request, caller) => statementPage(statements, caller.id, request)),
    exportStatement: file(roles, {
      fileName: ({ id }) => `statement-${id}.csv`,
      run: (_, caller) => statementFile(statements, caller.id),
    }),
  });

function toPayout({ id, state, createdAt, updatedAt }: StoredAggregate<Payout>): proto.Payout {
  if (!('terms' in state)) throw new Error(`payout ${id} was listed before it was asked for`);
  const { payeeId, gross, commission, net } = state.terms;
  return {
    id,
    status: proto.Payout_Status[shown[state.status]],
    order: state.order,
    payeeId,
    gross: toProto(gross),
    commission: toProto(commission),
    net: toProto(net),
    reason: 'reason' in state ? state.reason : '',
    reasonText: '',
    dueTime: state.status === 'held' ? new Date(state.due) : undefined,
    approvedBy: state.approvedBy ?? '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

/** As the generated column `shown` says it. */
const shown: Record<Extract<Payout, { terms: unknown }>['status'], Shown> = {
  held: 'HELD',
  pending: 'PENDING',
  sending: 'PENDING',
  reversing: 'PENDING',
  'waiting-account': 'WAITING_ACCOUNT',
  completed: 'COMPLETED',
  reversed: 'REVERSED',
};

const wanted: Record<proto.Payout_Status, Shown | undefined> = {
  [proto.Payout_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Payout_Status.HELD]: 'HELD',
  [proto.Payout_Status.PENDING]: 'PENDING',
  [proto.Payout_Status.WAITING_ACCOUNT]: 'WAITING_ACCOUNT',
  [proto.Payout_Status.COMPLETED]: 'COMPLETED',
  [proto.Payout_Status.REVERSED]: 'REVERSED',
};

function toAccount(
  { id, state, createdAt, updatedAt }: StoredAggregate<PayoutAccount>,
  sealing: Sealing,
): proto.PayoutAccount {
  if (state.status === 'none') throw new Error(`payout account ${id} was answered before it was registered`);
  const { bank, number, holder } = openedAccount(state.account, sealing);
  return { id, bank, number: masked(number), holder, createTime: new Date(createdAt), updateTime: new Date(updatedAt) };
}

import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import { notFound, RpcError } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import { command, query, rpcService, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/approval/v1/approval.ts';
import type { Approval, Refusal } from '../approval.ts';
import type { Approvals } from '../ports.ts';
import { approve, reject } from '../usecases.ts';
import { rejected } from './messages.ts';

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-approval': { code: 'NOT_FOUND', text: 'no such approval' },
  'own-request': { code: 'PERMISSION_DENIED', text: 'you cannot decide your own request; another administrator can' },
  'already-decided': { code: 'FAILED_PRECONDITION', text: 'this request was decided or withdrawn before' },
};

const who = ['admin'] as const;

export function approvalRpc(approvals: Approvals, now: () => Instant): RpcService {
  /** A second decision is refused with the first one and its administrator. */
  const firstStands = async (
    id: string,
    updated: Promise<Updated<Approval, Refusal>>,
  ): Promise<Updated<Approval, Refusal>> => {
    const result = await updated;
    if (result.accepted || result.refusal !== 'already-decided') return result;
    const state = (await approvals.get(id))?.state ?? { status: 'none' };
    throw new RpcError(
      'FAILED_PRECONDITION',
      'ALREADY_DECIDED',
      `${refusals['already-decided'].text}: ${outcomeOf(state)}`,
    );
  };

  return rpcService(proto.ApprovalServiceService, {
    listApprovals: query(who, async (request) => {
      const filter = { status: statuses[request.status], kind: request.kind || undefined };
      const { items, nextPageToken } = await paged(request, (page) => approvals.list(filter, page), toApproval);
      return { approvals: items, nextPageToken };
    }),
    getApproval: query(who, async ({ approvalId }) => {
      const kept = await approvals.get(approvalId);
      if (!kept || !('request' in kept.state && kept.state.request)) throw notFound('approval');
      return toApproval(kept);
    }),
    approveApproval: command(who, {
      run: ({ approvalId }, caller) => firstStands(approvalId, approve(approvals, approvalId, caller.id, now())),
      answer: toApproval,
      refusals,
    }),
    rejectApproval: command(who, {
      run: ({ approvalId, text }, caller) =>
        firstStands(approvalId, reject(approvals, approvalId, caller.id, text, now())),
      answer: toApproval,
      refusals,
    }),
  });
}

function outcomeOf(state: Approval): string {
  switch (state.status) {
    case 'approved':
    case 'rejected':
      return `${state.status} by ${state.verdict.by} at ${new Date(state.verdict.at).toISOString()}`;
    case 'none':
    case 'pending':
    case 'withdrawn':
      return state.status;
  }
}

function toApproval({ id, state, createdAt, updatedAt }: StoredAggregate<Approval>): proto.Approval {
  if (state.status === 'none' || !state.request) throw new Error(`approval ${id} was answered before it was asked for`);
  const verdict = 'verdict' in state ? state.verdict : undefined;
  return {
    id,
    status: proto.Approval_Status[state.status.toUpperCase() as Uppercase<typeof state.status>],
    ...state.subject,
    ...state.request,
    decidedBy: verdict?.by ?? '',
    decideTime: verdict && new Date(verdict.at),
    reason: state.status === 'rejected' ? rejected : '',
    reasonText: state.status === 'rejected' ? state.text : '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.Approval_Status, Exclude<Approval['status'], 'none'> | undefined> = {
  [proto.Approval_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Approval_Status.PENDING]: 'pending',
  [proto.Approval_Status.APPROVED]: 'approved',
  [proto.Approval_Status.REJECTED]: 'rejected',
  [proto.Approval_Status.WITHDRAWN]: 'withdrawn',
};

import { get, malformed, post } from '../rest-conformance.calls.ts';
import { noReason, times, words, type Contract } from './promised.ts';

const pending = {
  ...{
    id: 'a1',
    status: 'PENDING',
    order: { kind: 'tutoring.lesson', id: 'l1' },
    revision: 2,
    requesterId: 's1',
    summary: '수학, 50분',
  },
  ...{ decidedBy: '', ...noReason, ...times },
};
const decided = { ...pending, decidedBy: 'admin1', decideTime: '2026-12-24T04:00:00Z' };

export const approvals: Contract = {
  service: 'jari.approval.v1.ApprovalService',
  methods: {
    ListApprovals: {
      answer: { approvals: [pending, { ...decided, status: 'APPROVED' }], nextPageToken: 'YTE' },
      calls: [
        get('a page of a kind', '/v1/approvals?status=PENDING&kind=tutoring.lesson&page_size=2&page_token=t', {
          ...{ status: 'PENDING', kind: 'tutoring.lesson', pageSize: 2, pageToken: 't' },
        }),
        get('a status by its number', '/v1/approvals?status=3', { status: 'REJECTED' }),
        ...words('/v1/approvals', 'status', ['PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN']),
      ],
    },
    GetApproval: { answer: pending, calls: [get('by its id', '/v1/approvals/a1', { approvalId: 'a1' })] },
    ApproveApproval: {
      answer: { ...decided, status: 'APPROVED' },
      calls: [post('by its id', '/v1/approvals/a1:approve', {}, { approvalId: 'a1' })],
    },
    RejectApproval: {
      answer: { ...decided, status: 'REJECTED', reason: 'REJECTED_BY_ADMIN', reasonText: '설명이\n부족합니다' },
      calls: [
        post(
          'with words, in lines',
          '/v1/approvals/a1:reject',
          { text: '설명이\n부족합니다' },
          { approvalId: 'a1', text: '설명이\n부족합니다' },
        ),
      ],
    },
  },
  refused: [
    malformed('a status that is none', '/v1/approvals?status=DECIDED'),
    malformed('a number for the words', '/v1/approvals/a1:reject', '{"text":5}'),
    malformed('a list for the words', '/v1/approvals/a1:reject', '{"text":["no","no"]}'),
  ],
};

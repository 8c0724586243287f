import { id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'ApprovalService.ListApprovals': {
    may: ['admin'],
    by: 'admin',
    request: { status: 'PENDING', kind: 'tutoring.lesson', ...paged },
    optional: ['status', 'kind', ...page],
  },
  'ApprovalService.GetApproval': { may: ['admin'], by: 'admin', request: { approval_id: id() } },
  'ApprovalService.ApproveApproval': { may: ['admin'], by: 'admin', request: { approval_id: id() } },
  'ApprovalService.RejectApproval': { may: ['admin'], by: 'admin', request: { approval_id: id(), text: 'no' } },
};

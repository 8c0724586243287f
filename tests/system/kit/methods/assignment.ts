import { id, page, paged, here, inLocation, type Methods } from './method.ts';

export const methods: Methods = {
  'AssignmentService.CreateDealership': {
    may: ['admin'],
    by: 'admin',
    request: { name: 'Dealership', location: here, daily_capacity: 3, dealer_id: id() },
    optional: inLocation,
  },
  'AssignmentService.ListDealerships': { may: ['dealer', 'admin'], by: 'dealer', request: paged, optional: page },
  'AssignmentService.ListAssignments': {
    may: ['dealer', 'admin'],
    by: 'dealer',
    request: { status: 'ASSIGNED', ...paged },
    optional: ['status', ...page],
  },
  'AssignmentService.AcceptAssignment': { may: ['dealer', 'admin'], by: 'dealer', request: { preorder_id: id() } },
  'AssignmentService.DeclineAssignment': { may: ['dealer', 'admin'], by: 'dealer', request: { preorder_id: id() } },
  'AssignmentService.ActivateAssignment': { may: ['dealer', 'admin'], by: 'dealer', request: { preorder_id: id() } },
};

import { get, malformed, post } from '../rest-conformance.calls.ts';
import { times, words, type Contract } from './promised.ts';

const location = { latitude: 37.5563, longitude: 126.9236 };
const dealership = { id: 'd1', name: '홍대점', location, dailyCapacity: 30, dealerId: 'u1', ...times };
const assignment = {
  ...{ id: 'o1', status: 'ASSIGNED', order: { kind: 'preorder.preorder', id: 'o1' } },
  ...{ dealershipId: 'd1', distanceMeters: 1200, why: 'the nearest with room today', ...times },
};

export const assignments: Contract = {
  service: 'jari.assignment.v1.AssignmentService',
  methods: {
    CreateDealership: {
      answer: dealership,
      calls: [
        post(
          'as the table has it',
          '/v1/dealerships',
          { name: '홍대점', location, daily_capacity: 30, dealer_id: 'u1' },
          { name: '홍대점', location, dailyCapacity: 30, dealerId: 'u1' },
        ),
        post(
          'with a place beyond the Earth, which the service refuses',
          '/v1/dealerships',
          '{"location":{"latitude":1e3}}',
          { location: { latitude: 1000 } },
        ),
      ],
    },
    ListDealerships: {
      answer: {
        dealerships: [dealership, { ...dealership, location: { latitude: -0.5, longitude: 0 } }],
        nextPageToken: 'ZDE',
      },
      calls: [get('a page', '/v1/dealerships?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' })],
    },
    ListAssignments: {
      answer: {
        assignments: [
          assignment,
          { ...assignment, status: 'UNASSIGNED', dealershipId: '', distanceMeters: 0, why: '' },
        ],
        nextPageToken: '',
      },
      calls: [
        get('a page', '/v1/assignments?status=ASSIGNED&page_size=2&page_token=t', {
          status: 'ASSIGNED',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/assignments?status=5', { status: 'UNASSIGNED' }),
        ...words('/v1/assignments', 'status', ['ASSIGNED', 'ACCEPTED', 'ACTIVATED', 'CANCELLED', 'UNASSIGNED']),
      ],
    },
    AcceptAssignment: {
      answer: { ...assignment, status: 'ACCEPTED' },
      calls: [post('by the pre-order', '/v1/assignments/o1:accept', {}, { preorderId: 'o1' })],
    },
    DeclineAssignment: {
      answer: { ...assignment, dealershipId: 'd2' },
      calls: [post('by the pre-order', '/v1/assignments/o1:decline', {}, { preorderId: 'o1' })],
    },
    ActivateAssignment: {
      answer: { ...assignment, status: 'ACTIVATED' },
      calls: [post('by the pre-order', '/v1/assignments/o1:activate', {}, { preorderId: 'o1' })],
    },
  },
  refused: [
    malformed('words for a capacity', '/v1/dealerships', '{"daily_capacity":"many"}'),
    malformed('text for a place', '/v1/dealerships', '{"location":"Seoul"}'),
    malformed('a place in a place', '/v1/dealerships', '{"location":{"latitude":{"degrees":37}}}'),
    malformed('an object for the dealer', '/v1/dealerships', '{"dealer_id":{"id":"u1"}}'),
    malformed('a status that is none', '/v1/assignments?status=DECLINED'),
    malformed('a filter that dealerships do not have', '/v1/dealerships?status=ASSIGNED'),
  ],
};

import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { invalid } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/assignment/v1/assignment.ts';
import { isKnown, type Assignment, type AssignmentRefusal, type Dealer } from '../assignment.ts';
import type { Dealership, Location } from '../dealership.ts';
import type { Ports } from '../ports.ts';
import * as usecases from '../usecases.ts';

const refusals: Record<AssignmentRefusal, RefusalStatus> = {
  'no-such-assignment': { code: 'NOT_FOUND', text: 'no such assignment' },
  'own-request': {
    code: 'PERMISSION_DENIED',
    text: 'you cannot decide about your own order; another dealer or administrator can',
  },
  'already-decided': { code: 'FAILED_PRECONDITION', text: 'the order does not wait for an answer of this dealership' },
  'not-accepted': {
    code: 'FAILED_PRECONDITION',
    text: 'only an order that its dealership has accepted can be activated',
  },
};

const dealers = ['dealer', 'admin'] as const;

const dealer = (caller: Caller): Dealer => ({ userId: caller.id, admin: has(caller, 'admin') });

export function assignmentRpc(ports: Ports): RpcService {
  return rpcService(proto.AssignmentServiceService, {
    createDealership: command(['admin'], {
      run: ({ name, location, dailyCapacity, dealerId }) =>
        usecases.openDealership(ports, newId(), { name, location: existing(location), dailyCapacity, dealerId }),
      answer: toDealership,
      refusals: {},
    }),
    listDealerships: query(dealers, async (request, caller) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => usecases.listDealerships(ports, dealer(caller), page),
        toDealership,
      );
      return { dealerships: items, nextPageToken };
    }),
    listAssignments: query(dealers, async (request, caller) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => usecases.listAssignments(ports, dealer(caller), statuses[request.status], page),
        toAssignment,
      );
      return { assignments: items, nextPageToken };
    }),
    acceptAssignment: command(dealers, {
      run: ({ preorderId }, caller) => usecases.acceptAssignment(ports, preorderId, dealer(caller)),
      answer: toAssignment,
      refusals,
    }),
    declineAssignment: command(dealers, {
      run: ({ preorderId }, caller) => usecases.declineAssignment(ports, preorderId, dealer(caller)),
      answer: toAssignment,
      refusals,
    }),
    activateAssignment: command(dealers, {
      run: ({ preorderId }, caller) => usecases.activateAssignment(ports, preorderId, dealer(caller)),
      answer: toAssignment,
      refusals,
    }),
  });
}

/** The proto's rule says that there is one. */
function existing(location: Location | undefined): Location {
  if (!location) throw invalid({ field: 'location', description: 'is required' });
  return { latitude: location.latitude, longitude: location.longitude };
}

const times = ({ createdAt, updatedAt }: StoredAggregate<unknown>) => ({
  createTime: new Date(createdAt),
  updateTime: new Date(updatedAt),
});

function toDealership(kept: StoredAggregate<Dealership>): proto.Dealership {
  if (kept.state.status === 'none') throw new Error(`dealership ${kept.id} was answered before it was opened`);
  return { id: kept.id, ...kept.state.details, ...times(kept) };
}

function toAssignment(kept: StoredAggregate<Assignment>): proto.Assignment {
  const { id, state } = kept;
  if (!isKnown(state)) throw new Error(`assignment ${id} was answered before it was asked for`);
  const { dealershipId, distanceMeters, why } =
    'placement' in state ? state.placement : { dealershipId: '', distanceMeters: 0, why: '' };
  const status = proto.Assignment_Status[state.status.toUpperCase() as Uppercase<typeof state.status>];
  return { id, status, order: state.order, dealershipId, distanceMeters, why, ...times(kept) };
}

const statuses: Record<proto.Assignment_Status, Assignment['status'] | undefined> = {
  [proto.Assignment_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Assignment_Status.ASSIGNED]: 'assigned',
  [proto.Assignment_Status.ACCEPTED]: 'accepted',
  [proto.Assignment_Status.ACTIVATED]: 'activated',
  [proto.Assignment_Status.CANCELLED]: 'cancelled',
  [proto.Assignment_Status.UNASSIGNED]: 'unassigned',
};

import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { inputFor, onCommand, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import * as proto from '#proto/jari/assignment/v1/messages.ts';
import type { Assignment, AssignmentEvent, AssignmentInput, AssignmentRefusal } from '../assignment.ts';
import type { Dealership, DealershipEvent, DealershipInput } from '../dealership.ts';
import type { Ports } from '../ports.ts';
import { assignmentsWith, dealerships, type Message } from '../process.ts';
import { requestAssignment } from '../usecases.ts';

export const storedDealerships: Stored<Dealership, DealershipInput, DealershipEvent, never, never> = {
  ...dealerships,
  encode: (nothing) => nothing, // other services need the events about orders only
};

export type StoredAssignments = Stored<Assignment, AssignmentInput, AssignmentEvent, AssignmentRefusal, Message>;

export const storedAssignments = (answerWithin: number): StoredAssignments => ({
  ...assignmentsWith(answerWithin),
  encode,
});

function encode(message: Message): Outgoing {
  const { order } = message;
  const about = { order, version: BigInt(message.version), ...(message.again && { again: true }) };
  switch (message.type) {
    case 'DealershipAssigned': {
      const { dealershipId, dealershipName, distanceMeters, why } = message.placement;
      return event('jari.assignment.v1.DealershipAssigned', proto.DealershipAssigned, order.id, {
        ...about,
        dealershipId,
        dealershipName,
        distanceMeters,
        why,
      });
    }
    case 'AssignmentAccepted': {
      const { dealershipId, dealershipName } = message.placement;
      return event('jari.assignment.v1.AssignmentAccepted', proto.AssignmentAccepted, order.id, {
        ...about,
        dealershipId,
        dealershipName,
      });
    }
    case 'NoDealership':
      return event('jari.assignment.v1.NoDealership', proto.NoDealership, order.id, about);
    case 'Activated':
      return event('jari.assignment.v1.Activated', proto.Activated, order.id, about);
    case 'AssignmentCancelled':
      return event('jari.assignment.v1.AssignmentCancelled', proto.AssignmentCancelled, order.id, about);
    case 'AssignmentCancelRefused':
      return event('jari.assignment.v1.AssignmentCancelRefused', proto.AssignmentCancelRefused, order.id, {
        ...about,
        reason: message.reason,
      });
  }
}

/** Commands to assignment. */
export const subscriptions = (ports: Ports, assignments: StoredAssignments): Subscriptions =>
  subscriptionsOf(
    onCommand('jari.assignment.v1.RequestAssignment', proto.RequestAssignment, ({ order, location, customerId }) => {
      if (!location) throw new TypeError('RequestAssignment without a location');
      return [inputFor(assignments, order.id, () => requestAssignment(ports, order, location, customerId))];
    }),
    onCommand('jari.assignment.v1.CancelAssignment', proto.CancelAssignment, ({ order, undelivered }) => [
      inputFor(assignments, order.id, { type: 'CancelAssignment', order, undelivered }),
    ]),
  );

import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Assignment } from '../assignment.ts';
import type { Dealership } from '../dealership.ts';

export const DealershipEntity = defineEntity({
  name: 'Dealership',
  tableName: 'dealership',
  properties: {
    ...aggregateColumns<Dealership>(),
    dealerId: generated.text(`state #>> '{details,dealerId}'`),
  },
  indexes: [newestFirst('dealership_of_dealer', 'dealer_id')],
});

export const AssignmentEntity = defineEntity({
  name: 'Assignment',
  tableName: 'assignment',
  properties: {
    ...aggregateColumns<Assignment>(),
    status: generated.text(`state ->> 'status'`),
    asked: generated.boolean(`(state -> 'location') is not null`),
    dealerId: generated.text(`state #>> '{placement,dealerId}'`),
  },
  indexes: [newestFirst('assignment_of_dealer', 'dealer_id'), newestFirst('assignment_by_status', 'status')],
});

export const entities = [DealershipEntity, AssignmentEntity];

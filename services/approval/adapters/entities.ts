import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index } from '#adapters/mikro-orm/columns.ts';
import type { Approval } from '../approval.ts';

export const ApprovalEntity = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  properties: {
    ...aggregateColumns<Approval>(),
    asked: generated.boolean(`(state -> 'request') <> 'null'`),
    status: generated.text(`state ->> 'status'`),
    kind: generated.text(`state #>> '{subject,order,kind}'`),
  },
  indexes: [
    index('approval_queue', `(status, created_at desc, id desc) where asked`),
    index('approval_by_time', `(created_at desc, id desc) where asked`),
  ],
});

export const entities = [ApprovalEntity];

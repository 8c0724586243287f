import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index } from '#adapters/mikro-orm/columns.ts';
import type { OrderView } from '../order-view.ts';
import type { Line } from '../timeline.ts';

export const OrderViewEntity = defineEntity({
  name: 'OrderView',
  tableName: 'order_view',
  properties: {
    ...aggregateColumns<OrderView>(),
    kind: generated.text(`state #>> '{head,order,kind}'`),
    phase: generated.text(`state #>> '{head,phase}'`),
    customerId: generated.text(`state #>> '{head,customerId}'`),
    providerId: generated.text(`state #>> '{head,providerId}'`),
    attributes: generated.json<Record<string, string>>(`state #> '{head,attributes}'`),
    search: generated.text(`folded(
      (state #>> '{head,title}') || ' ' || (state #>> '{head,reason}') || ' ' || (state #>> '{head,reasonText}') || ' ' ||
      jsonb_path_query_array(state, '$.head.attributes.*')::text
    )`),
    requestedAt: generated.bigint(`(state #>> '{head,createTime}')::bigint`),
    confirmed: generated.boolean(`(state -> 'confirmed')::boolean`),
    paid: generated.boolean(`(state -> 'paid')::boolean`),
    declined: generated.boolean(`(state -> 'declined')::boolean`),
  },
  indexes: [
    { name: 'order_view_customer_id_id_idx', properties: ['customerId', 'id'] },
    { name: 'order_view_provider_id_id_idx', properties: ['providerId', 'id'] },
    { name: 'order_view_kind_id_idx', properties: ['kind', 'id'] },
    { name: 'order_view_phase_id_idx', properties: ['phase', 'id'] },
    index('order_view_attributes_idx', 'using gin (attributes jsonb_path_ops)'),
    index(
      'order_view_requested_at_kind_confirmed_paid_declined_idx',
      '(requested_at) include (kind, confirmed, paid, declined)',
    ),
    index('order_view_updated_at_idx', "using brin (updated_at) with (pages_per_range='16', autosummarize='on')"),
  ],
});

export const TimelineLineEntity = defineEntity({
  name: 'TimelineLine',
  tableName: 'timeline_line',
  properties: {
    ...aggregateColumns<Line>(),
    orderId: generated.uuid(`(state ->> 'orderId')::uuid`),
    at: generated.bigint(`(state #>> '{entry,at}')::bigint`),
  },
  indexes: [{ name: 'timeline_line_order_id_at_id_idx', properties: ['orderId', 'at', 'id'] }],
});

export const entities = [OrderViewEntity, TimelineLineEntity];

import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, index, newestFirst, searchColumns } from '#adapters/mikro-orm/columns.ts';
import type { Lesson } from '../lesson.ts';
import type { Purchase } from '../purchase.ts';

export const LessonEntity = defineEntity({
  name: 'Lesson',
  tableName: 'lesson',
  properties: {
    ...aggregateColumns<Lesson>(),
    sellerId: generated.uuid(`(state ->> 'sellerId')::uuid`),
    status: generated.text(`state ->> 'status'`),
    ...searchColumns(`(state #>> '{offer,title}') || ' ' || coalesce(state #>> '{offer,subject}', '') || ' ' || coalesce(state #>> '{offer,level}', '') || ' ' ||
      (state #>> '{offer,description}')`),
    subject: generated.text(`folded(coalesce(state #>> '{offer,subject}', ''))`),
    closed: generated.boolean(`coalesce((state -> 'isClosed')::boolean, false)`),
  },
  indexes: [
    newestFirst('lesson_of_seller', 'seller_id'),
    newestFirst('lesson_by_status', 'status'),
    newestFirst('lesson_by_subject', 'subject'),
    index('lesson_search', 'using gin (grams)'),
  ],
});

export const PurchaseEntity = defineEntity({
  name: 'Purchase',
  tableName: 'purchase',
  properties: {
    ...aggregateColumns<Purchase>(),
    buyerId: generated.uuid(`(state #>> '{terms,buyerId}')::uuid`),
    sellerId: generated.uuid(`(state #>> '{terms,sellerId}')::uuid`),
    status: generated.text(`state ->> 'status'`),
  },
  indexes: [
    newestFirst('purchase_of_buyer', 'buyer_id'),
    newestFirst('purchase_of_seller', 'seller_id'),
    newestFirst('purchase_by_status', 'status'),
  ],
});

export const entities = [LessonEntity, PurchaseEntity];

import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Lecture } from '../lecture.ts';
import type { Lesson } from '../lesson.ts';
import type { Mailbox } from '../mailbox.ts';

export const LessonEntity = defineEntity({
  name: 'Lesson',
  tableName: 'lesson',
  properties: aggregateColumns<Lesson>(),
});

export const LectureEntity = defineEntity({
  name: 'Lecture',
  tableName: 'lecture',
  properties: {
    ...aggregateColumns<Lecture>(),
    status: generated.text(`state ->> 'status'`),
    buyerId: generated.text(`state #>> '{terms,buyerId}'`),
    sellerId: generated.text(`state #>> '{terms,sellerId}'`),
  },
  indexes: [newestFirst('lecture_of_buyer', 'buyer_id'), newestFirst('lecture_of_seller', 'seller_id')],
});

export const MailboxEntity = defineEntity({
  name: 'Mailbox',
  tableName: 'mailbox',
  properties: aggregateColumns<Mailbox>(),
});

export const entities = [LessonEntity, LectureEntity, MailboxEntity];

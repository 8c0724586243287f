import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import { orderReason } from '#adapters/bus/order-reason.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { toProto } from '#adapters/rpc/money.ts';
import * as proto from '#proto/jari/tutoring/v1/tutoring.ts';
import { quartersOf } from '../hours.ts';
import type { Lesson } from '../lesson.ts';
import type { Purchase } from '../purchase.ts';
import type { LessonView } from '../usecases.ts';

export function toLesson(
  { lesson: { id, state, createdAt, updatedAt }, sold, busy }: LessonView,
  now: Instant,
): proto.Lesson {
  if (state.status === 'none') throw new Error(`lesson ${id} was answered before it was made`);
  const { sellerId, offer, revision, isClosed: closed } = state;
  const isBusy = (startTime: Instant): boolean =>
    quartersOf({ startTime, minutes: offer.minutes }).some((quarter) => busy.includes(quarter));
  const isFree = (time: Instant): boolean => time > now && !sold.includes(time) && !isBusy(time);
  return {
    id,
    status: proto.Lesson_Status[statusWord(state.status) as keyof typeof proto.Lesson_Status],
    sellerId,
    title: offer.title,
    description: offer.description,
    ...{ subject: offer.subject, level: offer.level, photos: [...offer.photos], closed },
    price: toProto(offer.price),
    minutes: offer.minutes,
    startTimes: offer.startTimes.map(date),
    freeStartTimes: offer.startTimes.filter(isFree).map(date),
    revision,
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

export function toPurchase({ id, state, createdAt, updatedAt }: StoredAggregate<Purchase>): proto.Purchase {
  if (state.status === 'none') throw new Error(`purchase ${id} was answered before it was made`);
  const { lessonId, buyerId, sellerId, title, startTime, minutes, price } = state.terms;
  return {
    id,
    status: proto.Purchase_Status[statusWord(state.status) as keyof typeof proto.Purchase_Status],
    lessonId,
    buyerId,
    sellerId,
    title,
    startTime: date(startTime),
    minutes,
    price: toProto(price),
    ...orderReason(state),
    cancelRefused: 'cancelRefused' in state ? state.cancelRefused : '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const date = (time: Instant): Date => new Date(time);

export const lessonStatuses: Record<proto.Lesson_Status, Exclude<Lesson['status'], 'none'> | undefined> = {
  [proto.Lesson_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Lesson_Status.SALE_REQUESTED]: 'sale-requested',
  [proto.Lesson_Status.ON_SALE]: 'on-sale',
  [proto.Lesson_Status.SALE_REJECTED]: 'sale-rejected',
  [proto.Lesson_Status.WITHDRAWN]: 'withdrawn',
};

export const purchaseStatuses: Record<proto.Purchase_Status, Exclude<Purchase['status'], 'none'> | undefined> = {
  [proto.Purchase_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Purchase_Status.REQUESTED]: 'requested',
  [proto.Purchase_Status.PAYMENT_PENDING]: 'payment-pending',
  [proto.Purchase_Status.PAID]: 'paid',
  [proto.Purchase_Status.READY]: 'ready',
  [proto.Purchase_Status.COMPLETED]: 'completed',
  [proto.Purchase_Status.PAYMENT_FAILED]: 'payment-failed',
  [proto.Purchase_Status.CANCELLING]: 'cancelling',
  [proto.Purchase_Status.CANCELLED]: 'cancelled',
};

import { cardDeclined } from '#adapters/bus/card-declined.ts';
import { ofOrders, onEvent, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import * as approval from '#proto/jari/approval/v1/messages.ts';
import * as lecture from '#proto/jari/lecture/v1/messages.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as payout from '#proto/jari/payout/v1/messages.ts';
import { lessonKind, purchaseKind } from './orders.ts';
import type { StoredLessons, StoredPurchases } from './store.ts';

/** Events that tutoring receives: about the approval of its lessons, and the payments, payouts and lectures of its purchases. */
export function subscriptions(lessons: StoredLessons, purchases: StoredPurchases, now: () => number): Subscriptions {
  const ofLesson = ofOrders(lessons, lessonKind);
  const ofPurchase = ofOrders(purchases, purchaseKind);

  return subscriptionsOf(
    onEvent(
      'jari.approval.v1.Approved',
      approval.Approved,
      ofLesson(({ revision }) => ({ type: 'Approved', revision })),
    ),
    onEvent(
      'jari.approval.v1.Rejected',
      approval.Rejected,
      ofLesson(({ revision, reason, reasonText }) => ({ type: 'Rejected', revision, reason, reasonText })),
    ),
    onEvent(
      'jari.lecture.v1.LessonRegistered',
      lecture.LessonRegistered,
      ofLesson(({ revision }) => ({ type: 'LessonRegistered', revision })),
    ),

    onEvent(
      'jari.payment.v1.PaymentCompleted',
      payment.PaymentCompleted,
      ofPurchase(() => ({ type: 'PaymentCompleted' })),
    ),
    onEvent(
      'jari.payment.v1.PaymentDeferred',
      payment.PaymentDeferred,
      ofPurchase(() => ({ type: 'PaymentDeferred' })),
    ),
    onEvent(
      'jari.payment.v1.PaymentDeclined',
      payment.PaymentDeclined,
      ofPurchase((message) => cardDeclined(message, now())),
    ),
    onEvent(
      'jari.payment.v1.PaymentCancelled',
      payment.PaymentCancelled,
      ofPurchase(() => ({ type: 'PaymentCancelled' })),
    ),
    onEvent(
      'jari.payout.v1.PayoutReversed',
      payout.PayoutReversed,
      ofPurchase(() => ({ type: 'PayoutReversed' })),
    ),
    onEvent(
      'jari.payout.v1.PayoutCompleted',
      payout.PayoutCompleted,
      ofPurchase(() => ({ type: 'PayoutCompleted' })),
    ),

    onEvent(
      'jari.lecture.v1.LectureScheduled',
      lecture.LectureScheduled,
      ofPurchase(() => ({ type: 'LectureScheduled' })),
    ),
    onEvent(
      'jari.lecture.v1.LectureEnded',
      lecture.LectureEnded,
      ofPurchase(({ attendance }) => ({
        type: 'LectureEnded',
        attendance: attendance.map(({ userId }) => userId),
        at: now(),
      })),
    ),
    onEvent(
      'jari.lecture.v1.LectureCancelled',
      lecture.LectureCancelled,
      ofPurchase(() => ({ type: 'LectureCancelled' })),
    ),
    onEvent(
      'jari.lecture.v1.LectureCancelRefused',
      lecture.LectureCancelRefused,
      ofPurchase(({ reason }) => ({ type: 'LectureCancelRefused', reason })),
    ),
  );
}

import { newId } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { cancellerIn, cancellers, textRequired } from '#adapters/rpc/canceller.ts';
import { notFound, RpcError } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { quoteAnswer } from '#adapters/rpc/quote.ts';
import {
  command,
  has,
  openQuery,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import { ordering } from '#adapters/rpc/ordering.ts';
import { cancellations, listingChanges } from '#adapters/rpc/rate.ts';
import * as proto from '#proto/jari/tutoring/v1/tutoring.ts';
import type { LessonRefusal } from '../lesson.ts';
import type { Refusal } from '../purchase.ts';
import * as usecases from '../usecases.ts';
import { changesIn, instant, offerIn, wantedIn } from './requests.ts';
import { purchaseStatuses, toLesson, toPurchase } from './shown.ts';

const lessonRefusals: Record<LessonRefusal, RefusalStatus> = {
  'no-such-lesson': { code: 'NOT_FOUND', text: 'no such lesson' },
  'lesson-withdrawn': { code: 'FAILED_PRECONDITION', text: 'the lesson is withdrawn permanently' },
  'too-far-ahead': {
    code: 'INVALID_ARGUMENT',
    text: 'a start time must be on {latest} or earlier',
    field: 'start_times',
  },
  'price-jump': {
    code: 'FAILED_PRECONDITION',
    text: 'the new price is ten times the old one or more, or a tenth or less; set confirm_price to confirm it',
  },
  'too-many-waiting': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; wait for a decision, or withdraw one of them first',
  },
  'start-time-past': { code: 'INVALID_ARGUMENT', text: 'all start times must be in the future', field: 'start_times' },
  'start-time-twice': { code: 'INVALID_ARGUMENT', text: 'a start time must be given once only', field: 'start_times' },
};

const purchaseRefusals: Record<Refusal, RefusalStatus> = {
  'no-such-lesson': { code: 'NOT_FOUND', text: 'no such lesson' },
  'not-on-sale': { code: 'FAILED_PRECONDITION', text: 'the lesson is not on sale' },
  'own-lesson': { code: 'FAILED_PRECONDITION', text: 'you cannot buy your own lesson' },
  'no-such-start-time': { code: 'INVALID_ARGUMENT', text: 'must be a start time of the lesson', field: 'start_time' },
  'in-the-past': { code: 'INVALID_ARGUMENT', text: 'must be in the future', field: 'start_time' },
  'start-time-taken': {
    code: 'FAILED_PRECONDITION',
    text: 'the seller has sold this time; lectures take whole quarter-hours',
  },
  'overlaps-own': {
    code: 'FAILED_PRECONDITION',
    text: 'you have another lecture at this time; lectures take whole quarter-hours',
  },
  ...cardRefusals,
  'price-changed': {
    code: 'FAILED_PRECONDITION',
    text: 'the price is now {total_units} {total_currency}; nothing is bought',
  },
  'too-many-holds': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; pay or cancel one of them first',
  },
  'already-requested': { code: 'FAILED_PRECONDITION', text: 'this purchase exists already' },
  'no-such-purchase': { code: 'NOT_FOUND', text: 'no such purchase' },
  'text-required': textRequired,
  'not-cancellable': {
    code: 'FAILED_PRECONDITION',
    text: 'the purchase has ended, or its start time has come; seller and administrators can cancel until the end of the lecture',
  },
};

const parties = ['customer', 'seller'] as const;

/** `payWithin`: how long a purchase may remain unpaid, in milliseconds. */
export function tutoringRpc(ports: usecases.Ports, now: () => Instant, payWithin: number): RpcService {
  /** A lesson as the command left it; what is sold is known when it is read. */
  const changed = (lesson: Parameters<typeof toLesson>[0]['lesson']): proto.Lesson =>
    toLesson({ lesson, sold: [], busy: [] }, now());

  return rpcService(proto.TutoringServiceService, {
    createLesson: command(['seller'], {
      run: async (request, caller) => usecases.requestSale(ports, newId(), caller.id, offerIn(request), now()),
      answer: changed,
      refusals: lessonRefusals,
      rate: listingChanges,
    }),
    getLesson: openQuery(async ({ lessonId }, caller) => {
      const seen = await usecases.readLesson(ports, lessonId, viewer(caller), now());
      if (!seen) throw notFound('lesson');
      return toLesson(seen, now());
    }),
    listLessons: openQuery(async (request, caller) => {
      const { items, nextPageToken } = await paged(request, async (page) =>
        (await usecases.listLessons(ports, viewer(caller), wantedIn(request, now()), page, now())).map((seen) =>
          toLesson(seen, now()),
        ),
      );
      return { lessons: items, nextPageToken };
    }),
    updateLesson: command(['seller'], {
      run: async (request, caller) =>
        usecases.changeLesson(
          ports,
          request.lessonId,
          caller.id,
          { changes: changesIn(request), isPriceConfirmed: request.confirmPrice },
          now(),
        ),
      answer: changed,
      refusals: lessonRefusals,
      rate: listingChanges,
    }),
    closeLesson: command(['seller'], {
      run: ({ lessonId }, caller) => usecases.closeOrReopenLesson(ports, lessonId, caller.id, 'CloseLesson'),
      answer: changed,
      refusals: lessonRefusals,
      rate: listingChanges,
    }),
    reopenLesson: command(['seller'], {
      run: ({ lessonId }, caller) => usecases.closeOrReopenLesson(ports, lessonId, caller.id, 'ReopenLesson'),
      answer: changed,
      refusals: lessonRefusals,
      rate: listingChanges,
    }),
    withdrawLesson: command(['seller'], {
      run: ({ lessonId }, caller) => usecases.withdrawLesson(ports, lessonId, caller.id),
      answer: changed,
      refusals: lessonRefusals,
      rate: listingChanges,
    }),

    createPurchase: command(['customer'], {
      run: async ({ lessonId, startTime, agreedTotal, paymentMethodId }, caller) => {
        const wish = { buyerId: caller.id, lessonId, startTime: instant(startTime as Date), paymentMethodId }; // the proto's rules require one
        return usecases.requestPurchase(ports, newId(), { wish, agreed: agreedTotal && fromProto(agreedTotal) }, now());
      },
      answer: toPurchase,
      refusals: purchaseRefusals,
      ...ordering,
    }),
    quotePurchase: openQuery(async ({ lessonId, startTime, agreedTotal }) => {
      const wish = { buyerId: '', lessonId, startTime: instant(startTime as Date) }; // the proto's rules require one
      const asked = { wish, agreed: agreedTotal && fromProto(agreedTotal) };
      const quote = await usecases.quoteFor(ports, asked, now(), payWithin);
      return quoteAnswer(quote, purchaseRefusals, ({ startTime: time }) => ({ startTime: new Date(time) }));
    }),
    getPurchase: query(parties, async ({ purchaseId }, caller) => {
      const kept = await usecases.readPurchase(ports, purchaseId, caller.id);
      if (!kept) throw notFound('purchase');
      return toPurchase(kept);
    }),
    listPurchases: query(parties, async (request, caller) => {
      const { items, nextPageToken } = await paged(request, async (page) =>
        (await usecases.listPurchases(ports, caller.id, purchaseStatuses[request.status], page)).map(toPurchase),
      );
      return { purchases: items, nextPageToken };
    }),
    cancelPurchase: command(cancellers('seller'), {
      run: (request, caller) =>
        usecases.cancelPurchase(ports, request.purchaseId, cancellerIn(request, caller, 'seller'), now()),
      answer: toPurchase,
      refusals: purchaseRefusals,
      rate: cancellations,
    }),
    previewCancellation: query(parties, async ({ purchaseId }, caller) => {
      const preview = await usecases.previewOf(ports, purchaseId, caller.id, now());
      if (preview === 'no-such-purchase') throw notFound('purchase');
      if (preview === 'not-cancellable')
        throw new RpcError('FAILED_PRECONDITION', 'NOT_CANCELLABLE', purchaseRefusals[preview].text);
      return { ...preview, paid: toProto(preview.paid), refund: toProto(preview.refund) };
    }),
  });
}

const viewer = (caller: Caller | undefined): usecases.Viewer => ({
  id: caller?.id,
  seesAll: caller !== undefined && has(caller, 'admin'),
});

import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Cards } from '#kernel/card.ts';
import type { Canceller } from '#kernel/canceller.ts';
import type { Refused } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { previewCancellation, type CancelPreview } from './cancellation.ts';
import { quarterOf, quartersOf } from './hours.ts';
import { decide as decideLesson, type Lesson, type LessonChange, type LessonRefusal, type Offer } from './lesson.ts';
import type { Lessons, Page, Purchases, Wanted } from './ports.ts';
import { quotePurchase, type PurchaseQuote } from './quote.ts';
import { decide as decidePurchase, type Purchase, type Refusal, type Wish } from './purchase.ts';

export interface Ports {
  lessons: Lessons;
  purchases: Purchases;
  cards: Cards;
}

type LessonUpdated = Promise<Updated<Lesson, LessonRefusal>>;
type PurchaseUpdated = Promise<Updated<Purchase, Refusal>>;

/** A seller asks that a lesson be sold (T4). Needs no other service (T12). */
export const requestSale = (
  { lessons }: Ports,
  id: string,
  sellerId: string,
  offer: Offer,
  at: Instant,
): LessonUpdated =>
  lessons.update(
    id,
    (state, limits) => decideLesson(state, { type: 'RequestSale', sellerId, offer, limits, at }),
    () => lessons.limits(id, sellerId),
  );

export const changeLesson = (
  { lessons }: Ports,
  id: string,
  by: string,
  change: LessonChange,
  at: Instant,
): LessonUpdated =>
  lessons.update(
    id,
    (state, limits) => decideLesson(state, { type: 'ChangeLesson', by, ...change, limits, at }),
    () => lessons.limits(id, by),
  );

/** Takes a lesson off sale for a while, or puts it back (B2). */
export const closeOrReopenLesson = (
  { lessons }: Ports,
  id: string,
  by: string,
  type: 'CloseLesson' | 'ReopenLesson',
): LessonUpdated => lessons.update(id, (state) => decideLesson(state, { type, by }));

export const withdrawLesson = ({ lessons }: Ports, id: string, by: string): LessonUpdated =>
  lessons.update(id, (state) => decideLesson(state, { type: 'WithdrawLesson', by }));

/** A lesson with what is sold of it, and the quarter-hours from now on that its seller has sold for any lesson. */
export interface LessonView {
  lesson: StoredAggregate<Lesson>;
  sold: readonly Instant[];
  busy: readonly number[];
}

/** The reader of lessons: anyone, a seller, or an administrator. */
export interface Viewer {
  id: string | undefined;
  seesAll: boolean;
}

export async function readLesson(
  ports: Ports,
  id: string,
  viewer: Viewer,
  at: Instant,
): Promise<LessonView | undefined> {
  const lesson = await ports.lessons.get(id);
  if (!lesson || lesson.state.status === 'none') return undefined;
  const isShown = lesson.state.status === 'on-sale' || viewer.seesAll || lesson.state.sellerId === viewer.id;
  return isShown ? withSold(ports, lesson, at) : undefined;
}

async function withSold(
  { lessons, purchases }: Ports,
  lesson: StoredAggregate<Lesson>,
  at: Instant,
): Promise<LessonView> {
  const { id, state } = lesson;
  const [sold, busy] = await Promise.all([
    lessons.sold(id),
    state.status === 'none' ? [] : purchases.busy({ as: 'seller', id: state.sellerId }, quarterOf(at)),
  ]);
  return { lesson, sold, busy };
}

/** Lessons on sale and the viewer's own (T10), newest first. */
export async function listLessons(
  ports: Ports,
  viewer: Viewer,
  filter: Wanted & { status?: Lesson['status'] | undefined },
  page: Page,
  at: Instant,
): Promise<LessonView[]> {
  const found = await storedLessons(ports.lessons, viewer, filter, page);
  return Promise.all(found.map((lesson) => withSold(ports, lesson, at)));
}

async function storedLessons(
  lessons: Lessons,
  { id, seesAll }: Viewer,
  { status, ...wanted }: Wanted & { status?: Lesson['status'] | undefined },
  page: Page,
): Promise<StoredAggregate<Lesson>[]> {
  const where = { ...wanted, ...(status && { status }) };
  if (seesAll) return lessons.list(where, page);
  const [onSale, own] = await Promise.all([
    status === undefined || status === 'on-sale'
      ? lessons.list({ ...wanted, status: 'on-sale', isOpen: true }, page)
      : [],
    id ? lessons.list({ ...where, sellerId: id }, page) : [],
  ]);
  return newestFirst([...onSale, ...own], page.size);
}

/** A buyer takes a start time (T1). Needs no other service: lesson and price are tutoring's own, and payment may come later (T11). */
export async function requestPurchase(
  { lessons, purchases, cards }: Ports,
  id: string,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  at: Instant,
): PurchaseUpdated {
  const noCard = await cards.refusal(wish.buyerId, wish.paymentMethodId);
  return purchases.update(
    id,
    (state, facts) => decidePurchase(state, { type: 'RequestPurchase', wish, agreed, noCard, ...facts, at }),
    async () => {
      const lesson: Lesson = (await lessons.get(wish.lessonId))?.state ?? { status: 'none' };
      if (lesson.status === 'none') return { lesson, isTaken: false, overlapsOwn: false, limits: [] };
      const quarters = quartersOf({ startTime: wish.startTime, minutes: lesson.offer.minutes });
      const range = [quarters[0]!, quarters.at(-1)! + 1] as const;
      const [sold, ofSeller, ofBuyer, limits] = await Promise.all([
        lessons.sold(wish.lessonId),
        purchases.busy({ as: 'seller', id: lesson.sellerId }, ...range),
        purchases.busy({ as: 'buyer', id: wish.buyerId }, ...range),
        purchases.limits(id, wish.buyerId),
      ]);
      return {
        lesson,
        isTaken: ofSeller.length > 0 || sold.includes(wish.startTime),
        overlapsOwn: ofBuyer.length > 0,
        limits,
      };
    },
  );
}

/** What a purchase would be now (B1). Stores nothing. */
export async function quoteFor(
  { lessons, purchases }: Ports,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  at: Instant,
  payWithin: number,
): Promise<PurchaseQuote | Refused<Refusal>> {
  const lesson: Lesson = (await lessons.get(wish.lessonId))?.state ?? { status: 'none' };
  const [startTimes, busy] = await Promise.all([
    lesson.status === 'none' ? [] : lessons.sold(wish.lessonId),
    lesson.status === 'none' ? [] : purchases.busy({ as: 'seller', id: lesson.sellerId }, quarterOf(at)),
  ]);
  return quotePurchase({ wish, lesson, sold: { startTimes, busy }, agreed }, at, payWithin);
}

/** Cancels for its buyer (T8), its seller or staff (B4). */
export const cancelPurchase = ({ purchases }: Ports, id: string, by: Canceller, at: Instant): PurchaseUpdated =>
  purchases.update(id, (state) => decidePurchase(state, { type: 'CancelPurchase', by, at }));

/** A purchase that `reader` made or sold, or undefined. */
export async function readPurchase(
  { purchases }: Ports,
  id: string,
  reader: string,
): Promise<StoredAggregate<Purchase> | undefined> {
  const kept = await purchases.get(id);
  if (!kept || kept.state.status === 'none') return undefined;
  const { buyerId, sellerId } = kept.state.terms;
  return buyerId === reader || sellerId === reader ? kept : undefined;
}

/** What `reader` bought and sold (T10), newest first. */
export async function listPurchases(
  { purchases }: Ports,
  reader: string,
  status: Purchase['status'] | undefined,
  page: Page,
): Promise<StoredAggregate<Purchase>[]> {
  const where = status ? { status } : {};
  const [bought, sold] = await Promise.all([
    purchases.list({ ...where, buyerId: reader }, page),
    purchases.list({ ...where, sellerId: reader }, page),
  ]);
  return newestFirst([...bought, ...sold], page.size);
}

/** Each once, at most `size` of them. */
function newestFirst<Item extends { id: string }>(items: readonly Item[], size: number): Item[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, size);
}

/** What a cancellation now would refund. */
export async function previewOf(
  ports: Ports,
  id: string,
  reader: string,
  at: Instant,
): Promise<CancelPreview | 'no-such-purchase' | 'not-cancellable'> {
  const kept = await readPurchase(ports, id, reader);
  return kept ? previewCancellation(kept.state, at) : 'no-such-purchase';
}

/** Time to ask again what is not answered about a lesson. */
export const askAboutLesson = async ({ lessons }: Ports, id: string, at: Instant): Promise<void> => {
  await lessons.update(id, (state) => decideLesson(state, { type: 'AskAgain', at }));
};

/** A timer is due: payment is silent, the deadline passed, or it is time to ask again. */
export const onTimer = async (
  { purchases }: Ports,
  id: string,
  type: 'PaymentAnswerOverdue' | 'PaymentDeadlinePassed' | 'CardDeadlinePassed' | 'AskAgain',
  at: Instant,
): Promise<void> => {
  await purchases.update(id, (state) => decidePurchase(state, { type, at }));
};

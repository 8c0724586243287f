import type { AskedAgain } from '#kernel/asking.ts';
import { accept, refuse, type Decider, type Decision, type Details } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { isSameOffer, type About } from '#kernel/listing.ts';
import { isTenfoldChange, type Money } from '#kernel/money.ts';
import { dateAt, days, horizonDays, type Instant } from '#kernel/time.ts';

/** What a seller offers. All of it is reviewed but the start times, which are the seller's own business. */
export interface Offer extends About {
  title: string;
  /** What is taught, such as `수학`; empty if it was not given. */
  subject: string;
  /** For whom it is, such as `고등`; empty if it was not given. */
  level: string;
  price: Money;
  minutes: number;
  /** Earliest first; each can be bought once. */
  startTimes: readonly Instant[];
}

interface Offered {
  sellerId: string;
  offer: Offer;
  /** Rises with every change that is reviewed; messages about an older one are ignored. */
  revision: number;
  /** Its seller has taken it off sale. */
  isClosed: boolean;
  /** Slots of its seller's limit that it occupies while an administrator has not decided. */
  slots: readonly string[];
}

/** A lesson (과외) on its way to being on sale, and on sale. */
export type Lesson =
  | { status: 'none' }
  /** `approved`: only the lecture system's answer is missing. */
  | ({ status: 'sale-requested'; approved: boolean } & Offered)
  | ({ status: 'on-sale' } & Offered)
  | ({ status: 'sale-rejected'; reason: string; reasonText: string } & Offered)
  | ({ status: 'withdrawn' } & Offered);

/** What a seller changes of an offer. A price jump must be confirmed. */
export interface LessonChange {
  changes: Partial<Offer>;
  isPriceConfirmed?: boolean;
}

export type LessonInput =
  // asked by the seller
  | { type: 'RequestSale'; sellerId: string; offer: Offer; limits: readonly Limit[]; at: Instant }
  | ({ type: 'ChangeLesson'; by: string; limits: readonly Limit[]; at: Instant } & LessonChange)
  | { type: 'CloseLesson'; by: string }
  | { type: 'ReopenLesson'; by: string }
  | { type: 'WithdrawLesson'; by: string }
  // events of approval and lecture
  | { type: 'Approved'; revision: number }
  | { type: 'Rejected'; revision: number; reason: string; reasonText: string }
  | { type: 'LessonRegistered'; revision: number }
  // timers
  | { type: 'AskAgain'; at: Instant };

export type LessonEvent =
  /** The first request, or one for a new revision. `slots`: those that it occupies beside the ones that it has. */
  | { type: 'LessonSaleRequested'; sellerId: string; offer: Offer; revision: number; slots: readonly string[] }
  | { type: 'LessonChanged'; offer: Offer }
  | { type: 'LessonClosed' }
  | { type: 'LessonReopened' }
  | { type: 'LessonApproved' }
  | { type: 'LessonOnSale' }
  | { type: 'LessonSaleRejected'; reason: string; reasonText: string }
  | { type: 'LessonWithdrawn' }
  | AskedAgain;

export type LessonRefusal =
  | 'no-such-lesson'
  | 'lesson-withdrawn'
  | 'start-time-past'
  | 'start-time-twice'
  | 'too-far-ahead'
  | 'price-jump'
  | 'too-many-waiting';

export function decide(state: Lesson, input: LessonInput): Decision<LessonEvent, LessonRefusal> {
  switch (input.type) {
    case 'RequestSale': {
      if (state.status !== 'none') return accept();
      const { sellerId, offer, limits, at } = input;
      const wrong = wrongStartTimes(offer.startTimes, [], at);
      if (wrong) return refuse(wrong, horizonOf(wrong, at));
      return reviewed({ sellerId, offer: inOrder(offer), revision: 1, slots: [] }, limits);
    }
    case 'ChangeLesson':
      if (state.status === 'none' || state.sellerId !== input.by) return refuse('no-such-lesson'); // hidden from others
      return state.status === 'withdrawn' ? refuse('lesson-withdrawn') : change(state, input);
    case 'CloseLesson':
    case 'ReopenLesson': {
      if (state.status === 'none' || state.sellerId !== input.by) return refuse('no-such-lesson');
      if (state.status === 'withdrawn') return refuse('lesson-withdrawn');
      const isClosed = input.type === 'CloseLesson';
      if (state.isClosed === isClosed) return accept();
      return accept({ type: isClosed ? 'LessonClosed' : 'LessonReopened' });
    }
    case 'WithdrawLesson':
      if (state.status === 'none' || state.sellerId !== input.by) return refuse('no-such-lesson');
      return state.status === 'withdrawn' ? accept() : accept({ type: 'LessonWithdrawn' });

    case 'Approved':
      return isAwaited(state, input) && !state.approved ? accept({ type: 'LessonApproved' }) : accept();
    case 'Rejected':
      return isAwaited(state, input) && !state.approved
        ? accept({ type: 'LessonSaleRejected', reason: input.reason, reasonText: input.reasonText })
        : accept();
    case 'LessonRegistered':
      return isAwaited(state, input) && state.approved ? accept({ type: 'LessonOnSale' }) : accept();

    case 'AskAgain':
      return accept({ type: 'AskedAgain', at: input.at });
  }
}

function change(
  { sellerId, offer, revision, slots }: Offered,
  { changes, isPriceConfirmed, limits, at }: Extract<LessonInput, { type: 'ChangeLesson' }>,
): Decision<LessonEvent, LessonRefusal> {
  const changed = inOrder({ ...offer, ...changes });
  const wrong = wrongStartTimes(changed.startTimes, offer.startTimes, at);
  if (wrong) return refuse(wrong, horizonOf(wrong, at));
  if (isTenfoldChange(offer.price, changed.price) && !isPriceConfirmed) return refuse('price-jump');
  if (isReviewedAgain(offer, changed))
    return reviewed({ sellerId, offer: changed, revision: revision + 1, slots }, limits);
  const isSame = offer.startTimes.join() === changed.startTimes.join();
  return isSame ? accept() : accept({ type: 'LessonChanged', offer: changed });
}

/** Goes to the administrators, in the slot that it has, or in one that is free. */
function reviewed(
  { slots, ...request }: Pick<Offered, 'sellerId' | 'offer' | 'revision' | 'slots'>,
  limits: readonly Limit[],
): Decision<LessonEvent, LessonRefusal> {
  const wanted = slots.length ? [] : limits;
  const tooMany = exceeded(wanted);
  if (tooMany) return refuse('too-many-waiting', tooMany);
  return accept({ type: 'LessonSaleRequested', ...request, slots: slotsOf(wanted) });
}

const isReviewedAgain = (one: Offer, other: Offer): boolean =>
  !isSameOffer({ ...one, startTimes: [] }, { ...other, startTimes: [] });

/** Those that were there before may be past: they are history. */
function wrongStartTimes(
  startTimes: readonly Instant[],
  before: readonly Instant[],
  at: Instant,
): LessonRefusal | undefined {
  if (new Set(startTimes).size < startTimes.length) return 'start-time-twice';
  const added = startTimes.filter((time) => !before.includes(time));
  if (added.some((time) => time <= at)) return 'start-time-past';
  return added.some((time) => time > at + days(horizonDays)) ? 'too-far-ahead' : undefined;
}

/** A lesson has no time zone: the day counts in UTC. */
const horizonOf = (wrong: LessonRefusal, at: Instant): Details | undefined =>
  wrong === 'too-far-ahead' ? { latest: dateAt(at + days(horizonDays), 'UTC') } : undefined;

const inOrder = (offer: Offer): Offer => ({ ...offer, startTimes: offer.startTimes.toSorted((a, b) => a - b) });

/** Answers come late, twice and for revisions that are history. */
const isAwaited = (
  state: Lesson,
  { revision }: { revision: number },
): state is Extract<Lesson, { status: 'sale-requested' }> =>
  state.status === 'sale-requested' && state.revision === revision;

export function evolve(state: Lesson, event: LessonEvent): Lesson {
  if (event.type === 'LessonSaleRequested') {
    const { sellerId, offer, revision } = event;
    const isClosed = state.status !== 'none' && state.isClosed;
    const slots = [...(state.status === 'none' ? [] : state.slots), ...event.slots];
    return { status: 'sale-requested', approved: false, sellerId, offer, revision, isClosed, slots };
  }
  if (state.status === 'none') return state;
  const { sellerId, offer, revision, isClosed } = state;
  const offered = { sellerId, offer, revision, isClosed, slots: [] };
  switch (event.type) {
    case 'LessonChanged':
      return { ...state, offer: event.offer };
    case 'LessonClosed':
    case 'LessonReopened':
      return { ...state, isClosed: event.type === 'LessonClosed' };
    case 'LessonApproved':
      return { status: 'sale-requested', approved: true, ...offered };
    case 'LessonOnSale':
      return { status: 'on-sale', ...offered };
    case 'LessonSaleRejected':
      return { status: 'sale-rejected', reason: event.reason, reasonText: event.reasonText, ...offered };
    case 'LessonWithdrawn':
      return { status: 'withdrawn', ...offered };
    case 'AskedAgain':
      return state;
  }
}

export const lessons: Decider<Lesson, LessonInput, LessonEvent, LessonRefusal> = {
  initial: { status: 'none' },
  defaults: {
    offer: { photos: () => [], subject: () => '', level: () => '' },
    isClosed: () => false,
    slots: () => [],
  },
  decide,
  evolve,
};

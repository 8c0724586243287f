import { describe, expect, test } from '@jest/globals';
import type { Limit } from '#kernel/limit.ts';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { days } from '#kernel/time.ts';
import { lessons, type Lesson, type LessonEvent, type LessonInput, type Offer } from './lesson.ts';

const at = Date.UTC(2026, 10, 21);
const hour = 3_600_000;
const offer: Offer = {
  title: 'Maths',
  description: 'Calculus',
  ...{ subject: 'Maths', level: 'All', photos: [] },
  price: krw(50_000),
  minutes: 50,
  startTimes: [at + hour, at + 2 * hour],
};
const requested: LessonEvent = { type: 'LessonSaleRequested', sellerId: 'seller', offer, revision: 1, slots: [] };
const approved: LessonEvent = { type: 'LessonApproved' };
const onSale: LessonEvent = { type: 'LessonOnSale' };
const rejected: LessonEvent = { type: 'LessonSaleRejected', reason: 'REJECTED_BY_ADMIN', reasonText: 'too vague' };
const withdrawn: LessonEvent = { type: 'LessonWithdrawn' };
const change = (changes: Partial<Offer>): LessonInput => ({
  type: 'ChangeLesson',
  by: 'seller',
  changes,
  limits: [],
  at,
});
const { given } = spec(lessons);

describe('a seller', () => {
  const request: LessonInput = { type: 'RequestSale', sellerId: 'seller', offer, limits: [], at };
  test('asks that a lesson be sold (T4)', () => given().when(request).then(requested));
  const full: Limit[] = [{ most: 2, of: 'lessons that wait for an administrator', want: 1, free: [] }];
  const free: Limit[] = [{ ...full[0]!, free: ['waiting/seller/1', 'waiting/seller/0'] }];
  const inSlot = { ...requested, slots: ['waiting/seller/1'] } as LessonEvent;
  const tooMany = { most: '2', of: 'lessons that wait for an administrator' };
  test('has so many lessons waiting for an administrator at once, and no more (B7)', () => {
    given()
      .when({ ...request, limits: free })
      .then(inSlot);
    given()
      .when({ ...request, limits: full })
      .thenRefused('too-many-waiting', tooMany);
    const edit = { ...change({ title: 'Algebra' }), limits: full } as LessonInput;
    for (const decided of [[approved], [approved, onSale], [rejected]])
      given(inSlot, ...decided)
        .when(edit)
        .thenRefused('too-many-waiting', tooMany);
    given(inSlot) // it waits already, and keeps its place
      .when(edit)
      .then({ ...requested, offer: { ...offer, title: 'Algebra' }, revision: 2 } as LessonEvent);
    given(inSlot, rejected)
      .when({ ...change({ startTimes: [at + hour] }), limits: full } as LessonInput)
      .then({ type: 'LessonChanged', offer: { ...offer, startTimes: [at + hour] } });
  });
  test('has its start times put in order', () =>
    given()
      .when({ ...request, offer: { ...offer, startTimes: offer.startTimes.toReversed() } })
      .then(requested));
  test('cannot sell what is past', () =>
    given()
      .when({ ...request, at: at + hour })
      .thenRefused('start-time-past'));
  test('cannot sell a start time twice', () =>
    given()
      .when({ ...request, offer: { ...offer, startTimes: [at + hour, at + hour] } })
      .thenRefused('start-time-twice'));
  test.each([
    { title: 'Algebra' },
    { description: 'More of it' },
    { price: krw(60_000) },
    { minutes: 1 },
    { subject: 'Physics' },
    { level: 'Beginners' },
    { photos: ['a'] },
  ])('has a changed %o reviewed again (T5)', (changes) =>
    given(requested, approved, onSale)
      .when(change(changes))
      .then({
        type: 'LessonSaleRequested',
        sellerId: 'seller',
        offer: { ...offer, ...changes },
        revision: 2,
        slots: [],
      }),
  );
  test('changes start times without a review', () => {
    const startTimes = [at + hour, at + 3 * hour];
    given(requested)
      .when(change({ startTimes }))
      .then({ type: 'LessonChanged', offer: { ...offer, startTimes } });
  });
  test('may leave a start time that has passed where it is, and add none that has', () => {
    const later = { by: 'seller', at: at + hour } as const;
    given(requested)
      .when({ type: 'ChangeLesson', changes: { minutes: 30 }, limits: [], ...later })
      .then({ ...requested, offer: { ...offer, minutes: 30 }, revision: 2 } as LessonEvent);
    given(requested)
      .when({ type: 'ChangeLesson', changes: { startTimes: [at + hour / 2] }, limits: [], ...later })
      .thenRefused('start-time-past');
  });
  test('cannot sell what is more than two years ahead (B7)', () => {
    const far = { ...offer, startTimes: [at + days(730) + hour] };
    given()
      .when({ ...request, offer: far })
      .thenRefused('too-far-ahead', { latest: '2028-11-20' });
    given(requested)
      .when(change({ startTimes: far.startTimes }))
      .thenRefused('too-far-ahead', { latest: '2028-11-20' });
    given()
      .when({ ...request, offer: { ...offer, startTimes: [at + days(730)] } })
      .then({ ...requested, offer: { ...offer, startTimes: [at + days(730)] } } as LessonEvent);
  });
  test('confirms a price of ten times the old one or more, or of a tenth or less (B1)', () => {
    for (const price of [krw(500_000), krw(5_000)]) {
      given(requested).when(change({ price })).thenRefused('price-jump');
      given(requested)
        .when({ ...change({ price }), isPriceConfirmed: true } as LessonInput)
        .then({ ...requested, offer: { ...offer, price }, revision: 2 } as LessonEvent);
    }
    for (const price of [krw(499_999), krw(5_001)])
      given(requested)
        .when(change({ price }))
        .then({ ...requested, offer: { ...offer, price }, revision: 2 } as LessonEvent);
  });
  test('a change without a difference changes nothing', () =>
    given(requested, approved, onSale)
      .when(change({ ...offer }))
      .thenNothing());
  test('withdraws a lesson for good, once', () => {
    given(requested, approved, onSale).when({ type: 'WithdrawLesson', by: 'seller' }).then(withdrawn);
    given(requested, withdrawn).when({ type: 'WithdrawLesson', by: 'seller' }).thenNothing();
    given(requested, withdrawn)
      .when(change({ title: 'Algebra' }))
      .thenRefused('lesson-withdrawn');
  });
  test("finds nobody else's lesson", () => {
    given(requested)
      .when({ type: 'ChangeLesson', by: 'stranger', changes: {}, limits: [], at })
      .thenRefused('no-such-lesson');
    given(requested).when({ type: 'WithdrawLesson', by: 'stranger' }).thenRefused('no-such-lesson');
  });
});

describe('a lesson', () => {
  test('is on sale once it is approved and registered (T5, T6)', () => {
    given(requested).when({ type: 'Approved', revision: 1 }).then(approved);
    given(requested, approved).when({ type: 'LessonRegistered', revision: 1 }).then(onSale);
  });
  test('is not on sale before an administrator has approved it, whoever registers it', () =>
    given(requested).when({ type: 'LessonRegistered', revision: 1 }).thenNothing());
  test('is rejected with the reason (T5)', () =>
    given(requested)
      .when({ type: 'Rejected', revision: 1, reason: 'REJECTED_BY_ADMIN', reasonText: 'too vague' })
      .then(rejected));
  test.each<LessonInput>([
    { type: 'Approved', revision: 1 },
    { type: 'Rejected', revision: 1, reason: 'REJECTED_BY_ADMIN', reasonText: '' },
    { type: 'LessonRegistered', revision: 1 },
  ])('lets $type of an old revision pass', (input) =>
    given(requested, { ...requested, revision: 2 })
      .when(input)
      .thenNothing(),
  );
  test('that was rejected may be asked for again', () =>
    given(requested, rejected)
      .when(change({ title: 'Algebra' }))
      .then({ ...requested, offer: { ...offer, title: 'Algebra' }, revision: 2 } as LessonEvent));
});

describe('a lesson that its seller closes for a while (B2)', () => {
  const close: LessonInput = { type: 'CloseLesson', by: 'seller' };
  const reopen: LessonInput = { type: 'ReopenLesson', by: 'seller' };
  const [closed, reopened]: LessonEvent[] = [{ type: 'LessonClosed' }, { type: 'LessonReopened' }];
  const onSaleOnes = [requested, approved, onSale];
  test('is closed and reopened once', () => {
    given(...onSaleOnes)
      .when(close)
      .then(closed!);
    given(...onSaleOnes, closed!)
      .when(close)
      .thenNothing();
    given(...onSaleOnes, closed!)
      .when(reopen)
      .then(reopened!);
    given(...onSaleOnes, closed!, reopened!)
      .when(reopen)
      .thenNothing();
  });
  test('stays closed through a review', () => {
    const state = [...onSaleOnes, closed!, { ...requested, revision: 2 } as LessonEvent, approved, onSale].reduce(
      lessons.evolve,
      lessons.initial,
    );
    expect(state).toMatchObject({ status: 'on-sale', isClosed: true });
  });
  test('is not closed by anybody else: it is not there for them', () =>
    given(...onSaleOnes)
      .when({ ...close, by: 'other' })
      .thenRefused('no-such-lesson'));
});

describe('every state meets every message', () => {
  const histories: Record<Lesson['status'] | 'approved', LessonEvent[]> = {
    none: [],
    'sale-requested': [requested],
    approved: [requested, approved],
    'on-sale': [requested, approved, onSale],
    'sale-rejected': [requested, rejected],
    withdrawn: [requested, withdrawn],
  };
  type History = keyof typeof histories;
  const inputs: { [Type in LessonInput['type']]: Extract<LessonInput, { type: Type }> } = {
    RequestSale: { type: 'RequestSale', sellerId: 'seller', offer, limits: [], at },
    ChangeLesson: { type: 'ChangeLesson', by: 'seller', changes: { title: 'Algebra' }, limits: [], at },
    CloseLesson: { type: 'CloseLesson', by: 'seller' },
    ReopenLesson: { type: 'ReopenLesson', by: 'seller' },
    WithdrawLesson: { type: 'WithdrawLesson', by: 'seller' },
    Approved: { type: 'Approved', revision: 1 },
    Rejected: { type: 'Rejected', revision: 1, reason: 'REJECTED_BY_ADMIN', reasonText: '' },
    LessonRegistered: { type: 'LessonRegistered', revision: 1 },
    AskAgain: { type: 'AskAgain', at },
  };
  const everywhere = (event: LessonEvent['type']) => ({
    'sale-requested': event,
    approved: event,
    'on-sale': event,
    'sale-rejected': event,
  });
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<LessonInput['type'], Partial<Record<History, LessonEvent['type'] | `refused: ${string}`>>> = {
    RequestSale: { none: 'LessonSaleRequested' },
    ChangeLesson: {
      none: 'refused: no-such-lesson',
      withdrawn: 'refused: lesson-withdrawn',
      ...everywhere('LessonSaleRequested'),
    },
    CloseLesson: {
      none: 'refused: no-such-lesson',
      withdrawn: 'refused: lesson-withdrawn',
      ...everywhere('LessonClosed'),
    },
    ReopenLesson: { none: 'refused: no-such-lesson', withdrawn: 'refused: lesson-withdrawn' },
    WithdrawLesson: { none: 'refused: no-such-lesson', ...everywhere('LessonWithdrawn') },
    Approved: { 'sale-requested': 'LessonApproved' },
    Rejected: { 'sale-requested': 'LessonSaleRejected' },
    LessonRegistered: { approved: 'LessonOnSale' },
    AskAgain: { none: 'AskedAgain', withdrawn: 'AskedAgain', ...everywhere('AskedAgain') },
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history) =>
    (Object.keys(inputs) as LessonInput['type'][]).map(
      (input) => [history, input, table[input][history] ?? 'nothing'] as const,
    ),
  );
  test.each(pairs)('%s + %s → %s', (history, input, expected) => {
    const state = histories[history].reduce(lessons.evolve, lessons.initial);
    const decision = lessons.decide(state, inputs[input]);
    if (decision.accepted)
      expect(decision.events.map((event) => event.type)).toEqual(expected === 'nothing' ? [] : [expected]);
    else expect(`refused: ${decision.refusal}`).toBe(expected);
  });
});

import { get, malformed, patch, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const [nine, ten] = ['2027-01-04T09:00:00Z', '2027-01-04T10:00:00Z'];
const lesson = {
  ...{
    id: 'l1',
    status: 'SALE_REQUESTED',
    sellerId: 's1',
    title: '수학',
    description: '',
    price: won('50000'),
    minutes: 50,
  },
  ...{ subject: '수학', level: '고등', photos: [], closed: false },
  ...{ startTimes: [nine, ten], freeStartTimes: [ten], revision: 1, ...noReason, ...times },
};
const purchase = {
  ...{
    id: 'o1',
    status: 'REQUESTED',
    lessonId: 'l1',
    buyerId: 'b1',
    sellerId: 's1',
    title: '수학',
    startTime: nine,
    minutes: 50,
  },
  ...{ price: won('50000'), ...noReason, cancelRefused: '', ...times },
};

export const tutoring: Contract = {
  service: 'jari.tutoring.v1.TutoringService',
  methods: {
    CreateLesson: {
      answer: lesson,
      calls: [
        post(
          'as the table has it',
          '/v1/tutoring/lessons',
          {
            title: '수학',
            description: '',
            price: { currency_code: 'KRW', units: '50000' },
            minutes: 50,
            start_times: [nine, ten],
          },
          { title: '수학', price: { currencyCode: 'KRW', units: '50000' }, minutes: 50, startTimes: [nine, ten] },
        ),
        post(
          'start times of any offset',
          '/v1/tutoring/lessons',
          '{"startTimes":["2027-01-04T18:00:00+09:00","2027-01-04T10:00:00.250Z"]}',
          {
            startTimes: [nine, '2027-01-04T10:00:00.250Z'],
          },
        ),
        post('no start time', '/v1/tutoring/lessons', '{"start_times":[]}', {}),
      ],
    },
    GetLesson: {
      answer: {
        ...lesson,
        status: 'SALE_REJECTED',
        freeStartTimes: [],
        reason: 'REJECTED_BY_ADMIN',
        reasonText: '설명이 부족합니다',
      },
      calls: [get('by its id', '/v1/tutoring/lessons/l1', { lessonId: 'l1' })],
    },
    ListLessons: {
      answer: { lessons: [{ ...lesson, status: 'ON_SALE' }], nextPageToken: 'bDE' },
      calls: [
        get(
          'a search',
          '/v1/tutoring/lessons?subject=maths&q=calculus&from=2027-01-04T09:00:00Z&to=2027-01-05T09:00:00Z',
          {
            ...{ subject: 'maths', q: 'calculus', from: nine, to: '2027-01-05T09:00:00Z' },
          },
        ),
        get('a page', '/v1/tutoring/lessons?status=ON_SALE&page_size=2&page_token=t', {
          status: 'ON_SALE',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/tutoring/lessons?status=1', { status: 'SALE_REQUESTED' }),
        ...words('/v1/tutoring/lessons', 'status', ['SALE_REQUESTED', 'ON_SALE', 'SALE_REJECTED', 'WITHDRAWN']),
      ],
    },
    UpdateLesson: {
      answer: { ...lesson, revision: 2 },
      calls: [
        patch(
          'the fields that are present',
          '/v1/tutoring/lessons/l1',
          { title: '물리', price: { units: '60000' } },
          {
            ...{ lessonId: 'l1', title: '물리', price: { units: '60000' } },
          },
        ),
        patch(
          'the fields of a mask',
          '/v1/tutoring/lessons/l1',
          { title: '물리', start_times: [ten], update_mask: 'title,start_times' },
          {
            ...{ lessonId: 'l1', title: '물리', startTimes: [ten], updateMask: 'title,startTimes' },
          },
        ),
        patch(
          'a mask in the query',
          '/v1/tutoring/lessons/l1?update_mask=minutes',
          { minutes: 90 },
          { lessonId: 'l1', minutes: 90, updateMask: 'minutes' },
        ),
        patch(
          'what is optional, set to nothing',
          '/v1/tutoring/lessons/l1',
          { title: '', description: '', minutes: 0 },
          {
            ...{ lessonId: 'l1', title: '', description: '', minutes: 0 },
          },
        ),
        patch(
          'what is optional, set to null',
          '/v1/tutoring/lessons/l1',
          { title: null, minutes: null, price: null, update_mask: null },
          { lessonId: 'l1' },
        ),
      ],
    },
    CloseLesson: {
      answer: { ...lesson, closed: true },
      calls: [post('by its id', '/v1/tutoring/lessons/l1:close', {}, { lessonId: 'l1' })],
    },
    ReopenLesson: {
      answer: lesson,
      calls: [post('by its id', '/v1/tutoring/lessons/l1:reopen', {}, { lessonId: 'l1' })],
    },
    WithdrawLesson: {
      answer: { ...lesson, status: 'WITHDRAWN' },
      calls: [post('by its id', '/v1/tutoring/lessons/l1:withdraw', {}, { lessonId: 'l1' })],
    },
    CreatePurchase: {
      answer: purchase,
      calls: [
        post(
          'as the table has it',
          '/v1/tutoring/purchases',
          { lesson_id: 'l1', start_time: nine },
          { lessonId: 'l1', startTime: nine },
        ),
      ],
    },
    QuotePurchase: {
      answer: {
        available: false,
        reason: 'START_TIME_TAKEN',
        lines: [{ text: '수학', quantity: 1, unitPrice: won('50000'), amount: won('50000') }],
        total: won('50000'),
        refundSteps: [{ until: nine, percent: 100, refund: won('50000') }],
        holdUntil: '2027-01-04T08:00:00Z',
        alternatives: [{ startTime: ten, total: won('50000') }],
      },
      calls: [
        post(
          'the body of the order',
          '/v1/tutoring/purchases:quote',
          { lesson_id: 'l1', start_time: nine },
          { lessonId: 'l1', startTime: nine },
        ),
      ],
    },
    GetPurchase: {
      answer: { ...purchase, status: 'CANCELLED', reason: 'SELLER_ABSENT' },
      calls: [get('by its id', '/v1/tutoring/purchases/o1', { purchaseId: 'o1' })],
    },
    ListPurchases: {
      answer: { purchases: [{ ...purchase, status: 'READY', cancelRefused: 'LECTURE_LIVE' }], nextPageToken: '' },
      calls: [
        get('a page', '/v1/tutoring/purchases?status=PAID&page_size=2&page_token=t', {
          status: 'PAID',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/tutoring/purchases?status=4', { status: 'READY' }),
        ...words('/v1/tutoring/purchases', 'status', [
          ...[
            'REQUESTED',
            'PAYMENT_PENDING',
            'PAID',
            'READY',
            'COMPLETED',
            'PAYMENT_FAILED',
            'CANCELLING',
            'CANCELLED',
          ],
        ]),
      ],
    },
    CancelPurchase: {
      answer: { ...purchase, status: 'CANCELLING' },
      calls: [
        post('by its id', '/v1/tutoring/purchases/o1:cancel', {}, { purchaseId: 'o1' }),
        post('with words', '/v1/tutoring/purchases/o1:cancel', { text: '단수' }, { purchaseId: 'o1', text: '단수' }),
      ],
    },
    PreviewCancellation: {
      answer: { paid: won('50000'), refund: won('50000'), percent: 100, reason: 'BEFORE_START' },
      calls: [get('by its id', '/v1/tutoring/purchases/o1:cancelPreview', { purchaseId: 'o1' })],
    },
  },
  refused: [
    malformed('a word for a start time', '/v1/tutoring/lessons', '{"start_times":["tomorrow"]}'),
    malformed('a number for a start time', '/v1/tutoring/lessons', '{"start_times":[1799053200]}'),
    malformed('a start time without its offset', '/v1/tutoring/purchases', '{"start_time":"2027-01-04T09:00:00"}'),
    malformed('a fraction for minutes', '/v1/tutoring/lessons', '{"minutes":49.5}'),
    malformed('a list for a title', '/v1/tutoring/lessons', '{"title":["수학"]}'),
    malformed('a number for a mask', '/v1/tutoring/lessons/l1', '{"update_mask":5}', 'PATCH'),
    malformed('a status that is a purchase’s', '/v1/tutoring/lessons?status=PAID'),
    malformed('a status that is a lesson’s', '/v1/tutoring/purchases?status=ON_SALE'),
  ],
};

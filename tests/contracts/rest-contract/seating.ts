import { get, malformed, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const [nine, ten] = ['2027-01-04T00:00:00Z', '2027-01-04T01:00:00Z'];
const selection = {
  ...{
    id: 'o1',
    status: 'SELECTED',
    customerId: 'c1',
    cafeId: 'cafe1',
    seatId: 'seat1',
    startTime: nine,
    endTime: ten,
  },
  ...{ total: won('2000'), ...noReason, ...times },
};

export const seating: Contract = {
  service: 'jari.seating.v1.SeatingService',
  methods: {
    CreateSeatSelection: {
      answer: selection,
      calls: [
        post(
          'as the table has it, on the cafe’s clock',
          '/v1/seat-selections',
          {
            cafe_id: 'cafe1',
            seat_id: 'seat1',
            start_time: '2027-01-04T09:00:00+09:00',
            end_time: '2027-01-04T10:00:00+09:00',
          },
          { cafeId: 'cafe1', seatId: 'seat1', startTime: nine, endTime: ten },
        ),
      ],
    },
    QuoteSeatSelection: {
      answer: {
        available: false,
        reason: 'SEAT_TAKEN',
        lines: [{ text: '책과 창 · 14', quantity: 1.5, unitPrice: won('2000'), amount: won('3000') }],
        total: won('3000'),
        refundSteps: [{ until: nine, percent: 100, refund: won('3000') }],
        holdUntil: '2027-01-03T23:10:00Z',
        alternatives: [{ seatId: 'seat2', label: '15', total: won('3000') }],
      },
      calls: [
        post(
          'the body of the order',
          '/v1/seat-selections:quote',
          { cafe_id: 'cafe1', seat_id: 'seat1', start_time: nine, end_time: ten },
          { cafeId: 'cafe1', seatId: 'seat1', startTime: nine, endTime: ten },
        ),
      ],
    },
    GetSeatSelection: {
      answer: { ...selection, status: 'REFUSED', reason: 'SEAT_TAKEN' },
      calls: [get('by its id', '/v1/seat-selections/o1', { seatSelectionId: 'o1' })],
    },
    ListSeatSelections: {
      answer: { seatSelections: [selection], nextPageToken: 'bzE' },
      calls: [
        get('a page', '/v1/seat-selections?status=HELD&page_size=2&page_token=t', {
          status: 'HELD',
          pageSize: 2,
          pageToken: 't',
        }),
        ...words('/v1/seat-selections', 'status', [
          ...[
            'SELECTED',
            'HELD',
            'PAYMENT_PENDING',
            'PAID',
            'REGISTERED',
            'COMPLETED',
            'REFUSED',
            'PAYMENT_FAILED',
            'CANCELLING',
            'CANCELLED',
          ],
        ]),
      ],
    },
    CancelSeatSelection: {
      answer: { ...selection, status: 'CANCELLING' },
      calls: [
        post('by its id', '/v1/seat-selections/o1:cancel', {}, { seatSelectionId: 'o1' }),
        post('with words', '/v1/seat-selections/o1:cancel', { text: '단수' }, { seatSelectionId: 'o1', text: '단수' }),
      ],
    },
    PreviewCancellation: {
      answer: { paid: won('2000'), refund: won('2000'), percent: 100, reason: 'BEFORE_START' },
      calls: [get('by its id', '/v1/seat-selections/o1:cancelPreview', { seatSelectionId: 'o1' })],
    },
  },
  refused: [
    malformed('a date for an instant', '/v1/seat-selections', '{"start_time":"2027-01-04"}'),
    malformed('a status that is none', '/v1/seat-selections?status=BLOCKED'),
  ],
};

import { get, malformed, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const reservation = {
  ...{
    id: 'o1',
    status: 'REQUESTED',
    guestId: 'g1',
    roomId: 'room1',
    checkIn: '2026-12-24',
    checkOut: '2026-12-26',
    guests: 2,
  },
  ...{ total: won('200000'), ...noReason, cancelRefused: '', ...times },
};

export const lodging: Contract = {
  service: 'jari.lodging.v1.LodgingService',
  methods: {
    CreateReservation: {
      answer: reservation,
      calls: [
        post(
          'as the table has it',
          '/v1/lodging/reservations',
          { room_id: 'room1', check_in: '2026-12-24', check_out: '2026-12-26', guests: 2 },
          { roomId: 'room1', checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2 },
        ),
      ],
    },
    QuoteReservation: {
      answer: {
        available: false,
        reason: 'NIGHTS_TAKEN',
        lines: [{ text: '소나무집 · 바다방', quantity: 2, unitPrice: won('100000'), amount: won('200000') }],
        total: won('200000'),
        refundSteps: [{ until: '2026-12-14T15:00:00Z', percent: 100, refund: won('200000') }],
        holdUntil: '2026-12-02T03:00:00Z',
        alternatives: [{ checkIn: '2026-12-25', checkOut: '2026-12-27', total: won('200000') }],
      },
      calls: [
        post(
          'the body of the order',
          '/v1/lodging/reservations:quote',
          { room_id: 'room1', check_in: '2026-12-24', check_out: '2026-12-26', guests: 2 },
          { roomId: 'room1', checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2 },
        ),
      ],
    },
    GetReservation: {
      answer: { ...reservation, status: 'CANCELLED', reason: 'CANCELLED_BY_HOST', reasonText: '수리' },
      calls: [get('by its id', '/v1/lodging/reservations/o1', { reservationId: 'o1' })],
    },
    ListReservations: {
      answer: { reservations: [reservation], nextPageToken: 'bzE' },
      calls: [
        get('a page', '/v1/lodging/reservations?status=PAID&page_size=2&page_token=t', {
          status: 'PAID',
          pageSize: 2,
          pageToken: 't',
        }),
        ...words('/v1/lodging/reservations', 'status', [
          ...[
            'REQUESTED',
            'CONFIRMED',
            'PAYMENT_PENDING',
            'PAID',
            'COMPLETED',
            'REJECTED',
            'PAYMENT_FAILED',
            'CANCELLING',
            'CANCELLED',
          ],
        ]),
      ],
    },
    CancelReservation: {
      answer: { ...reservation, status: 'CANCELLING' },
      calls: [
        post('by its id', '/v1/lodging/reservations/o1:cancel', {}, { reservationId: 'o1' }),
        post(
          'with words',
          '/v1/lodging/reservations/o1:cancel',
          { text: '단수' },
          { reservationId: 'o1', text: '단수' },
        ),
      ],
    },
    PreviewCancellation: {
      answer: { paid: won('200000'), refund: won('140000'), percent: 70, reason: 'DAYS_BEFORE_7' },
      calls: [get('by its id', '/v1/lodging/reservations/o1:cancelPreview', { reservationId: 'o1' })],
    },
  },
  refused: [
    malformed('words for guests', '/v1/lodging/reservations', '{"guests":"two"}'),
    malformed('a status that is none', '/v1/lodging/reservations?status=READY'),
  ],
};

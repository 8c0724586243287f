import { get, malformed } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const order = {
  ...{
    id: 'o1',
    status: 'PAID',
    statusText: '예약 확정',
    order: { kind: 'lodging.reservation', id: 'o1' },
    customerId: 'g1',
    providerId: 'h1',
    title: '바다방',
    phase: 'ACTIVE',
  },
  ...{
    total: won('200000'),
    paymentStatus: 'COMPLETED',
    attributes: { room_id: 'room1' },
    timeline: [],
    timelineNextPageToken: '',
    ...noReason,
    ...times,
  },
};
const timeline = [
  {
    type: 'jari.lodging.v1.ReservationPaid',
    source: '/lodging',
    at: '2026-12-24T03:00:00Z',
    text: '결제가 끝났어요',
    cause: 'm1',
  },
];

export const views: Contract = {
  service: 'jari.views.v1.ViewsService',
  methods: {
    ListOrders: {
      answer: { orders: [order], nextPageToken: 'bzE' },
      calls: [
        get(
          'with every filter',
          '/v1/orders?kind=rental.rental&phase=WAITING&as=PROVIDER&attribute=product_id:p1&q=%EB%B0%94%EB%8B%A4&page_size=2&page_token=t',
          {
            ...{
              kind: 'rental.rental',
              phase: 'WAITING',
              as: 'PROVIDER',
              attribute: ['product_id:p1'],
              q: '바다',
              pageSize: 2,
              pageToken: 't',
            },
          },
        ),
        get('stuck ones', '/v1/orders?stuck=true', { stuck: true }),
        ...words('/v1/orders', 'as', ['CUSTOMER', 'PROVIDER', 'ALL']),
        ...words('/v1/orders', 'phase', [
          'RECEIVED',
          'WAITING',
          'ACTIVE',
          'DONE',
          'REJECTED',
          'FAILED',
          'CANCELLING',
          'CANCELLED',
        ]),
      ],
    },
    GetOrder: { answer: { ...order, timeline }, calls: [get('by its id', '/v1/orders/o1', { orderId: 'o1' })] },
    WatchOrder: {
      events: [
        { snapshot: { ...order, timeline } },
        { change: { ...order, phase: 'DONE' } },
        { heartbeat: { at: '2026-12-24T03:00:15Z' } },
      ],
      calls: [get('by its id', '/v1/orders/o1:watch', { orderId: 'o1' })],
    },
    WatchOrders: {
      events: [
        { snapshot: { orders: [order] } },
        { change: { ...order, phase: 'DONE' } },
        { heartbeat: { at: '2026-12-24T03:00:15Z' } },
      ],
      calls: [get('of the caller', '/v1/orders:watch', {})],
    },
    GetKpis: {
      answer: { kinds: [{ kind: 'rental.rental', requested: '12', confirmedShare: 0.75, paymentSuccessShare: 1 }] },
      calls: [
        get('between two days', '/v1/kpis?from=2026-12-01&to=2027-01-01', { from: '2026-12-01', to: '2027-01-01' }),
      ],
    },
  },
  refused: [
    malformed('eyes that are nobody’s', '/v1/orders?as=EVERYONE'),
    malformed('a phase that is none', '/v1/orders?phase=PAID'),
  ],
};

import { get, malformed, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const location = { latitude: 37.5563, longitude: 126.9236 };
const preorder = {
  ...{
    id: 'r1',
    status: 'REQUESTED',
    customerId: 'c1',
    productId: 'p1',
    quantity: 2,
    fulfilment: 'DELIVERY',
    location,
    address: '서울 마포구 1',
  },
  ...{ dealershipId: '', total: won('2500000'), ...noReason, cancelRefused: '', ...times },
};

export const preorders: Contract = {
  service: 'jari.preorder.v1.PreorderService',
  methods: {
    CreatePreorder: {
      answer: preorder,
      calls: [
        post(
          'to be brought',
          '/v1/preorders',
          { product_id: 'p1', quantity: 2, fulfilment: 'DELIVERY', location, address: '서울 마포구 1' },
          { productId: 'p1', quantity: 2, fulfilment: 'DELIVERY', location, address: '서울 마포구 1' },
        ),
        post(
          'to be fetched, by number, without an address',
          '/v1/preorders',
          { product_id: 'p1', quantity: 1, fulfilment: 2, location },
          {
            ...{ productId: 'p1', quantity: 1, fulfilment: 'PICKUP', location },
          },
        ),
        post(
          'where the numbers of a place are text, whole or small',
          '/v1/preorders',
          '{"location":{"latitude":"-33.5","longitude":151}}',
          {
            location: { latitude: -33.5, longitude: 151 },
          },
        ),
        post('where the equator meets Greenwich', '/v1/preorders', '{"location":{"latitude":0,"longitude":0.0}}', {
          location: {},
        }),
      ],
    },
    QuotePreorder: {
      answer: {
        available: false,
        reason: 'OUT_OF_STOCK',
        lines: [{ text: '달빛 폰 15', quantity: 2, unitPrice: won('1250000'), amount: won('2500000') }],
        total: won('2500000'),
        refundSteps: [{ percent: 100, refund: won('0') }],
        holdUntil: '2027-01-11T00:00:00Z',
        alternatives: [{ productId: 'p2', name: '달빛 폰 15 256 GB', quantity: 2, total: won('2700000') }],
      },
      calls: [
        post(
          'the body of the order',
          '/v1/preorders:quote',
          { product_id: 'p1', quantity: 2, fulfilment: 'DELIVERY', location, address: '서울 마포구 1' },
          { productId: 'p1', quantity: 2, fulfilment: 'DELIVERY', location, address: '서울 마포구 1' },
        ),
        post(
          'before a place is known',
          '/v1/preorders:quote',
          { product_id: 'p1', quantity: 2, fulfilment: 'DELIVERY' },
          { productId: 'p1', quantity: 2, fulfilment: 'DELIVERY' },
        ),
      ],
    },
    GetPreorder: {
      answer: {
        ...preorder,
        status: 'ASSIGNED',
        fulfilment: 'PICKUP',
        location: { latitude: 0, longitude: -180 },
        address: '',
        dealershipId: 'd1',
      },
      calls: [get('by its id', '/v1/preorders/r1', { preorderId: 'r1' })],
    },
    ListPreorders: {
      answer: {
        preorders: [{ ...preorder, cancelRefused: 'ALREADY_ACTIVATED', status: 'ACTIVATED' }],
        nextPageToken: '',
      },
      calls: [
        get('a page', '/v1/preorders?status=REQUESTED&page_size=2&page_token=t', {
          status: 'REQUESTED',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/preorders?status=3', { status: 'WAITING_DEALERSHIP' }),
        ...words('/v1/preorders', 'status', [
          ...[
            'REQUESTED',
            'ASSIGNED',
            'WAITING_DEALERSHIP',
            'ACCEPTED',
            'SHIPPED',
            'DELIVERED',
            'ACTIVATED',
            'CANCELLING',
            'CANCELLED',
          ],
        ]),
      ],
    },
    CancelPreorder: {
      answer: { ...preorder, status: 'CANCELLING', reason: 'CANCELLED_BY_CUSTOMER' },
      calls: [
        post('by its id', '/v1/preorders/r1:cancel', {}, { preorderId: 'r1' }),
        post('with words', '/v1/preorders/r1:cancel', { text: '단수' }, { preorderId: 'r1', text: '단수' }),
      ],
    },
    PreviewCancellation: {
      answer: { paid: won('0'), refund: won('0'), percent: 100, reason: 'NOTHING_PAID' },
      calls: [get('by its id', '/v1/preorders/r1:cancelPreview', { preorderId: 'r1' })],
    },
  },
  refused: [
    malformed('a way of receiving that is none', '/v1/preorders', '{"fulfilment":"BY_DRONE"}'),
    malformed('a way of receiving in lower case', '/v1/preorders', '{"fulfilment":"pickup"}'),
    malformed('text for a place', '/v1/preorders', '{"location":"37.5,126.9"}'),
    malformed('a list for a place', '/v1/preorders', '{"location":[37.5,126.9]}'),
    malformed('words for a latitude', '/v1/preorders', '{"location":{"latitude":"north"}}'),
    malformed('true for a longitude', '/v1/preorders', '{"location":{"longitude":true}}'),
    malformed('a fraction for a quantity', '/v1/preorders', '{"quantity":1.5}'),
    malformed('a status that is none', '/v1/preorders?status=INSTALLED'),
  ],
};

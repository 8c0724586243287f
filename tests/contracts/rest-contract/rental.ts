import { get, malformed, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const rental = {
  ...{ id: 'r1', status: 'RECEIVED', customerId: 'c1', productId: 'p1', months: 36, address: '서울 마포구 1' },
  ...{ monthlyFee: won('30000'), deposit: won('100000'), paid: won('130000') },
  ...{ ...noReason, cancelRefused: '', ...times },
};

export const rentals: Contract = {
  service: 'jari.rental.v1.RentalService',
  methods: {
    CreateRental: {
      answer: rental,
      calls: [
        post(
          'as the table has it',
          '/v1/rentals',
          { product_id: 'p1', months: 36, address: '서울 마포구 1' },
          { productId: 'p1', months: 36, address: '서울 마포구 1' },
        ),
        post(
          'in camelCase, a number as text',
          '/v1/rentals',
          { productId: 'p1', months: '36' },
          { productId: 'p1', months: 36 },
        ),
        post('a field that is null', '/v1/rentals', { product_id: 'p1', months: null }, { productId: 'p1' }),
      ],
    },
    QuoteRental: {
      answer: {
        available: false,
        reason: 'NOT_ON_SALE',
        lines: [
          { text: '정수기 · deposit', quantity: 1, unitPrice: won('100000'), amount: won('100000') },
          { text: '정수기 · first month', quantity: 1, unitPrice: won('30000'), amount: won('30000') },
        ],
        total: won('130000'),
        refundSteps: [{ percent: 100, refund: won('130000') }],
        alternatives: [{ productId: 'p2', name: '작은 정수기', total: won('110000') }],
      },
      calls: [
        post(
          'the body of the order',
          '/v1/rentals:quote',
          { product_id: 'p1', months: 36, address: '서울 마포구 1' },
          { productId: 'p1', months: 36, address: '서울 마포구 1' },
        ),
        post(
          'before an address is known',
          '/v1/rentals:quote',
          { product_id: 'p1', months: 36 },
          { productId: 'p1', months: 36 },
        ),
      ],
    },
    GetRental: {
      answer: { ...rental, status: 'INSTALLED', cancelRefused: 'DELIVERED' },
      calls: [get('by its id', '/v1/rentals/r1', { rentalId: 'r1' })],
    },
    ListRentals: {
      answer: { rentals: [rental, { ...rental, id: 'r0' }], nextPageToken: 'cjA' },
      calls: [
        get('a page', '/v1/rentals?status=RECEIVED&page_size=2&page_token=cjI', {
          status: 'RECEIVED',
          pageSize: 2,
          pageToken: 'cjI',
        }),
        get('a status by its number', '/v1/rentals?status=2', { status: 'BACKORDERED' }),
        ...words('/v1/rentals', 'status', [
          'RECEIVED',
          'BACKORDERED',
          'STOCK_CONFIRMED',
          'DELIVERING',
          'INSTALLED',
          'CANCELLING',
          'CANCELLED',
        ]),
      ],
    },
    CancelRental: {
      answer: { ...rental, status: 'CANCELLING', reason: 'CANCELLED_BY_CUSTOMER' },
      calls: [
        post('by its id', '/v1/rentals/r1:cancel', {}, { rentalId: 'r1' }),
        post('with words', '/v1/rentals/r1:cancel', { text: '단수' }, { rentalId: 'r1', text: '단수' }),
      ],
    },
    PreviewCancellation: {
      answer: { paid: won('130000'), refund: won('130000'), percent: 100, reason: 'BACKORDERED' },
      calls: [get('by its id', '/v1/rentals/r1:cancelPreview', { rentalId: 'r1' })],
    },
  },
  refused: [
    malformed('words for the months', '/v1/rentals', '{"months":"many"}'),
    malformed('half a month', '/v1/rentals', '{"months":12.5}'),
    malformed('a number for the address', '/v1/rentals', '{"address":1}'),
    malformed('a list for the product', '/v1/rentals', '{"product_id":["p1","p2"]}'),
    malformed('another business’s status', '/v1/rentals?status=PAID'),
    malformed('a field of another request', '/v1/rentals?rental_id=r1'),
  ],
};

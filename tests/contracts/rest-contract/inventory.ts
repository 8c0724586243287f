import { get, malformed, patch, post } from '../rest-conformance.calls.ts';
import { times, won, words, type Contract } from './promised.ts';

const dispenser = {
  ...{ id: 'p1', name: '정수기', kind: 'DISPENSER', price: won('0'), monthlyFee: won('30000'), deposit: won('100000') },
  ...{
    description: '',
    photos: [],
    family: '맑은샘',
    options: { colour: '민트', storage: '', size: '' },
    closed: false,
  },
  ...{ onHand: 5, held: 2, available: 3, ...times },
};

export const inventory: Contract = {
  service: 'jari.inventory.v1.InventoryService',
  methods: {
    CreateProduct: {
      answer: dispenser,
      calls: [
        post(
          'a dispenser',
          '/v1/products',
          {
            ...{ name: '정수기', kind: 'DISPENSER', on_hand: 5 },
            ...{
              monthly_fee: { currency_code: 'KRW', units: '30000' },
              deposit: { currency_code: 'KRW', units: 100000, nanos: 0 },
            },
          },
          {
            ...{ name: '정수기', kind: 'DISPENSER', onHand: 5 },
            ...{
              monthlyFee: { currencyCode: 'KRW', units: '30000' },
              deposit: { currencyCode: 'KRW', units: '100000' },
            },
          },
        ),
        post(
          'a phone, its kind by number',
          '/v1/products',
          '{"kind":1,"price":{"currencyCode":"KRW","units":"1250000"}}',
          {
            ...{ kind: 'PHONE', price: { currencyCode: 'KRW', units: '1250000' } },
          },
        ),
      ],
    },
    UpdateProduct: {
      answer: dispenser,
      calls: [
        patch(
          'some fields',
          '/v1/products/p1',
          { family: '맑은샘', options: { colour: '민트' }, confirm_price: true },
          { productId: 'p1', family: '맑은샘', options: { colour: '민트' }, confirmPrice: true },
        ),
      ],
    },
    CloseProduct: {
      answer: { ...dispenser, closed: true },
      calls: [post('by its id', '/v1/products/p1:close', {}, { productId: 'p1' })],
    },
    ReopenProduct: {
      answer: dispenser,
      calls: [post('by its id', '/v1/products/p1:reopen', {}, { productId: 'p1' })],
    },
    ListProducts: {
      answer: { products: [dispenser], nextPageToken: '' },
      calls: [
        get('a search', '/v1/products?kind=PHONE&q=dalbit', { kind: 'PHONE', q: 'dalbit' }),
        get('a page', '/v1/products?kind=PHONE&page_size=1&page_token=t', {
          kind: 'PHONE',
          pageSize: 1,
          pageToken: 't',
        }),
        get('a kind by its number', '/v1/products?kind=2', { kind: 'DISPENSER' }),
        ...words('/v1/products', 'kind', ['PHONE', 'DISPENSER']),
      ],
    },
    GetProduct: {
      answer: { ...dispenser, onHand: 0, held: 0, available: 0 },
      calls: [get('by its id', '/v1/products/p1', { productId: 'p1' })],
    },
    RestockProduct: {
      answer: { ...dispenser, onHand: 10, available: 8 },
      calls: [post('with how many', '/v1/products/p1:restock', { quantity: 5 }, { productId: 'p1', quantity: 5 })],
    },
    AdjustProduct: {
      answer: { ...dispenser, onHand: 2, available: 0 },
      calls: [
        post(
          'to a count',
          '/v1/products/p1:adjust',
          { on_hand: 2, text: '파손' },
          { productId: 'p1', onHand: 2, text: '파손' },
        ),
        post(
          'to nothing at all, which is a count',
          '/v1/products/p1:adjust',
          { on_hand: 0 },
          { productId: 'p1', onHand: 0 },
        ),
        post('to what nobody said', '/v1/products/p1:adjust', { text: '?' }, { productId: 'p1', text: '?' }),
      ],
    },
  },
  refused: [
    malformed('a number for money', '/v1/products', '{"price":1250000}'),
    malformed('text for money', '/v1/products', '{"monthly_fee":"30000"}'),
    malformed('half a won', '/v1/products', '{"deposit":{"units":0.5}}'),
    malformed('a kind that is none', '/v1/products', '{"kind":"TABLET"}'),
    malformed('a kind that is none, in a filter', '/v1/products?kind=TABLET'),
    malformed('words for a quantity', '/v1/products/p1:restock', '{"quantity":"five"}'),
    malformed('a quantity beyond its type', '/v1/products/p1:restock', '{"quantity":2147483648}'),
    malformed('true for a count', '/v1/products/p1:adjust', '{"on_hand":true}'),
  ],
};

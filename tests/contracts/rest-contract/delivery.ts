import { get, malformed, post } from '../rest-conformance.calls.ts';
import { times, words, type Contract } from './promised.ts';

const delivery = {
  id: 'o1',
  status: 'SCHEDULED',
  order: { kind: 'rental.rental', id: 'o1' },
  address: '서울 마포구 1',
  area: '서울 마포구',
  courierId: 'c1',
  handoverCode: '042137',
  ...times,
};

export const deliveries: Contract = {
  service: 'jari.delivery.v1.DeliveryService',
  methods: {
    GetDelivery: { answer: delivery, calls: [get('by the order', '/v1/deliveries/o1', { orderId: 'o1' })] },
    AssignDelivery: {
      answer: delivery,
      calls: [
        post('to a courier', '/v1/deliveries/o1:assign', { courierId: 'c1' }, { orderId: 'o1', courierId: 'c1' }),
      ],
    },
    TakeDelivery: { answer: delivery, calls: [post('by the order', '/v1/deliveries/o1:take', {}, { orderId: 'o1' })] },
    GiveBackDelivery: {
      answer: { ...delivery, address: '', courierId: '' },
      calls: [post('by the order', '/v1/deliveries/o1:giveBack', {}, { orderId: 'o1' })],
    },
    ListDeliveries: {
      answer: { deliveries: [delivery, { ...delivery, status: 'CANCELLED' }], nextPageToken: 'bzE' },
      calls: [
        get('a page', '/v1/deliveries?status=SCHEDULED&page_size=2&page_token=t', {
          status: 'SCHEDULED',
          pageSize: 2,
          pageToken: 't',
        }),
        get('a status by its number', '/v1/deliveries?status=3', { status: 'DELIVERED' }),
        ...words('/v1/deliveries', 'status', ['SCHEDULED', 'STARTED', 'DELIVERED', 'CANCELLED']),
      ],
    },
    StartDelivery: {
      answer: { ...delivery, status: 'STARTED' },
      calls: [post('by the order', '/v1/deliveries/o1:start', {}, { orderId: 'o1' })],
    },
    CompleteDelivery: {
      answer: { ...delivery, status: 'DELIVERED' },
      calls: [
        post('with the code', '/v1/deliveries/o1:complete', { code: '042137' }, { orderId: 'o1', code: '042137' }),
        post('for another', '/v1/deliveries/o1:complete', { text: 'by phone' }, { orderId: 'o1', text: 'by phone' }),
      ],
    },
  },
  refused: [
    malformed('a status that is none', '/v1/deliveries?status=LOST'),
    malformed('words for the size of a page', '/v1/deliveries?page_size=few'),
    malformed('a number for the order', '/v1/deliveries/o1:start', '{"orderId":1}'),
  ],
};

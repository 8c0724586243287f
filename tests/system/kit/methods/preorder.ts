import { anyone, id, won, page, paged, agreed, here, inLocation, type Methods } from './method.ts';

export const methods: Methods = {
  'PreorderService.CreatePreorder': {
    may: ['customer'],
    by: 'customer',
    request: {
      product_id: id(),
      quantity: 1,
      fulfilment: 'DELIVERY',
      location: here,
      address: '1 Street',
      agreed_total: won('1000'),
    },
    optional: [...inLocation, ...agreed],
  },
  'PreorderService.QuotePreorder': {
    may: anyone,
    by: 'customer',
    request: {
      product_id: id(),
      quantity: 1,
      fulfilment: 'DELIVERY',
      location: here,
      address: '1 Street',
      agreed_total: won('1000'),
    },
    optional: ['address', 'location', ...inLocation, ...agreed],
  },
  'PreorderService.GetPreorder': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { preorder_id: id() },
  },
  'PreorderService.ListPreorders': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { status: 'ASSIGNED', ...paged },
    optional: ['status', ...page],
  },
  'PreorderService.CancelPreorder': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { preorder_id: id(), text: 'no' },
    optional: ['text'],
  },
  'PreorderService.PreviewCancellation': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { preorder_id: id() },
  },
};

import { anyone, id, won, page, paged, inOrder, type Methods } from './method.ts';

export const methods: Methods = {
  'RentalService.CreateRental': {
    may: ['customer'],
    by: 'customer',
    request: { product_id: id(), months: 24, address: '1 Street', agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'RentalService.QuoteRental': {
    may: anyone,
    by: 'customer',
    request: { product_id: id(), months: 24, address: '1 Street', agreed_total: won('1000'), payment_method_id: id() },
    optional: ['address', ...inOrder],
  },
  'RentalService.GetRental': { may: ['customer', 'admin', 'agent'], by: 'customer', request: { rental_id: id() } },
  'RentalService.ListRentals': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { status: 'RECEIVED', ...paged },
    optional: ['status', ...page],
  },
  'RentalService.CancelRental': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { rental_id: id(), text: 'no' },
    optional: ['text'],
  },
  'RentalService.PreviewCancellation': {
    may: ['customer', 'admin', 'agent'],
    by: 'customer',
    request: { rental_id: id() },
  },
};

import { day } from '../lodging.ts';
import { anyone, id, won, page, paged, inOrder, type Methods } from './method.ts';

export const methods: Methods = {
  'LodgingService.CreateReservation': {
    may: ['customer'],
    by: 'guest',
    request: {
      room_id: id(),
      check_in: day(40),
      check_out: day(42),
      guests: 2,
      agreed_total: won('1000'),
      payment_method_id: id(),
    },
    optional: inOrder,
  },
  'LodgingService.QuoteReservation': {
    may: anyone,
    by: 'guest',
    request: {
      room_id: id(),
      check_in: day(40),
      check_out: day(42),
      guests: 2,
      agreed_total: won('1000'),
      payment_method_id: id(),
    },
    optional: inOrder,
  },
  'LodgingService.GetReservation': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { reservation_id: id() },
  },
  'LodgingService.ListReservations': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'LodgingService.CancelReservation': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { reservation_id: id(), text: 'no' },
    optional: ['text'],
  },
  'LodgingService.PreviewCancellation': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { reservation_id: id() },
  },
};

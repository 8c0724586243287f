import { anyone, id, noon, won, page, paged, inOrder, type Methods } from './method.ts';

export const methods: Methods = {
  'SeatingService.CreateSeatSelection': {
    may: ['customer'],
    by: 'guest',
    request: { cafe_id: id(), seat_id: id(), ...noon, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'SeatingService.QuoteSeatSelection': {
    may: anyone,
    by: 'guest',
    request: { cafe_id: id(), seat_id: id(), ...noon, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'SeatingService.GetSeatSelection': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { seat_selection_id: id() },
  },
  'SeatingService.ListSeatSelections': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'SeatingService.CancelSeatSelection': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { seat_selection_id: id(), text: 'no' },
    optional: ['text'],
  },
  'SeatingService.PreviewCancellation': {
    may: ['customer', 'admin', 'agent'],
    by: 'guest',
    request: { seat_selection_id: id() },
  },
};

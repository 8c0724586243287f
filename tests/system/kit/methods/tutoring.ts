import { day } from '../lodging.ts';
import { anyone, id, won, page, paged, inOrder, listed, type Methods } from './method.ts';

const later = `${day(40)}T09:00:00Z`;

export const methods: Methods = {
  'TutoringService.CreateLesson': {
    may: ['seller'],
    by: 'seller',
    request: {
      ...{ title: 'Lesson', description: 'Words', price: won('1000'), minutes: 50, start_times: [later] },
      ...{ subject: 'Maths', level: 'All', photos: [id()] },
    },
    optional: [...listed, 'price.nanos', 'subject', 'level'],
  },
  'TutoringService.GetLesson': { may: anyone, by: 'seller', request: { lesson_id: id() } },
  'TutoringService.ListLessons': {
    may: anyone,
    by: 'seller',
    request: { status: 'ON_SALE', ...paged, subject: 'Maths', q: 'calculus', from: later, to: `${day(41)}T09:00:00Z` },
    optional: ['status', ...page, 'subject', 'q', 'from', 'to'],
  },
  'TutoringService.UpdateLesson': {
    may: ['seller'],
    by: 'seller',
    request: {
      lesson_id: id(),
      title: 'Lesson',
      description: 'Words',
      price: won('1000'),
      minutes: 50,
      start_times: [later],
      confirm_price: true,
      update_mask: 'title',
      ...{ subject: 'Maths', level: 'All', photos: [id()] },
    },
    optional: [
      ...['confirm_price', 'price', 'price.nanos', 'minutes', 'start_times', 'update_mask'],
      ...[...listed, 'subject', 'level'],
    ],
  },
  'TutoringService.CloseLesson': { may: ['seller'], by: 'seller', request: { lesson_id: id() } },
  'TutoringService.ReopenLesson': { may: ['seller'], by: 'seller', request: { lesson_id: id() } },
  'TutoringService.WithdrawLesson': { may: ['seller'], by: 'seller', request: { lesson_id: id() } },
  'TutoringService.CreatePurchase': {
    may: ['customer'],
    by: 'buyer',
    request: { lesson_id: id(), start_time: later, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'TutoringService.QuotePurchase': {
    may: anyone,
    by: 'buyer',
    request: { lesson_id: id(), start_time: later, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'TutoringService.GetPurchase': { may: ['customer', 'seller'], by: 'buyer', request: { purchase_id: id() } },
  'TutoringService.ListPurchases': {
    may: ['customer', 'seller'],
    by: 'buyer',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'TutoringService.CancelPurchase': {
    may: ['customer', 'seller', 'admin', 'agent'],
    by: 'buyer',
    request: { purchase_id: id(), text: 'no' },
    optional: ['text'],
  },
  'TutoringService.PreviewCancellation': { may: ['customer', 'seller'], by: 'buyer', request: { purchase_id: id() } },
};

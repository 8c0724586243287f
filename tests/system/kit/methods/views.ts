import { signedIn, id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'ViewsService.ListOrders': {
    may: signedIn,
    by: 'admin',
    request: {
      kind: 'lodging.reservation',
      phase: 'WAITING',
      as: 'ALL',
      attribute: ['room_id:1'],
      q: 'pine',
      stuck: true,
      ...paged,
    },
    optional: ['kind', 'phase', 'as', 'attribute', 'q', 'stuck', ...page],
  },
  'ViewsService.GetOrder': {
    may: signedIn,
    by: 'guest',
    request: { order_id: id(), timeline_page_token: '' },
    optional: ['timeline_page_token'],
  },
  'ViewsService.WatchOrder': { may: signedIn, by: 'guest', request: { order_id: id() } },
  'ViewsService.WatchOrders': { may: signedIn, by: 'guest', request: {} },
  'ViewsService.GetKpis': {
    may: ['admin'],
    by: 'admin',
    request: { from: '2026-01-01', to: '2026-02-01' },
    optional: ['from', 'to'],
  },
};

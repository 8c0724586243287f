import { id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'DeliveryService.ListDeliveries': {
    may: ['courier', 'admin'],
    by: 'courier',
    request: { status: 'SCHEDULED', ...paged },
    optional: ['status', ...page],
  },
  'DeliveryService.GetDelivery': { may: ['customer', 'courier', 'admin'], by: 'courier', request: { order_id: id() } },
  'DeliveryService.AssignDelivery': { may: ['admin'], by: 'admin', request: { order_id: id(), courier_id: id() } },
  'DeliveryService.TakeDelivery': { may: ['courier'], by: 'courier', request: { order_id: id() } },
  'DeliveryService.GiveBackDelivery': { may: ['courier', 'admin'], by: 'courier', request: { order_id: id() } },
  'DeliveryService.StartDelivery': { may: ['courier', 'admin'], by: 'courier', request: { order_id: id() } },
  'DeliveryService.CompleteDelivery': {
    may: ['courier', 'admin'],
    by: 'courier',
    request: { order_id: id(), code: '123456', text: '고객이 전화로 확인했어요.' },
    optional: ['code', 'text'],
  },
};

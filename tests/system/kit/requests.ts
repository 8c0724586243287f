import type { JsonObject } from '@bufbuild/protobuf';
import { v7 } from 'uuid';
import { day } from './lodging.ts';

/** A request that nothing is wrong with, except that what it names does not exist where the call would change it. */
export interface Sound {
  /** Who may call, as the token command takes it. */
  by: string;
  request: JsonObject;
  /** Fields that may be missing. */
  optional?: readonly string[];
}

const id = (): string => v7();
const nights = { from: day(40), to: day(42) };
const page = ['page_size', 'page_token'];
const paged = { page_size: 5, page_token: '' };

/** One for every public method; a method without one fails the suites that are made of them. */
export const sound: Readonly<Record<string, Sound>> = {
  'LodgingService.CreateReservation': { by: 'guest', request: { room_id: id(), check_in: day(40), check_out: day(42), guests: 2 } },
  'LodgingService.GetReservation': { by: 'guest', request: { reservation_id: id() } },
  'LodgingService.ListReservations': { by: 'guest', request: { status: 'PAID', ...paged }, optional: ['status', ...page] },
  'LodgingService.CancelReservation': { by: 'guest', request: { reservation_id: id() } },
  'LodgingService.PreviewCancellation': { by: 'guest', request: { reservation_id: id() } },
  'PropertyService.CreateProperty': { by: 'host', request: { name: 'House', address: '1 Street', time_zone: 'Asia/Seoul' } },
  'PropertyService.ListProperties': { by: 'host', request: paged, optional: page },
  'PropertyService.CreateRoom': {
    by: 'host',
    request: { property_id: id(), name: 'Room', capacity: 2, price_per_night: { currency_code: 'KRW', units: '1000', nanos: 0 }, instant_book: true },
    optional: ['instant_book', 'price_per_night.nanos'],
  },
  'PropertyService.UpdateRoom': {
    by: 'host',
    request: { room_id: id(), name: 'Room', capacity: 2, price_per_night: { currency_code: 'KRW', units: '1000', nanos: 0 }, instant_book: true, update_mask: 'name' },
    optional: ['capacity', 'price_per_night', 'price_per_night.nanos', 'instant_book', 'update_mask'],
  },
  'PropertyService.ListRooms': { by: 'host', request: { property_id: id(), ...paged }, optional: ['property_id', ...page] },
  'PropertyService.GetRoom': { by: 'host', request: { room_id: id() } },
  'PropertyService.GetAvailability': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.BlockNights': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.UnblockNights': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.ListStayRequests': { by: 'host', request: { status: 'PENDING', ...paged }, optional: ['status', ...page] },
  'PropertyService.GetStayRequest': { by: 'host', request: { reservation_id: id() } },
  'PropertyService.ConfirmStay': { by: 'host', request: { reservation_id: id() } },
  'PropertyService.RejectStay': { by: 'host', request: { reservation_id: id(), text: 'no' }, optional: ['text'] },
  'PropertyService.CancelStay': { by: 'host', request: { reservation_id: id(), text: 'no' }, optional: ['text'] },
  'PaymentService.GetPayment': { by: 'guest', request: { order_id: id() } },
  'PaymentService.ListPayments': { by: 'guest', request: { status: 'PENDING', ...paged }, optional: ['status', ...page] },
  'PaymentService.RetryPayment': { by: 'host', request: { order_id: id() } },
  'SandboxService.SetPaymentProviderMode': { by: 'admin', request: { mode: 'NORMAL', delay_ms: 0 }, optional: ['delay_ms'] },
  'SandboxService.ListLedgerEntries': { by: 'admin', request: { order_id: id() }, optional: ['order_id'] },
  'ViewsService.ListOrders': {
    by: 'admin',
    request: { kind: 'lodging.reservation', phase: 'WAITING', as: 'ALL', attribute: ['room_id:1'], q: 'pine', ...paged },
    optional: ['kind', 'phase', 'as', 'attribute', 'q', ...page],
  },
  'ViewsService.GetOrder': { by: 'guest', request: { order_id: id() } },
  'ViewsService.WatchOrder': { by: 'guest', request: { order_id: id() } },
  'ViewsService.GetKpis': { by: 'admin', request: { from: '2026-01-01', to: '2026-02-01' }, optional: ['from', 'to'] },
  'OpsService.GetStatus': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.ListDeadLetters': { by: 'admin', request: { service: 'lodging', ...paged }, optional: page },
  'OpsService.GetDeadLetter': { by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RedriveDeadLetter': { by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RebuildProjection': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.GetRebuild': { by: 'admin', request: { service: 'lodging' } },
};

export const soundRequest = (method: string): Sound => {
  const found = sound[method];
  if (!found) throw new Error(`${method} has no sound request in tests/system/kit/requests.ts`);
  return found;
};

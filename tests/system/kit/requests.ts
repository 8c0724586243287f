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
const noon = { start_time: `${day(40)}T03:00:00Z`, end_time: `${day(40)}T05:00:00Z` };
const nights = { from: day(40), to: day(42) };
const won = (units: string): JsonObject => ({ currency_code: 'KRW', units, nanos: 0 });
const later = `${day(40)}T09:00:00Z`;
const page = ['page_size', 'page_token'];
const paged = { page_size: 5, page_token: '' };
const agreed = ['agreed_total', 'agreed_total.units', 'agreed_total.nanos'];
const inOrder = ['payment_method_id', ...agreed];
const here = { latitude: 37.5, longitude: 127 };
const inLocation = ['location.latitude', 'location.longitude'];
const whereabouts = ['area', 'location', ...inLocation];
const listed = ['description', 'photos'];
const options = { colour: 'Mint', storage: '256 GB', size: '6 L' };
const inOptions = ['options', 'options.colour', 'options.storage', 'options.size'];

/** One for every public method; a method without one fails the suites that are made of them. */
export const sound: Readonly<Record<string, Sound>> = {
  'LodgingService.CreateReservation': {
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
  'LodgingService.GetReservation': { by: 'guest', request: { reservation_id: id() } },
  'LodgingService.ListReservations': {
    by: 'guest',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'LodgingService.CancelReservation': {
    by: 'guest',
    request: { reservation_id: id(), text: 'no' },
    optional: ['text'],
  },
  'LodgingService.PreviewCancellation': { by: 'guest', request: { reservation_id: id() } },
  'PropertyService.CreateProperty': {
    by: 'host',
    request: {
      ...{ name: 'House', address: '1 Street', time_zone: 'Asia/Seoul', description: 'Words', area: 'Seoul' },
      ...{ location: here, amenities: ['WIFI'], photos: [id()] },
    },
    optional: [...listed, ...whereabouts, 'amenities'],
  },
  'PropertyService.UpdateProperty': {
    by: 'host',
    request: {
      ...{ property_id: id(), name: 'House', address: '1 Street', description: 'Words', area: 'Seoul' },
      ...{ location: here, amenities: ['WIFI'], photos: [id()], update_mask: 'name' },
    },
    optional: ['address', ...listed, ...whereabouts, 'amenities', 'update_mask'],
  },
  'PropertyService.CloseProperty': { by: 'host', request: { property_id: id() } },
  'PropertyService.ReopenProperty': { by: 'host', request: { property_id: id() } },
  'PropertyService.ListProperties': { by: 'host', request: paged, optional: page },
  'PropertyService.CreateRoom': {
    by: 'host',
    request: {
      property_id: id(),
      name: 'Room',
      capacity: 2,
      price_per_night: { currency_code: 'KRW', units: '1000', nanos: 0 },
      instant_book: true,
      ...{ description: 'Words', amenities: ['BATHTUB'], photos: [id()], beds: 1 },
    },
    optional: ['instant_book', 'price_per_night.nanos', ...listed, 'amenities', 'beds'],
  },
  'PropertyService.UpdateRoom': {
    by: 'host',
    request: {
      room_id: id(),
      name: 'Room',
      capacity: 2,
      price_per_night: { currency_code: 'KRW', units: '1000', nanos: 0 },
      instant_book: true,
      confirm_price: true,
      update_mask: 'name',
      ...{ description: 'Words', amenities: ['BATHTUB'], photos: [id()], beds: 1 },
    },
    optional: [
      ...['confirm_price', 'capacity', 'price_per_night', 'price_per_night.nanos', 'instant_book', 'update_mask'],
      ...[...listed, 'amenities', 'beds'],
    ],
  },
  'PropertyService.CloseRoom': { by: 'host', request: { room_id: id() } },
  'PropertyService.ReopenRoom': { by: 'host', request: { room_id: id() } },
  'PropertyService.ListRooms': {
    by: 'host',
    request: {
      ...{ property_id: id(), ...paged, check_in: day(40), check_out: day(42), guests: 2, area: 'Seoul', q: 'pine' },
      ...{ max_price: '200000', amenity: ['WIFI'], order_by: 'PRICE' },
    },
    optional: ['property_id', ...page, 'guests', 'area', 'q', 'max_price', 'amenity', 'order_by'],
  },
  'PropertyService.GetRoom': { by: 'host', request: { room_id: id() } },
  'PropertyService.GetAvailability': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.BlockNights': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.UnblockNights': { by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.ListStayRequests': {
    by: 'host',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PropertyService.GetStayRequest': { by: 'host', request: { reservation_id: id() } },
  'PropertyService.ConfirmStay': { by: 'host', request: { reservation_id: id() } },
  'PropertyService.RejectStay': { by: 'host', request: { reservation_id: id(), text: 'no' }, optional: ['text'] },
  'PropertyService.CancelStay': { by: 'host', request: { reservation_id: id(), text: 'no' }, optional: ['text'] },
  'SeatingService.CreateSeatSelection': {
    by: 'guest',
    request: { cafe_id: id(), seat_id: id(), ...noon, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'SeatingService.QuoteSeatSelection': {
    by: 'guest',
    request: { cafe_id: id(), seat_id: id(), ...noon, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'SeatingService.GetSeatSelection': { by: 'guest', request: { seat_selection_id: id() } },
  'SeatingService.ListSeatSelections': {
    by: 'guest',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'SeatingService.CancelSeatSelection': {
    by: 'guest',
    request: { seat_selection_id: id(), text: 'no' },
    optional: ['text'],
  },
  'SeatingService.PreviewCancellation': { by: 'guest', request: { seat_selection_id: id() } },
  'StudycafeService.CreateCafe': {
    by: 'admin',
    request: {
      ...{ name: 'Cafe', address: '1 Street', time_zone: 'Asia/Seoul', opens: '08:00', closes: '23:00' },
      ...{
        price_per_hour: { currency_code: 'KRW', units: '1000', nanos: 0 },
        seats: [{ label: '1', x: 0, y: 0, features: ['WINDOW'] }],
      },
      ...{ description: 'Words', area: 'Seoul', location: here, amenities: ['COFFEE'], photos: [id()] },
    },
    optional: ['seats', 'price_per_hour.nanos', ...listed, ...whereabouts, 'amenities'],
  },
  'StudycafeService.ListCafes': {
    by: 'guest',
    request: { ...paged, area: 'Seoul', q: 'window' },
    optional: [...page, 'area', 'q'],
  },
  'StudycafeService.GetCafe': { by: 'guest', request: { cafe_id: id() } },
  'StudycafeService.UpdateCafe': {
    by: 'admin',
    request: {
      cafe_id: id(),
      name: 'Cafe',
      opens: '08:00',
      closes: '23:00',
      price_per_hour: { currency_code: 'KRW', units: '1000', nanos: 0 },
      confirm_price: true,
      update_mask: 'name',
      ...{ description: 'Words', area: 'Seoul', location: here, amenities: ['COFFEE'], photos: [id()] },
    },
    optional: [
      ...['confirm_price', 'opens', 'closes', 'price_per_hour', 'price_per_hour.nanos', 'update_mask'],
      ...[...listed, ...whereabouts, 'amenities'],
    ],
  },
  'StudycafeService.CloseCafe': { by: 'admin', request: { cafe_id: id() } },
  'StudycafeService.ReopenCafe': { by: 'admin', request: { cafe_id: id() } },
  'StudycafeService.ListSeats': { by: 'guest', request: { cafe_id: id(), ...noon } },
  'StudycafeService.WatchSeats': { by: 'guest', request: { cafe_id: id(), ...noon } },
  'StudycafeService.BlockSeat': { by: 'admin', request: { cafe_id: id(), seat_id: id(), ...noon } },
  'StudycafeService.UnblockSeat': { by: 'admin', request: { cafe_id: id(), seat_id: id(), ...noon } },
  'RentalService.CreateRental': {
    by: 'customer',
    request: { product_id: id(), months: 24, address: '1 Street', agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'RentalService.QuoteRental': {
    by: 'customer',
    request: { product_id: id(), months: 24, address: '1 Street', agreed_total: won('1000'), payment_method_id: id() },
    optional: ['address', ...inOrder],
  },
  'RentalService.GetRental': { by: 'customer', request: { rental_id: id() } },
  'RentalService.ListRentals': {
    by: 'customer',
    request: { status: 'RECEIVED', ...paged },
    optional: ['status', ...page],
  },
  'RentalService.CancelRental': { by: 'customer', request: { rental_id: id(), text: 'no' }, optional: ['text'] },
  'RentalService.PreviewCancellation': { by: 'customer', request: { rental_id: id() } },
  'InventoryService.CreateProduct': {
    by: 'admin',
    request: {
      name: 'Dispenser',
      kind: 'DISPENSER',
      price: won('0'),
      monthly_fee: won('1000'),
      deposit: won('0'),
      on_hand: 1,
      ...{ description: 'Words', photos: [id()], family: 'Spring', options },
    },
    optional: [
      ...[...listed, 'family', ...inOptions],
      'price',
      'price.units',
      'price.nanos',
      'monthly_fee.nanos',
      'deposit',
      'deposit.units',
      'deposit.nanos',
      'on_hand',
    ],
  },
  'InventoryService.UpdateProduct': {
    by: 'admin',
    request: {
      ...{ product_id: id(), name: 'Dispenser', price: won('1000'), monthly_fee: won('1000'), deposit: won('1000') },
      ...{ description: 'Words', photos: [id()], family: 'Spring', options, confirm_price: true, update_mask: 'name' },
    },
    optional: [
      ...['price', 'monthly_fee', 'deposit'].flatMap((amount) => [amount, `${amount}.units`, `${amount}.nanos`]),
      ...[...listed, 'family', ...inOptions, 'confirm_price', 'update_mask'],
    ],
  },
  'InventoryService.CloseProduct': { by: 'admin', request: { product_id: id() } },
  'InventoryService.ReopenProduct': { by: 'admin', request: { product_id: id() } },
  'InventoryService.ListProducts': {
    by: 'admin',
    request: { kind: 'DISPENSER', ...paged, q: 'spring' },
    optional: ['kind', ...page, 'q'],
  },
  'InventoryService.GetProduct': { by: 'admin', request: { product_id: id() } },
  'InventoryService.RestockProduct': { by: 'admin', request: { product_id: id(), quantity: 1 } },
  'InventoryService.AdjustProduct': {
    by: 'admin',
    request: { product_id: id(), on_hand: 1, text: 'counted' },
    optional: ['text'],
  },
  'DeliveryService.ListDeliveries': {
    by: 'courier',
    request: { status: 'SCHEDULED', ...paged },
    optional: ['status', ...page],
  },
  'DeliveryService.GetDelivery': { by: 'courier', request: { order_id: id() } },
  'DeliveryService.AssignDelivery': { by: 'admin', request: { order_id: id(), courier_id: id() } },
  'DeliveryService.TakeDelivery': { by: 'courier', request: { order_id: id() } },
  'DeliveryService.GiveBackDelivery': { by: 'courier', request: { order_id: id() } },
  'DeliveryService.StartDelivery': { by: 'courier', request: { order_id: id() } },
  'DeliveryService.CompleteDelivery': {
    by: 'courier',
    request: { order_id: id(), code: '123456', text: '고객이 전화로 확인했어요.' },
    optional: ['code', 'text'],
  },
  'PaymentService.GetPayment': { by: 'guest', request: { order_id: id() } },
  'PaymentService.ListPayments': {
    by: 'guest',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PaymentService.RetryPayment': {
    by: 'guest',
    request: { order_id: id(), payment_method_id: id() },
    optional: ['payment_method_id'],
  },
  'PaymentMethodService.ListPaymentMethods': { by: 'guest', request: {} },
  'PaymentMethodService.CreatePaymentMethod': { by: 'guest', request: { token: 'tok_visa' } },
  'PaymentMethodService.DeletePaymentMethod': { by: 'guest', request: { payment_method_id: id() } },
  'PaymentMethodService.SetDefaultPaymentMethod': { by: 'guest', request: { payment_method_id: id() } },
  'SandboxService.SetPaymentProviderMode': {
    by: 'admin',
    request: { mode: 'NORMAL', delay_ms: 0 },
    optional: ['delay_ms'],
  },
  'SandboxService.ListLedgerEntries': { by: 'admin', request: { order_id: id() }, optional: ['order_id'] },
  'PreorderService.CreatePreorder': {
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
  'PreorderService.GetPreorder': { by: 'customer', request: { preorder_id: id() } },
  'PreorderService.ListPreorders': {
    by: 'customer',
    request: { status: 'ASSIGNED', ...paged },
    optional: ['status', ...page],
  },
  'PreorderService.CancelPreorder': { by: 'customer', request: { preorder_id: id(), text: 'no' }, optional: ['text'] },
  'PreorderService.PreviewCancellation': { by: 'customer', request: { preorder_id: id() } },
  'AssignmentService.CreateDealership': {
    by: 'admin',
    request: { name: 'Dealership', location: here, daily_capacity: 3, dealer_id: id() },
    optional: inLocation,
  },
  'AssignmentService.ListDealerships': { by: 'dealer', request: paged, optional: page },
  'AssignmentService.ListAssignments': {
    by: 'dealer',
    request: { status: 'ASSIGNED', ...paged },
    optional: ['status', ...page],
  },
  'AssignmentService.AcceptAssignment': { by: 'dealer', request: { preorder_id: id() } },
  'AssignmentService.DeclineAssignment': { by: 'dealer', request: { preorder_id: id() } },
  'AssignmentService.ActivateAssignment': { by: 'dealer', request: { preorder_id: id() } },
  'NotificationService.ListMessages': { by: 'customer', request: paged, optional: page },
  'NotificationService.UpdateProfile': {
    by: 'customer',
    request: { language: 'EN', email: 'somebody@jari.example', phone: '010-1234-5678' },
    optional: ['language', 'email', 'phone'],
  },
  'NotificationService.GetProfile': { by: 'customer', request: {} },
  'NotificationService.VerifyContact': { by: 'customer', request: { channel: 'PHONE', code: '123456' } },
  'NotificationService.ResendCode': { by: 'customer', request: { channel: 'PHONE' } },
  'SandboxService.SetMessengerMode': { by: 'admin', request: { mode: 'NORMAL', delay_ms: 0 }, optional: ['delay_ms'] },
  'SandboxService.ListMessengerEntries': { by: 'admin', request: { order_id: id() }, optional: ['order_id'] },
  'IdentityService.GetMe': { by: 'nobody-who-signs-in', request: {} },
  'IdentityService.UpdateMe': {
    by: 'nobody-who-signs-in',
    request: { display_name: 'Mina', language: 'EN', update_mask: 'displayName' },
    optional: ['display_name', 'language', 'update_mask'],
  },
  'IdentityService.ListSessions': { by: 'customer', request: paged, optional: page },
  'IdentityService.EndSession': { by: 'customer', request: { session_id: id() } },
  'IdentityService.Become': {
    by: 'nobody-who-signs-in',
    request: { role: 'host', accept_terms: true },
    optional: ['accept_terms'],
  },
  'IdentityService.SendVerification': { by: 'nobody-who-signs-in', request: {} },
  'IdentityService.ChangePassword': {
    by: 'nobody-who-signs-in',
    request: { current_password: 'a good long password', new_password: 'an even longer password' },
  },
  'IdentityService.ListPeople': {
    by: 'admin',
    request: { q: 'somebody', role: 'host', ...paged },
    optional: ['q', 'role', ...page],
  },
  'IdentityService.GetPerson': { by: 'admin', request: { person_id: id() } },
  'IdentityService.SetRoles': { by: 'admin', request: { person_id: id(), roles: ['host'] }, optional: ['roles'] },
  'IdentityService.Suspend': { by: 'admin', request: { person_id: id(), text: 'Words' }, optional: ['text'] },
  'IdentityService.Restore': { by: 'admin', request: { person_id: id() } },
  'IdentityService.CreateInvitation': {
    by: 'admin',
    request: { email: 'somebody@jari.example', role: 'courier', language: 'KO' },
    optional: ['language'],
  },
  'IdentityService.ListInvitations': { by: 'admin', request: paged, optional: page },
  'IdentityService.WithdrawInvitation': { by: 'admin', request: { invitation_id: id() } },
  'IdentityService.GetKeys': { by: 'customer', request: {} },
  'IdentityService.RotateKeys': { by: 'admin', request: {} },
  'TutoringService.CreateLesson': {
    by: 'seller',
    request: {
      ...{ title: 'Lesson', description: 'Words', price: won('1000'), minutes: 50, start_times: [later] },
      ...{ subject: 'Maths', level: 'All', photos: [id()] },
    },
    optional: [...listed, 'price.nanos', 'subject', 'level'],
  },
  'TutoringService.GetLesson': { by: 'seller', request: { lesson_id: id() } },
  'TutoringService.ListLessons': {
    by: 'seller',
    request: { status: 'ON_SALE', ...paged, subject: 'Maths', q: 'calculus', from: later, to: `${day(41)}T09:00:00Z` },
    optional: ['status', ...page, 'subject', 'q', 'from', 'to'],
  },
  'TutoringService.UpdateLesson': {
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
  'TutoringService.CloseLesson': { by: 'seller', request: { lesson_id: id() } },
  'TutoringService.ReopenLesson': { by: 'seller', request: { lesson_id: id() } },
  'TutoringService.WithdrawLesson': { by: 'seller', request: { lesson_id: id() } },
  'TutoringService.CreatePurchase': {
    by: 'buyer',
    request: { lesson_id: id(), start_time: later, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'TutoringService.QuotePurchase': {
    by: 'buyer',
    request: { lesson_id: id(), start_time: later, agreed_total: won('1000'), payment_method_id: id() },
    optional: inOrder,
  },
  'TutoringService.GetPurchase': { by: 'buyer', request: { purchase_id: id() } },
  'TutoringService.ListPurchases': {
    by: 'buyer',
    request: { status: 'PAID', ...paged },
    optional: ['status', ...page],
  },
  'TutoringService.CancelPurchase': { by: 'buyer', request: { purchase_id: id(), text: 'no' }, optional: ['text'] },
  'TutoringService.PreviewCancellation': { by: 'buyer', request: { purchase_id: id() } },
  'ApprovalService.ListApprovals': {
    by: 'admin',
    request: { status: 'PENDING', kind: 'tutoring.lesson', ...paged },
    optional: ['status', 'kind', ...page],
  },
  'ApprovalService.GetApproval': { by: 'admin', request: { approval_id: id() } },
  'ApprovalService.ApproveApproval': { by: 'admin', request: { approval_id: id() } },
  'ApprovalService.RejectApproval': { by: 'admin', request: { approval_id: id(), text: 'no' } },
  'PayoutService.ListPayouts': {
    by: 'seller',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PayoutService.ApprovePayout': { by: 'admin', request: { order_id: id() } },
  'PayoutService.GetPayoutAccount': { by: 'nobody-yet:seller', request: {} },
  'PayoutService.PutPayoutAccount': { by: 'seller', request: { bank: 'Bank', number: '123-456', holder: 'Kim' } },
  'PayoutService.GetStatement': { by: 'seller', request: paged, optional: page },
  'PayoutService.ExportStatement': { by: 'seller', request: {} },
  'SandboxService.SetBankMode': { by: 'admin', request: { mode: 'NORMAL', delay_ms: 0 }, optional: ['delay_ms'] },
  'SandboxService.ListBankEntries': { by: 'admin', request: { order_id: id() }, optional: ['order_id'] },
  'LectureService.ListLectures': {
    by: 'buyer',
    request: { status: 'SCHEDULED', ...paged },
    optional: ['status', ...page],
  },
  'LectureService.GetLecture': { by: 'buyer', request: { lecture_id: id() } },
  'LectureService.JoinLecture': { by: 'buyer', request: { lecture_id: id() } },
  'LectureService.SendSignal': {
    by: 'buyer',
    request: { lecture_id: id(), session_id: id(), payload: 'offer', to_peer_id: id() },
    optional: ['payload', 'to_peer_id'],
  },
  'LectureService.WatchLecture': { by: 'buyer', request: { lecture_id: id(), session_id: id() } },
  'LectureService.EndLecture': { by: 'seller', request: { lecture_id: id() } },
  'ViewsService.ListOrders': {
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
    by: 'guest',
    request: { order_id: id(), timeline_page_token: '' },
    optional: ['timeline_page_token'],
  },
  'ViewsService.WatchOrder': { by: 'guest', request: { order_id: id() } },
  'ViewsService.WatchOrders': { by: 'guest', request: {} },
  'ViewsService.GetKpis': { by: 'admin', request: { from: '2026-01-01', to: '2026-02-01' }, optional: ['from', 'to'] },
  'OpsService.GetStatus': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.ListDeadLetters': { by: 'admin', request: { service: 'lodging', ...paged }, optional: page },
  'OpsService.GetDeadLetter': { by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RedriveDeadLetter': { by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RedriveDeadLetters': {
    by: 'admin',
    request: { service: 'lodging', type: 'jari.property.v1.RequestStay', error: 'no such room', limit: 5 },
    optional: ['type', 'error', 'limit'],
  },
  'OpsService.DiscardDeadLetter': { by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.TellAgain': { by: 'admin', request: { service: 'lodging', since: '2026-11-01T00:00:00Z' } },
  'OpsService.GetTellAgain': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.RebuildProjection': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.GetRebuild': { by: 'admin', request: { service: 'lodging' } },
  'OpsService.ListAudit': { by: 'admin', request: { service: 'lodging', ...paged }, optional: page },
  'OpsService.VerifyAudit': { by: 'admin', request: { service: 'lodging' } },
};

export const soundRequest = (method: string): Sound => {
  const found = sound[method];
  if (!found) throw new Error(`${method} has no sound request in tests/system/kit/requests.ts`);
  return found;
};

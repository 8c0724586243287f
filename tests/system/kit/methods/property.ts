import { day } from '../lodging.ts';
import { anyone, id, page, paged, here, whereabouts, listed, type Methods } from './method.ts';

const nights = { from: day(40), to: day(42) };

export const methods: Methods = {
  'PropertyService.CreateProperty': {
    may: ['host'],
    by: 'host',
    request: {
      ...{ name: 'House', address: '1 Street', time_zone: 'Asia/Seoul', description: 'Words', area: 'Seoul' },
      ...{ location: here, amenities: ['WIFI'], photos: [id()] },
    },
    optional: [...listed, ...whereabouts, 'amenities'],
  },
  'PropertyService.UpdateProperty': {
    may: ['host'],
    by: 'host',
    request: {
      ...{ property_id: id(), name: 'House', address: '1 Street', description: 'Words', area: 'Seoul' },
      ...{ location: here, amenities: ['WIFI'], photos: [id()], update_mask: 'name' },
    },
    optional: ['address', ...listed, ...whereabouts, 'amenities', 'update_mask'],
  },
  'PropertyService.CloseProperty': { may: ['host'], by: 'host', request: { property_id: id() } },
  'PropertyService.ReopenProperty': { may: ['host'], by: 'host', request: { property_id: id() } },
  'PropertyService.ListProperties': { may: anyone, by: 'host', request: paged, optional: page },
  'PropertyService.CreateRoom': {
    may: ['host'],
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
    may: ['host'],
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
  'PropertyService.CloseRoom': { may: ['host'], by: 'host', request: { room_id: id() } },
  'PropertyService.ReopenRoom': { may: ['host'], by: 'host', request: { room_id: id() } },
  'PropertyService.ListRooms': {
    may: anyone,
    by: 'host',
    request: {
      ...{ property_id: id(), ...paged, check_in: day(40), check_out: day(42), guests: 2, area: 'Seoul', q: 'pine' },
      ...{ max_price: '200000', amenity: ['WIFI'], order_by: 'PRICE' },
    },
    optional: ['property_id', ...page, 'guests', 'area', 'q', 'max_price', 'amenity', 'order_by'],
  },
  'PropertyService.GetRoom': { may: anyone, by: 'host', request: { room_id: id() } },
  'PropertyService.GetAvailability': { may: anyone, by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.BlockNights': { may: ['host', 'admin'], by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.UnblockNights': { may: ['host', 'admin'], by: 'host', request: { room_id: id(), ...nights } },
  'PropertyService.ListStayRequests': {
    may: ['host', 'admin'],
    by: 'host',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PropertyService.GetStayRequest': { may: ['host', 'admin'], by: 'host', request: { reservation_id: id() } },
  'PropertyService.ConfirmStay': { may: ['host', 'admin'], by: 'host', request: { reservation_id: id() } },
  'PropertyService.RejectStay': {
    may: ['host', 'admin'],
    by: 'host',
    request: { reservation_id: id(), text: 'no' },
    optional: ['text'],
  },
  'PropertyService.CancelStay': {
    may: ['host', 'admin'],
    by: 'host',
    request: { reservation_id: id(), text: 'no' },
    optional: ['text'],
  },
};

import { anyone, id, noon, page, paged, here, whereabouts, listed, type Methods } from './method.ts';

export const methods: Methods = {
  'StudycafeService.CreateCafe': {
    may: ['admin'],
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
    may: anyone,
    by: 'guest',
    request: { ...paged, area: 'Seoul', q: 'window' },
    optional: [...page, 'area', 'q'],
  },
  'StudycafeService.GetCafe': { may: anyone, by: 'guest', request: { cafe_id: id() } },
  'StudycafeService.UpdateCafe': {
    may: ['admin'],
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
  'StudycafeService.CloseCafe': { may: ['admin'], by: 'admin', request: { cafe_id: id() } },
  'StudycafeService.ReopenCafe': { may: ['admin'], by: 'admin', request: { cafe_id: id() } },
  'StudycafeService.ListSeats': { may: anyone, by: 'guest', request: { cafe_id: id(), ...noon } },
  'StudycafeService.WatchSeats': { may: anyone, by: 'guest', request: { cafe_id: id(), ...noon } },
  'StudycafeService.BlockSeat': { may: ['admin'], by: 'admin', request: { cafe_id: id(), seat_id: id(), ...noon } },
  'StudycafeService.UnblockSeat': { may: ['admin'], by: 'admin', request: { cafe_id: id(), seat_id: id(), ...noon } },
};

import { get, malformed, patch, post } from '../rest-conformance.calls.ts';
import { noReason, times, won, words, type Contract } from './promised.ts';

const property = {
  id: 'property1',
  ownerId: 'h1',
  name: '소나무집',
  address: '강릉시 1',
  timeZone: 'Asia/Seoul',
  ...{ description: '바다 앞', area: '강릉', location: { latitude: 37.75, longitude: 128.9 } },
  ...{ amenities: ['WIFI', 'OCEAN_VIEW'], photos: ['photo1'], closed: false, ...times },
};
const room = {
  id: 'room1',
  propertyId: 'property1',
  name: '바다방',
  capacity: 2,
  pricePerNight: won('100000'),
  instantBook: false,
  ...{ description: '', amenities: ['BATHTUB'], photos: [], beds: 2, closed: false, ownerId: 'h1' },
  ...{ propertyName: '소나무집', address: '강릉시 1', area: '강릉', location: { latitude: 37.75, longitude: 128.9 } },
  ...{ propertyAmenities: ['WIFI'], timeZone: 'Asia/Seoul', ...times },
};
const nights = { from: '2026-12-24', to: '2026-12-26' };
const request = {
  ...{
    id: 'o1',
    status: 'PENDING',
    roomId: 'room1',
    guestId: 'g1',
    checkIn: '2026-12-24',
    checkOut: '2026-12-26',
    guests: 2,
  },
  ...{ available: true, paymentStatus: '', ...noReason, ...times },
};

export const properties: Contract = {
  service: 'jari.property.v1.PropertyService',
  methods: {
    CreateProperty: {
      answer: property,
      calls: [
        post(
          'as the table has it',
          '/v1/properties',
          { name: '소나무집', address: '강릉시 1', time_zone: 'Asia/Seoul' },
          { name: '소나무집', address: '강릉시 1', timeZone: 'Asia/Seoul' },
        ),
      ],
    },
    UpdateProperty: {
      answer: { ...property, area: '강릉 안목' },
      calls: [
        patch(
          'with a mask',
          '/v1/properties/property1',
          { area: '강릉 안목', amenities: ['POOL'], update_mask: 'area,amenities' },
          { propertyId: 'property1', area: '강릉 안목', amenities: ['POOL'], updateMask: 'area,amenities' },
        ),
      ],
    },
    CloseProperty: {
      answer: { ...property, closed: true },
      calls: [post('by its id', '/v1/properties/property1:close', {}, { propertyId: 'property1' })],
    },
    ReopenProperty: {
      answer: property,
      calls: [post('by its id', '/v1/properties/property1:reopen', {}, { propertyId: 'property1' })],
    },
    ListProperties: {
      answer: { properties: [property], nextPageToken: '' },
      calls: [get('a page', '/v1/properties?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' })],
    },
    CreateRoom: {
      answer: room,
      calls: [
        post(
          'as the table has it',
          '/v1/rooms',
          {
            property_id: 'property1',
            name: '바다방',
            capacity: 2,
            price_per_night: { currency_code: 'KRW', units: '100000' },
            instant_book: true,
          },
          {
            propertyId: 'property1',
            name: '바다방',
            capacity: 2,
            pricePerNight: { currencyCode: 'KRW', units: '100000' },
            instantBook: true,
          },
        ),
      ],
    },
    UpdateRoom: {
      answer: { ...room, instantBook: true },
      calls: [patch('one field', '/v1/rooms/room1', { instant_book: true }, { roomId: 'room1', instantBook: true })],
    },
    CloseRoom: {
      answer: { ...room, closed: true },
      calls: [post('by its id', '/v1/rooms/room1:close', {}, { roomId: 'room1' })],
    },
    ReopenRoom: {
      answer: room,
      calls: [post('by its id', '/v1/rooms/room1:reopen', {}, { roomId: 'room1' })],
    },
    ListRooms: {
      answer: { rooms: [room, { ...room, total: won('200000') }], nextPageToken: 'cm9vbTE' },
      calls: [
        get(
          'a search',
          '/v1/rooms?check_in=2026-12-24&check_out=2026-12-26&guests=2&area=%EC%A0%9C%EC%A3%BC&q=a+b&max_price=200000&amenity=WIFI&amenity=POOL&order_by=PRICE',
          {
            ...{ checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2, area: '제주', q: 'a b' },
            ...{ maxPrice: '200000', amenity: ['WIFI', 'POOL'], orderBy: 'PRICE' },
          },
        ),
        get('a page', '/v1/rooms?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    GetRoom: { answer: room, calls: [get('by its id', '/v1/rooms/room1', { roomId: 'room1' })] },
    GetAvailability: {
      answer: {
        nights: [
          { date: '2026-12-24', free: true },
          { date: '2026-12-25', free: false },
        ],
      },
      calls: [
        get('of some nights', '/v1/rooms/room1/availability?from=2026-12-24&to=2026-12-26', {
          roomId: 'room1',
          ...nights,
        }),
      ],
    },
    BlockNights: {
      answer: room,
      calls: [post('of some nights', '/v1/rooms/room1:block', nights, { roomId: 'room1', ...nights })],
    },
    UnblockNights: {
      answer: room,
      calls: [post('of some nights', '/v1/rooms/room1:unblock', nights, { roomId: 'room1', ...nights })],
    },
    ListStayRequests: {
      answer: { stayRequests: [request], nextPageToken: '' },
      calls: [
        get('a page', '/v1/stay-requests?status=PENDING&page_size=2&page_token=t', {
          status: 'PENDING',
          pageSize: 2,
          pageToken: 't',
        }),
        ...words('/v1/stay-requests', 'status', ['PENDING', 'CONFIRMED', 'REJECTED', 'RELEASED']),
      ],
    },
    GetStayRequest: {
      answer: { ...request, paymentStatus: 'PENDING' },
      calls: [get('by the reservation', '/v1/stay-requests/o1', { reservationId: 'o1' })],
    },
    ConfirmStay: {
      answer: { ...request, status: 'CONFIRMED', available: false },
      calls: [post('by the reservation', '/v1/stay-requests/o1:confirm', {}, { reservationId: 'o1' })],
    },
    RejectStay: {
      answer: { ...request, status: 'REJECTED', reason: 'DECLINED_BY_HOST', reasonText: '수리' },
      calls: [
        post('with words', '/v1/stay-requests/o1:reject', { text: '수리' }, { reservationId: 'o1', text: '수리' }),
      ],
    },
    CancelStay: {
      answer: { ...request, status: 'RELEASED', reason: 'CANCELLED_BY_HOST', reasonText: '수리' },
      calls: [
        post('with words', '/v1/stay-requests/o1:cancel', { text: '수리' }, { reservationId: 'o1', text: '수리' }),
      ],
    },
  },
  refused: [
    malformed('a number for a date', '/v1/rooms/room1:block', '{"from":20261224}'),
    malformed('a number for the words', '/v1/stay-requests/o1:reject', '{"text":1}'),
  ],
};

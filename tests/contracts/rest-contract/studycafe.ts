import { get, malformed, patch, post } from '../rest-conformance.calls.ts';
import { times, won, type Contract } from './promised.ts';

const cafe = {
  ...{
    id: 'cafe1',
    name: '자리카페',
    address: '서울 마포구 1',
    timeZone: 'Asia/Seoul',
    opens: '08:00',
    closes: '24:00',
  },
  ...{
    description: '창가 자리',
    area: '서울 합정',
    location: { latitude: 37.5, longitude: 126.9 },
    amenities: ['COFFEE'],
  },
  ...{ pricePerHour: won('2000'), photos: [], closed: false, ...times },
};
const seat = { id: 'seat1', label: '1', x: 0, y: 40, features: ['WINDOW', 'OUTLET'], state: 'FREE' };
const noon = { startTime: '2027-01-04T03:00:00Z', endTime: '2027-01-04T05:00:00Z' };
const inQuery = 'start_time=2027-01-04T03:00:00Z&end_time=2027-01-04T05:00:00Z';
const inBody = { start_time: noon.startTime, end_time: noon.endTime };

export const studycafes: Contract = {
  service: 'jari.studycafe.v1.StudycafeService',
  methods: {
    CreateCafe: {
      answer: cafe,
      calls: [
        post(
          'as the table has it',
          '/v1/cafes',
          {
            ...{ name: '자리카페', address: '서울 마포구 1', time_zone: 'Asia/Seoul', opens: '08:00', closes: '24:00' },
            ...{
              price_per_hour: { currency_code: 'KRW', units: '2000' },
              seats: [{ label: '1', x: 0, y: 40, features: ['WINDOW', 2] }],
            },
          },
          {
            ...{ name: '자리카페', address: '서울 마포구 1', timeZone: 'Asia/Seoul', opens: '08:00', closes: '24:00' },
            ...{
              pricePerHour: { currencyCode: 'KRW', units: '2000' },
              seats: [{ label: '1', y: 40, features: ['WINDOW', 'OUTLET'] }],
            },
          },
        ),
      ],
    },
    ListCafes: {
      answer: { cafes: [cafe], nextPageToken: '' },
      calls: [
        get('a search', '/v1/cafes?q=window+books&area=Seoul', { q: 'window books', area: 'Seoul' }),
        get('a page', '/v1/cafes?page_size=2&page_token=t', { pageSize: 2, pageToken: 't' }),
      ],
    },
    GetCafe: { answer: cafe, calls: [get('by its id', '/v1/cafes/cafe1', { cafeId: 'cafe1' })] },
    UpdateCafe: {
      answer: cafe,
      calls: [
        patch(
          'one field',
          '/v1/cafes/cafe1',
          { closes: '24:00', update_mask: 'closes' },
          { cafeId: 'cafe1', closes: '24:00', updateMask: 'closes' },
        ),
      ],
    },
    CloseCafe: {
      answer: { ...cafe, closed: true },
      calls: [post('by its id', '/v1/cafes/cafe1:close', {}, { cafeId: 'cafe1' })],
    },
    ReopenCafe: {
      answer: cafe,
      calls: [post('by its id', '/v1/cafes/cafe1:reopen', {}, { cafeId: 'cafe1' })],
    },
    ListSeats: {
      answer: {
        seats: [seat, { ...seat, features: [], state: 'HELD' }, { ...seat, features: ['QUIET'], state: 'TAKEN' }],
      },
      calls: [get('in some time', `/v1/cafes/cafe1/seats?${inQuery}`, { cafeId: 'cafe1', ...noon })],
    },
    WatchSeats: {
      events: [
        { snapshot: { seats: [seat] } },
        { change: { ...seat, state: 'HELD' } },
        { heartbeat: { at: noon.startTime } },
      ],
      calls: [get('in some time', `/v1/cafes/cafe1/seats:watch?${inQuery}`, { cafeId: 'cafe1', ...noon })],
    },
    BlockSeat: {
      answer: { ...seat, state: 'BLOCKED' },
      calls: [
        post('in some time', '/v1/cafes/cafe1/seats/seat1:block', inBody, {
          cafeId: 'cafe1',
          seatId: 'seat1',
          ...noon,
        }),
      ],
    },
    UnblockSeat: {
      answer: seat,
      calls: [
        post('in some time', '/v1/cafes/cafe1/seats/seat1:unblock', inBody, {
          cafeId: 'cafe1',
          seatId: 'seat1',
          ...noon,
        }),
      ],
    },
  },
  refused: [
    malformed('a feature that is none', '/v1/cafes', '{"seats":[{"features":["SOFA"]}]}'),
    malformed('a time of day for an instant', '/v1/cafes/cafe1/seats:watch?start_time=12:00'),
  ],
};

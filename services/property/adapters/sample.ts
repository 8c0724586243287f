import { idOf } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import type { Ports } from '../ports.ts';
import type { PropertyDetails } from '../property.ts';
import { room, type Terms } from '../room.ts';
import { registerProperty } from '../usecases.ts';

/** Sample properties and rooms. */
const sample: { property: Omit<PropertyDetails, 'ownerId' | 'timeZone'>; rooms: Terms[] }[] = [
  {
    property: { name: '소나무 숲 펜션 · Pine Forest Pension', address: '강원특별자치도 평창군 봉평면 솔숲길 27' },
    rooms: [
      { name: '솔향 독채 · Pine Cottage', capacity: 6, pricePerNight: krw(240_000), instantBook: false },
      { name: '별빛 다락 · Starlight Loft', capacity: 4, pricePerNight: krw(168_000), instantBook: false },
      { name: '개울 방 · Brook Room', capacity: 2, pricePerNight: krw(112_000), instantBook: true },
    ],
  },
  {
    property: { name: '북촌 달빛 한옥 · Bukchon Moonlight Hanok', address: '서울특별시 종로구 북촌로11길 48' },
    rooms: [
      { name: '사랑채 · Sarangchae', capacity: 4, pricePerNight: krw(210_000), instantBook: false },
      { name: '별채 · Byeolchae', capacity: 2, pricePerNight: krw(155_000), instantBook: false },
    ],
  },
  {
    property: { name: '협재 바다 스테이 · Hyeopjae Sea Stay', address: '제주특별자치도 제주시 한림읍 협재1길 15' },
    rooms: [
      { name: '바다 스위트 · Ocean Suite', capacity: 4, pricePerNight: krw(290_000), instantBook: false },
      { name: '돌담 방 · Stone Wall Room', capacity: 3, pricePerNight: krw(145_000), instantBook: false },
    ],
  },
  {
    property: { name: '해운대 파도 레지던스 · Haeundae Wave Residence', address: '부산광역시 해운대구 달맞이길 92' },
    rooms: [
      { name: '파도 더블 · Wave Double', capacity: 2, pricePerNight: krw(132_000), instantBook: true },
      { name: '광안대교 전망 · Bridge View Twin', capacity: 3, pricePerNight: krw(176_000), instantBook: false },
      { name: '가족 스튜디오 · Family Studio', capacity: 5, pricePerNight: krw(228_000), instantBook: false },
    ],
  },
];

/** Always the same ids, so that adding it again changes nothing. Properties come last: they say that all is there. */
export async function addSampleData(ports: Ports): Promise<void> {
  const ownerId = idOf('user', 'host');
  const properties = sample.map(({ property, rooms }, index) => ({
    id: sampleId((index + 1) * 100),
    details: { ...property, ownerId, timeZone: 'Asia/Seoul' },
    rooms: rooms.map((terms, number) => ({ id: sampleId((index + 1) * 100 + number + 1), terms })),
  }));
  await Promise.all(
    properties.flatMap(({ id: propertyId, details, rooms }) =>
      rooms.map(({ id, terms }) =>
        ports.rooms.update(id, (state) =>
          room.decide(state, {
            type: 'ListRoom',
            by: { userId: ownerId, admin: false },
            propertyId,
            property: { status: 'registered', details },
            terms,
          }),
        ),
      ),
    ),
  );
  await Promise.all(properties.map(({ id, details }) => registerProperty(ports, id, details)));
}

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8000-000000000101 is the first property's first room. */
const sampleId = (number: number): string => `019a3000-0000-7000-8000-${String(number).padStart(12, '0')}`;

import { idOf } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import type { Ports } from '../ports.ts';
import type { PropertyDetails } from '../property.ts';
import { room, type Terms } from '../room.ts';
import { registerProperty } from '../usecases.ts';

type SampleRoom = Omit<Terms, 'pricePerNight' | 'photos'> & { price: number };

/** Sample properties and rooms. */
const sample: { property: Omit<PropertyDetails, 'ownerId' | 'timeZone' | 'photos'>; rooms: SampleRoom[] }[] = [
  {
    property: {
      name: '소나무 숲 펜션 · Pine Forest Pension',
      address: '강원특별자치도 평창군 봉평면 솔숲길 27',
      description:
        '솔숲 한가운데에 있어 창을 열면 솔향이 들어와요. 밤에는 마당에 모닥불을 피워 드리고, 아침에는 직접 구운 빵을 내어 드려요.\n' +
        'In the middle of a pine forest, with a fire in the yard at night and fresh bread in the morning.',
      area: '강원 평창',
      location: { latitude: 37.6183, longitude: 128.3768 },
      amenities: ['WIFI', 'PARKING', 'BREAKFAST', 'BARBECUE', 'HEATED_FLOOR'],
    },
    rooms: [
      {
        ...{ name: '솔향 독채 · Pine Cottage', capacity: 6, price: 240_000, instantBook: false, beds: 3 },
        description: '온 가족이 함께 쓰는 복층 독채예요. 넓은 거실과 주방, 전용 바비큐 데크가 있어요.',
        amenities: ['KITCHEN', 'WASHER', 'MOUNTAIN_VIEW', 'PETS_ALLOWED'],
      },
      {
        ...{ name: '별빛 다락 · Starlight Loft', capacity: 4, price: 168_000, instantBook: false, beds: 2 },
        description: '천창 아래에 누워 별을 볼 수 있는 다락방이에요. 아이가 있는 가족이 좋아해요.',
        amenities: ['KITCHEN', 'MOUNTAIN_VIEW'],
      },
      {
        ...{ name: '개울 방 · Brook Room', capacity: 2, price: 112_000, instantBook: true, beds: 1 },
        description: '물소리가 들리는 아담한 방이에요. 예약하면 바로 확정돼요.',
        amenities: ['BATHTUB'],
      },
    ],
  },
  {
    property: {
      name: '북촌 달빛 한옥 · Bukchon Moonlight Hanok',
      address: '서울특별시 종로구 북촌로11길 48',
      description:
        '백 년 된 한옥을 고쳐 지었어요. 마당에서 차를 마시고, 걸어서 5분이면 경복궁 돌담길이에요.\n' +
        'A restored hanok of a hundred years, five minutes on foot from Gyeongbokgung.',
      area: '서울 북촌',
      location: { latitude: 37.5826, longitude: 126.9849 },
      amenities: ['WIFI', 'BREAKFAST', 'HEATED_FLOOR', 'AIR_CONDITIONING'],
    },
    rooms: [
      {
        ...{ name: '사랑채 · Sarangchae', capacity: 4, price: 210_000, instantBook: false, beds: 2 },
        description: '대청마루가 딸린 넓은 방이에요. 요와 이불을 깔아 드려요.',
        amenities: ['BATHTUB'],
      },
      {
        ...{ name: '별채 · Byeolchae', capacity: 2, price: 155_000, instantBook: false, beds: 1 },
        description: '작은 뒷마당이 있는 조용한 방이에요. 둘이서 머물기 좋아요.',
        amenities: [],
      },
    ],
  },
  {
    property: {
      name: '협재 바다 스테이 · Hyeopjae Sea Stay',
      address: '제주특별자치도 제주시 한림읍 협재1길 15',
      description:
        '협재 해변까지 맨발로 1분이에요. 비양도로 지는 해가 모든 방에서 보여요.\n' +
        'One minute from the beach, with the sunset over Biyangdo from every room.',
      area: '제주 협재',
      location: { latitude: 33.3939, longitude: 126.2396 },
      amenities: ['WIFI', 'PARKING', 'AIR_CONDITIONING'],
    },
    rooms: [
      {
        ...{ name: '바다 스위트 · Ocean Suite', capacity: 4, price: 290_000, instantBook: false, beds: 2 },
        description: '통창 가득 바다가 보이는 스위트예요. 욕조에 누워 노을을 볼 수 있어요.',
        amenities: ['OCEAN_VIEW', 'BATHTUB', 'KITCHEN'],
      },
      {
        ...{ name: '돌담 방 · Stone Wall Room', capacity: 3, price: 145_000, instantBook: false, beds: 2 },
        description: '제주 돌담이 둘러싼 마당 방이에요. 귤나무 아래 평상에서 쉬어 가세요.',
        amenities: ['PETS_ALLOWED', 'BARBECUE'],
      },
    ],
  },
  {
    property: {
      name: '해운대 파도 레지던스 · Haeundae Wave Residence',
      address: '부산광역시 해운대구 달맞이길 92',
      description:
        '달맞이길 언덕에 있어 바다와 도시가 함께 보여요. 해운대역까지 걸어서 12분이에요.\n' +
        'On Dalmaji hill above the sea and the city, twelve minutes on foot from Haeundae station.',
      area: '부산 해운대',
      location: { latitude: 35.1587, longitude: 129.1727 },
      amenities: ['WIFI', 'PARKING', 'POOL', 'AIR_CONDITIONING', 'WHEELCHAIR_ACCESSIBLE'],
    },
    rooms: [
      {
        ...{ name: '파도 더블 · Wave Double', capacity: 2, price: 132_000, instantBook: true, beds: 1 },
        description: '파도 소리가 들리는 2인실이에요. 예약하면 바로 확정돼요.',
        amenities: ['OCEAN_VIEW'],
      },
      {
        ...{ name: '광안대교 전망 · Bridge View Twin', capacity: 3, price: 176_000, instantBook: false, beds: 2 },
        description: '밤이면 광안대교 불빛이 창에 가득해요. 싱글 침대가 두 개 있어요.',
        amenities: ['OCEAN_VIEW', 'WASHER'],
      },
      {
        ...{ name: '가족 스튜디오 · Family Studio', capacity: 5, price: 228_000, instantBook: false, beds: 3 },
        description: '주방과 세탁기가 있어 오래 머물기 좋은 넓은 방이에요.',
        amenities: ['KITCHEN', 'WASHER', 'BATHTUB'],
      },
    ],
  },
];

/** Always the same ids, so that adding it again changes nothing. Properties come last: they say that all is there. */
export async function addSampleData(ports: Ports): Promise<void> {
  const ownerId = idOf('user', 'host');
  const properties = sample.map(({ property, rooms }, index) => ({
    id: sampleId((index + 1) * 100),
    details: { ...property, photos: [], ownerId, timeZone: 'Asia/Seoul' },
    rooms: rooms.map(({ price, ...terms }, number) => ({
      id: sampleId((index + 1) * 100 + number + 1),
      terms: { ...terms, photos: [], pricePerNight: krw(price) },
    })),
  }));
  await Promise.all(
    properties.flatMap(({ id: propertyId, details, rooms }) =>
      rooms.map(({ id, terms }) =>
        ports.rooms.update(id, (state) =>
          room.decide(state, {
            type: 'ListRoom',
            by: { userId: ownerId, admin: false },
            propertyId,
            property: { status: 'registered', details, isClosed: false },
            version: 1,
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

import { krw } from '#kernel/money.ts';
import type { Feature, Place, Seat, Terms } from '../cafe.ts';
import type { Cafes } from '../ports.ts';
import { openCafe } from '../usecases.ts';

/** A row of seats from left to right, each with the same features. */
const row = (
  count: number,
  at: { x: number; y: number; step: number },
  ...features: Feature[]
): Omit<Seat, 'id' | 'label'>[] =>
  Array.from({ length: count }, (_, nth) => ({ x: at.x + nth * at.step, y: at.y, features }));

/** Along the window, around three tables, and in the quiet back. */
const books = [
  ...row(12, { x: 46, y: 54, step: 54 }, 'WINDOW'),
  ...[53, 275, 497].flatMap((x) => [
    ...row(4, { x, y: 156, step: 47 }, 'OUTLET'),
    ...row(4, { x, y: 234, step: 47 }, 'OUTLET'),
  ]),
  ...row(5, { x: 46, y: 346, step: 47 }, 'QUIET'),
  ...row(7, { x: 373, y: 346, step: 47 }, 'QUIET', 'OUTLET'),
];

const lantern = [
  ...row(8, { x: 46, y: 54, step: 60 }, 'WINDOW', 'OUTLET'),
  ...[140, 220].flatMap((y) => row(8, { x: 46, y, step: 60 }, 'OUTLET')),
  ...row(6, { x: 46, y: 320, step: 60 }, 'QUIET'),
];

const harbour = [
  ...row(10, { x: 46, y: 54, step: 56 }, 'WINDOW', 'OUTLET'),
  ...[150, 230].flatMap((y) => row(6, { x: 46, y, step: 60 }, 'OUTLET')),
  ...row(8, { x: 46, y: 320, step: 60 }, 'QUIET', 'OUTLET'),
];

/** Sample cafes. */
const sample: { terms: Omit<Terms, 'photos'>; address: string; seats: Omit<Seat, 'id' | 'label'>[] }[] = [
  {
    terms: {
      ...{ name: '등불 독서실 · Lantern Study Room', opens: '08:00', closes: '23:00', pricePerHour: krw(1_500) },
      description:
        '말소리가 없는 조용한 독서실이에요. 자리마다 스탠드와 콘센트가 있어요.\nA silent study room with a lamp and an outlet at most seats.',
      area: '대전 유성',
      location: { latitude: 36.3621, longitude: 127.3449 },
      amenities: ['WIFI', 'LOCKERS', 'BLANKETS', 'PRINTER'],
    },
    address: '대전광역시 유성구 대학로 99',
    seats: lantern,
  },
  {
    terms: {
      ...{
        name: '책과 창 합정점 · Books & Window Hapjeong',
        opens: '00:00',
        closes: '24:00',
        pricePerHour: krw(2_000),
      },
      description:
        '창가에 앉아 책을 읽고 커피를 마시는 24시간 스터디카페예요. 합정역 3번 출구에서 걸어서 2분이에요.\nOpen day and night, two minutes on foot from Hapjeong station.',
      area: '서울 합정',
      location: { latitude: 37.5495, longitude: 126.9139 },
      amenities: ['WIFI', 'COFFEE', 'SNACKS', 'PRINTER', 'MEETING_ROOM'],
    },
    address: '서울특별시 마포구 양화로 45',
    seats: books,
  },
  {
    terms: {
      ...{ name: '바다 책상 광안점 · Sea Desk Gwangan', opens: '09:00', closes: '22:00', pricePerHour: krw(1_800) },
      description:
        '광안리 바다가 보이는 창가 자리가 열 개 있어요. 안쪽은 조용한 집중석이에요.\nTen window seats above Gwangalli beach, and a quiet zone at the back.',
      area: '부산 광안리',
      location: { latitude: 35.1532, longitude: 129.1187 },
      amenities: ['WIFI', 'COFFEE', 'PARKING', 'LOCKERS', 'WHEELCHAIR_ACCESSIBLE'],
    },
    address: '부산광역시 수영구 광안해변로 203',
    seats: harbour,
  },
];

/** Always the same ids, so that adding it again changes nothing. */
export const addSampleData = async (cafes: Cafes): Promise<void> => {
  await Promise.all(
    sample.map(({ terms, address, seats }, index) => {
      const number = (index + 1) * 100;
      const place: Place = {
        address,
        timeZone: 'Asia/Seoul',
        seats: seats.map((seat, nth) => ({ ...seat, id: sampleId(number + nth + 1), label: String(nth + 1) })),
      };
      return openCafe({ cafes }, sampleId(number), place, { ...terms, photos: [] });
    }),
  );
};

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8001-000000000201 is the second cafe's first seat. */
const sampleId = (number: number): string => `019a3000-0000-7000-8001-${String(number).padStart(12, '0')}`;

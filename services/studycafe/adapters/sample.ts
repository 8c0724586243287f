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

/** Sample cafes. */
const sample: { terms: Terms; address: string; seats: Omit<Seat, 'id' | 'label'>[] }[] = [
  {
    terms: { name: '등불 독서실 · Lantern Study Room', opens: '08:00', closes: '23:00', pricePerHour: krw(1_500) },
    address: '대전광역시 유성구 대학로 99',
    seats: lantern,
  },
  {
    terms: {
      name: '책과 창 합정점 · Books & Window Hapjeong',
      opens: '00:00',
      closes: '24:00',
      pricePerHour: krw(2_000),
    },
    address: '서울특별시 마포구 양화로 45',
    seats: books,
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
      return openCafe({ cafes }, sampleId(number), place, terms);
    }),
  );
};

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8001-000000000201 is the second cafe's first seat. */
const sampleId = (number: number): string => `019a3000-0000-7000-8001-${String(number).padStart(12, '0')}`;

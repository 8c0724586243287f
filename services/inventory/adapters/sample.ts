import { krw } from '#kernel/money.ts';
import type { Products } from '../ports.ts';
import type { Terms } from '../product.ts';
import { administer } from '../usecases.ts';

const dispenser = (
  name: string,
  monthlyFee: number,
  deposit: number,
  onHand: number,
): { terms: Terms; onHand: number } => ({
  terms: { name, kind: 'DISPENSER', price: krw(0), monthlyFee: krw(monthlyFee), deposit: krw(deposit) },
  onHand,
});

const phone = (name: string, price: number, onHand: number): { terms: Terms; onHand: number } => ({
  terms: { name, kind: 'PHONE', price: krw(price), monthlyFee: krw(0), deposit: krw(0) },
  onHand,
});

/** Sample products with their stock. */
const sample: readonly { terms: Terms; onHand: number }[] = [
  dispenser('맑은샘 미니 냉온정수기 · Clear Spring Mini', 19_900, 50_000, 40),
  dispenser('맑은샘 직수 정수기 · Clear Spring Tankless', 24_900, 80_000, 30),
  dispenser('한모금 얼음정수기 · Hanmogeum Ice', 39_900, 150_000, 15),
  dispenser('옹달샘 스탠드 정수기 · Ongdalsaem Tower', 29_900, 100_000, 20),
  dispenser('새벽이슬 언더싱크 · Dawn Dew Under-sink', 27_900, 120_000, 10),
  phone('달빛 폰 15 · Dalbit Phone 15', 1_155_000, 50),
  phone('달빛 폰 15 플러스 · Dalbit Phone 15 Plus', 1_353_000, 30),
  phone('은하 폴드 3 · Eunha Fold 3', 2_238_500, 8),
];

/** Always the same ids, so that adding it again changes nothing. */
export async function addSampleData(products: Products): Promise<void> {
  await Promise.all(
    sample.map(({ terms, onHand }, index) =>
      administer(products, sampleId(index + 1), { type: 'ListProduct', terms, onHand }),
    ),
  );
}

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8000-000000001001 is the first product. */
const sampleId = (number: number): string => `019a3000-0000-7000-8000-${String(1_000 + number).padStart(12, '0')}`;

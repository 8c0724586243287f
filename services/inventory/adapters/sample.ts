import { krw } from '#kernel/money.ts';
import type { Products } from '../ports.ts';
import { noOptions, type Terms } from '../product.ts';
import { administer } from '../usecases.ts';

interface Sample {
  terms: Terms;
  onHand: number;
}
type About = Partial<Pick<Terms, 'description' | 'family'> & Terms['options']>;

const about = ({ description = '', family = '', ...options }: About) => ({
  ...{ description, family, photos: [] },
  options: { ...noOptions, ...options },
});

const dispenser = (name: string, monthlyFee: number, deposit: number, onHand: number, said: About): Sample => ({
  terms: { name, kind: 'DISPENSER', price: krw(0), monthlyFee: krw(monthlyFee), deposit: krw(deposit), ...about(said) },
  onHand,
});

const phone = (name: string, price: number, onHand: number, said: About): Sample => ({
  terms: { name, kind: 'PHONE', price: krw(price), monthlyFee: krw(0), deposit: krw(0), ...about(said) },
  onHand,
});

const dalbit = {
  family: '달빛 폰 15 · Dalbit Phone 15',
  description:
    '손에 쏙 들어오는 6.1인치 폰이에요. 달빛 아래에서도 또렷하게 찍혀요.\nA 6.1-inch phone that fits the hand, and takes clear pictures by moonlight.',
};
const plus = {
  family: '달빛 폰 15 플러스 · Dalbit Phone 15 Plus',
  description: '6.7인치 큰 화면에 배터리가 이틀 가요.\nA large 6.7-inch screen, and a battery for two days.',
};
const mini = {
  family: '맑은샘 미니 · Clear Spring Mini',
  description:
    '폭 18 cm라 좁은 주방에도 들어가요. 냉수와 온수가 바로 나와요.\n18 cm wide, with cold and hot water at once.',
};
const ice = {
  family: '한모금 얼음정수기 · Hanmogeum Ice',
  description: '12분마다 얼음을 만들어요. 여름 내내 얼음 걱정이 없어요.\nMakes ice every twelve minutes.',
};

/** Sample products with their stock. New ones come last: the place in the list is the id. */
const sample: readonly Sample[] = [
  dispenser('맑은샘 미니 냉온정수기 · Clear Spring Mini', 19_900, 50_000, 40, { ...mini, colour: '화이트' }),
  dispenser('맑은샘 직수 정수기 · Clear Spring Tankless', 24_900, 80_000, 30, {
    description: '물탱크가 없어 늘 갓 거른 물을 마셔요.\nNo tank: the water is always freshly filtered.',
  }),
  dispenser('한모금 얼음정수기 · Hanmogeum Ice', 39_900, 150_000, 15, { ...ice, colour: '실버' }),
  dispenser('옹달샘 스탠드 정수기 · Ongdalsaem Tower', 29_900, 100_000, 20, {
    description: '사무실과 매장에 어울리는 대용량 스탠드형이에요.\nA tower with a large tank, for offices and shops.',
    size: '15 L',
  }),
  dispenser('새벽이슬 언더싱크 · Dawn Dew Under-sink', 27_900, 120_000, 10, {
    description: '싱크대 아래에 숨겨 두는 정수기예요. 주방이 넓어져요.\nHidden under the sink.',
  }),
  phone('달빛 폰 15 · Dalbit Phone 15', 1_155_000, 50, { ...dalbit, colour: '그래파이트', storage: '128 GB' }),
  phone('달빛 폰 15 플러스 · Dalbit Phone 15 Plus', 1_353_000, 30, {
    ...plus,
    colour: '그래파이트',
    storage: '256 GB',
  }),
  phone('은하 폴드 3 · Eunha Fold 3', 2_238_500, 8, {
    description: '펼치면 7.6인치 태블릿이 돼요.\nOpens to a 7.6-inch tablet.',
    colour: '미드나이트',
    storage: '512 GB',
  }),
  phone('달빛 폰 15 로즈 256 GB · Dalbit Phone 15 Rose 256 GB', 1_287_000, 25, {
    ...dalbit,
    ...{ colour: '로즈', storage: '256 GB' },
  }),
  phone('달빛 폰 15 플러스 블루 512 GB · Dalbit Phone 15 Plus Blue 512 GB', 1_551_000, 12, {
    ...plus,
    ...{ colour: '블루', storage: '512 GB' },
  }),
  dispenser('맑은샘 미니 민트 · Clear Spring Mini Mint', 19_900, 50_000, 18, { ...mini, colour: '민트' }),
  dispenser('한모금 얼음정수기 블랙 · Hanmogeum Ice Black', 41_900, 150_000, 6, { ...ice, colour: '블랙' }),
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

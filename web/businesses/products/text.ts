import { texts } from '../../text/language.ts';

/** What pages of phones and of dispensers say alike. */
export const text = texts({
  ko: {
    what: '무엇을',
    anything: { PHONE: '이름, 색상, 용량', DISPENSER: '이름, 색상' },
    find: '찾기',
    found: (count: number) => `${count}가지`,
    none: '맞는 상품이 없어요',
    noneText: '다른 말로 찾아보세요.',
    clear: '모두 보기',
    missing: '이 상품을 찾지 못했어요',
    missingText: '판매가 끝났거나 주소가 잘못됐을 수 있어요.',
    from: (amount: string) => `${amount}부터`,
    colours: (count: number) => `색상 ${count}가지`,
    variants: '종류',
    one: '기본',
    tryIn: (time: string) => `${time} 뒤에 다시 신청할 수 있어요`,
  },
  en: {
    what: 'What',
    anything: { PHONE: 'Name, colour, storage', DISPENSER: 'Name, colour' },
    find: 'Search',
    found: (count) => (count === 1 ? '1 product' : `${count} products`),
    none: 'No product matches',
    noneText: 'Try other words.',
    clear: 'Show all',
    missing: 'This product was not found',
    missingText: 'It may not be sold any more, or the address is wrong.',
    from: (amount) => `from ${amount}`,
    colours: (count) => `${count} colours`,
    variants: 'Variant',
    one: 'Standard',
    tryIn: (time) => `You can try again in ${time}`,
  },
});

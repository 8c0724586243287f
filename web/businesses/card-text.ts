import { texts } from '../text/language.ts';

export const text = texts({
  ko: {
    pay: '결제할 카드',
    isDefault: '기본 카드',
    noCards: '등록한 카드가 없어요',
    noCardsText: '카드를 먼저 등록해 주세요.',
    addCard: '내 정보에서 카드 등록하기',
  },
  en: {
    pay: 'Card to pay with',
    isDefault: 'default',
    noCards: 'You have no cards yet',
    noCardsText: 'Please add one first.',
    addCard: 'Add a card in your account',
  },
});

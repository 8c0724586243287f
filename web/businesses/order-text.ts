import { texts } from '../text/language.ts';

/** Today and tomorrow within a sentence. */
const lowered = (time: string): string => time.replace(/^T(?=oday|omorrow)/, 't');

/** What every order form says alike. A business says in its own words what one agrees to, and what the button does. */
export const text = texts({
  ko: {
    agreeFirst: '먼저 여기에 표시해 주세요.',
    priceChanged: '금액이 바뀌었어요',
    priceChangedText: (total: string) => `지금 총 금액은 ${total}이에요. 신청된 것도, 나간 돈도 없어요.`,
    notSent: '신청을 마치지 못했어요',
    toAccount: '내 정보 열기',
    resend: '다시 눌러도 한 번만 신청돼요.',
    signIn: '로그인하고 계속하기',
    signInText: '로그인하면 이 화면으로 돌아와요. 고른 내용은 그대로예요.',
    refunds: '취소하면 이만큼 돌려드려요',
    until: (time: string) => `${time}까지`,
    always: '언제든지',
    heldUntil: (time: string) => `지금 신청하면 ${time}까지 잡아 둬요`,
    notAvailable: '지금은 신청할 수 없어요',
    instead: '대신 이건 어떠세요?',
  },
  en: {
    agreeFirst: 'Please tick this first.',
    priceChanged: 'The price has changed',
    priceChangedText: (total) => `The total is now ${total}. Nothing was ordered, and nothing was charged.`,
    notSent: 'The order did not go through',
    toAccount: 'Open My account',
    resend: 'Pressing again orders only once.',
    signIn: 'Sign in and continue',
    signInText: 'You come back to this page. What you chose is kept.',
    refunds: 'What you get back if you cancel',
    until: (time) => `Until ${lowered(time)}`,
    always: 'At any time',
    heldUntil: (time) => `If you order now, it is held for you until ${lowered(time)}`,
    notAvailable: 'This cannot be ordered now',
    instead: 'How about one of these?',
  },
});

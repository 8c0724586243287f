import type { IconName } from '../kit/icon.tsx';
import { texts } from '../text/language.ts';

export const text = texts({
  ko: {
    tab: '예약을 한곳에서',
    title: '필요한 시간을, 바로 예약하세요',
    lead: '숙소부터 과외, 스터디카페 자리까지. 지금 비어 있는 것을 보여 드리고, 확정되는 순간 알려 드려요.',
    promiseTitle: '자리의 약속',
    promises: [
      ['shield', '받은 예약은 잃어버리지 않아요'],
      ['card', '두 번 결제하지 않아요'],
      ['users', '같은 자리를 두 사람에게 팔지 않아요'],
    ] as readonly (readonly [IconName, string])[],
    findStay: '숙소 찾기',
    offers: '지금 예약할 수 있는 것',
    all: '전체',
    upTo: (count: number) => `최대 ${count}명`,
    minutes: (count: number) => `${count}분`,
    per: { night: '박', lesson: '회', hour: '시간', month: '월' },
    instant: '바로 확정',
    left: (count: number) => `${count}개 남음`,
    inStock: '재고 있음',
    soldOut: '다 나갔어요',
    more: (business: string) => `${business}에서 더 찾기`,
  },
  en: {
    tab: 'Bookings in one place',
    title: 'Book the time you need',
    lead: 'Stays, lessons, seats in study cafes. See what is free now, and hear the moment it is confirmed.',
    promiseTitle: 'What Jari promises',
    promises: [
      ['shield', 'A booking is never lost'],
      ['card', 'You are never charged twice'],
      ['users', 'A place is never sold to two people'],
    ],
    findStay: 'Find a stay',
    offers: 'What you can book now',
    all: 'All',
    upTo: (count) => `Up to ${count} guests`,
    minutes: (count) => `${count} minutes`,
    per: { night: 'night', lesson: 'lesson', hour: 'hour', month: 'month' },
    instant: 'Instant booking',
    left: (count) => `${count} left`,
    inStock: 'In stock',
    soldOut: 'Sold out',
    more: (business) => `Search in ${business}`,
  },
});

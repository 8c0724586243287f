import { idOf } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { dateAt, instantAt, type Instant } from '#kernel/time.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { decide, type LessonInput, type Offer } from '../lesson.ts';
import type { StoredLessons } from './store.ts';

interface Sample {
  offer: Omit<Offer, 'startTimes' | 'photos'>;
  /** Hours of the day in Seoul. */
  hours: readonly number[];
  /** Outcome of its sale request; without one, an administrator has not decided yet. */
  outcome?: 'on-sale' | 'rejected' | 'withdrawn';
}

/** Sample lessons. */
const sample: readonly Sample[] = [
  {
    offer: {
      title: '고등 수학 1:1 · High-school maths',
      description:
        '수능 미적분을 기초부터 차근차근 다져요. 매 수업 뒤에 오답 노트를 보내 드려요.\nCalculus from the ground up, with notes on your mistakes after each lesson.',
      subject: '수학',
      level: '고등',
      price: krw(55_000),
      minutes: 50,
    },
    hours: [19, 20, 21],
    outcome: 'on-sale',
  },
  {
    offer: {
      title: '영어 회화 · English conversation',
      description:
        '원어민과 자유롭게 이야기해요. 틀린 표현은 바로 고쳐 드려요.\nFree talk with a native speaker, corrected as you speak.',
      subject: '영어',
      level: '누구나',
      price: krw(38_000),
      minutes: 40,
    },
    hours: [8, 12, 20],
    outcome: 'on-sale',
  },
  {
    offer: {
      title: '통기타 첫걸음 · Guitar, first steps',
      description:
        '악보를 몰라도 괜찮아요. 한 달이면 좋아하는 노래 한 곡을 칠 수 있어요.\nNo notes needed: play a song you love within a month.',
      subject: '음악',
      level: '초급',
      price: krw(42_000),
      minutes: 45,
    },
    hours: [18, 19],
    outcome: 'on-sale',
  },
  {
    offer: {
      title: '파이썬으로 시작하는 코딩 · Coding with Python',
      description:
        '첫 게임을 함께 만들어요. 초등 고학년부터 어른까지 들을 수 있어요.\nWe build your first game together.',
      subject: '코딩',
      level: '초급',
      price: krw(60_000),
      minutes: 60,
    },
    hours: [17, 20],
    outcome: 'on-sale',
  },
  {
    offer: {
      title: '한국어 발음 교정 · Korean pronunciation',
      description: '한국에 사는 외국인을 위한 발음 수업이에요.\nPronunciation for people who came to live in Korea.',
      subject: '한국어',
      level: '초급',
      price: krw(35_000),
      minutes: 30,
    },
    hours: [9, 10, 11],
    outcome: 'on-sale',
  },
  {
    offer: {
      title: '피아노 재즈 화성 · Jazz harmony on the piano',
      description: '코드 보이싱과 즉흥 연주. Voicings and improvisation.',
      subject: '음악',
      level: '중급',
      price: krw(70_000),
      minutes: 60,
    },
    hours: [21],
  },
  {
    offer: {
      title: '하루 만에 토익 만점 · Full TOEIC score in a day',
      description: '무조건 보장. Guaranteed.',
      subject: '영어',
      level: '누구나',
      price: krw(990_000),
      minutes: 60,
    },
    hours: [10],
    outcome: 'rejected',
  },
  {
    offer: {
      title: '수채화 기초 · Watercolours for beginners',
      description: '여름 특강이었습니다. Was a summer special.',
      subject: '미술',
      level: '초급',
      price: krw(30_000),
      minutes: 50,
    },
    hours: [15],
    outcome: 'withdrawn',
  },
];

const days = 14;
const zone = 'Asia/Seoul';

/** Decided requests are not sent to approval. */
const decidedBefore = (lessons: StoredLessons): StoredLessons => ({
  ...lessons,
  consequences(events, after) {
    const { messages = [], ...what } = lessons.consequences(events, after);
    return { ...what, messages: messages.filter(({ to }) => to !== 'approval') };
  },
});

/** Always the same ids, and each step changes nothing when it is taken again. */
export async function addSampleData(store: Store, lessons: StoredLessons, now: Instant): Promise<void> {
  const sellerId = idOf('user', 'seller');
  for (const [index, { offer, hours, outcome }] of sample.entries()) {
    const steps: LessonInput[] = [
      {
        type: 'RequestSale',
        sellerId,
        offer: { ...offer, photos: [], startTimes: startTimes(hours, now) },
        limits: [],
        at: now,
      },
      ...(outcome ? ending[outcome](sellerId) : []),
    ];
    for (const step of steps)
      await store.update(outcome ? decidedBefore(lessons) : lessons, sampleId(index + 1), (state) =>
        decide(state, step),
      );
  }
}

const ending: Record<NonNullable<Sample['outcome']>, (sellerId: string) => LessonInput[]> = {
  'on-sale': () => [{ type: 'Approved', revision: 1 }], // and the lecture system registers it
  rejected: () => [
    {
      type: 'Rejected',
      revision: 1,
      reason: 'REJECTED_BY_ADMIN',
      reasonText: '보장할 수 없는 약속입니다. Nobody can promise that.',
    },
  ],
  withdrawn: (by) => [{ type: 'WithdrawLesson', by }],
};

const startTimes = (hours: readonly number[], now: Instant): Instant[] =>
  Array.from({ length: days }, (_, day) => dateAt(now + (day + 1) * 86_400_000, zone)).flatMap((date) =>
    hours.map((hour) => instantAt(date, hour, zone)),
  );

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8003-000000001001 is the first lesson. */
const sampleId = (number: number): string => `019a3000-0000-7000-8003-${String(1_000 + number).padStart(12, '0')}`;

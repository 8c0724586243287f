import { texts } from '../text/language.ts';

export const text = texts({
  ko: {
    title: '도움말',
    lead: '많이 물어보시는 것들이에요.',
    topics: [
      {
        question: '언제 돈이 나가나요?',
        answer: '자리나 방이 잡힌 다음에 결제해요. 거절되거나 시간이 지나면 돈은 나가지 않아요.',
      },
      {
        question: '결제하다가 화면이 멈췄어요',
        answer:
          '예약은 받은 그대로 남아 있어요. 결제는 한 번만 되고, 다시 눌러도 두 번 나가지 않아요. 내 예약에서 지금 상태를 볼 수 있어요.',
      },
      {
        question: '취소하면 얼마를 돌려받나요?',
        answer: '예약할 때 본 규정이 끝까지 그대로예요. 취소하기 전에 돌려받을 금액을 먼저 보여 드려요.',
      },
      {
        question: '호스트가 답하지 않으면요?',
        answer: '정해진 시간 안에 답이 없으면 요청은 저절로 끝나고, 돈은 나가지 않아요.',
      },
      {
        question: '시간은 어디 기준인가요?',
        answer: '숙소와 카페가 있는 곳의 시간이에요. 과외는 선생님이 정한 시간대로 보여 드려요.',
      },
    ],
  },
  en: {
    title: 'Help',
    lead: 'What people ask most.',
    topics: [
      {
        question: 'When am I charged?',
        answer: 'After your seat or room is held. If the request is declined or runs out of time, nothing is charged.',
      },
      {
        question: 'The page froze while I was paying',
        answer:
          'Your booking is kept as it was received. It is charged once, however often you press. My bookings shows how it stands.',
      },
      {
        question: 'How much do I get back when I cancel?',
        answer: 'The terms that you saw when booking hold to the end. You see the refund before you cancel.',
      },
      {
        question: 'What if the host does not answer?',
        answer: 'After the time limit the request ends by itself, and nothing is charged.',
      },
      {
        question: 'Which time zone is shown?',
        answer: 'That of the place of the stay or the cafe. Lessons are shown in the zone that their teacher chose.',
      },
    ],
  },
});

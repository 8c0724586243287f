import { texts, type Template } from './texts.ts';

const platform = { provider: 'platform' } as const;
const cancelUntil = '{start} 전까지 취소할 수 있어요.';
const cancelUntilEn = 'You can cancel before {start}.';

/** Seats in study cafes. */
export const seatingTexts: Readonly<Record<string, Template>> = {
  SelectionMade: {
    ...platform,
    customer: texts(
      ['좌석 선택', 'Seat selected'],
      ['좌석을 선택했어요. 아직 확정된 것은 아니에요.', 'You selected the seat. It is not confirmed yet.'],
      [`카페에 자리를 확인하고 알려 드릴게요. ${cancelUntil}`, `We ask the cafe and tell you. ${cancelUntilEn}`],
    ),
  },
  SelectionHeld: {
    ...platform,
    customer: texts(
      ['좌석 확보', 'Seat held'],
      [
        '좌석을 잡아 두었어요. 이제 {total} 결제를 진행해요.',
        'The seat is held for you. {total} is being charged now.',
      ],
      [`결제가 끝나면 알려 드릴게요. ${cancelUntil}`, `We tell you when it is paid. ${cancelUntilEn}`],
    ),
  },
  SelectionRefused: {
    ...platform,
    customer: texts(
      ['좌석 이용 불가', 'Seat not available'],
      ['그 좌석은 쓸 수 없어요. 결제된 금액은 없어요.', 'The seat is not available. Nothing was charged.'],
      ['다른 좌석이나 다른 시간을 골라 주세요.', 'Please choose another seat or time.'],
    ),
  },
  SelectionPaymentDeferred: {
    ...platform,
    customer: texts(
      ['결제 대기', 'Payment delayed'],
      [
        '결제가 늦어지고 있어요. 좌석은 그대로 잡아 두었어요.',
        'The payment takes longer than usual. The seat stays held for you.',
      ],
      [
        `다시 결제하지 마세요. 결과가 나오면 알려 드릴게요. ${cancelUntil}`,
        `Please do not pay again: we tell you the result. ${cancelUntilEn}`,
      ],
    ),
  },
  SelectionCardDeclined: {
    ...platform,
    customer: texts(
      ['카드 거절', 'Card declined'],
      [
        '카드가 거절됐어요. 청구된 금액은 없고, 좌석은 아직 잡아 두었어요.',
        'Your card was declined. Nothing was charged, and the seat is still held for you.',
      ],
      [
        '앱에서 다른 카드로 결제해 주세요. 제때 결제되지 않으면 좌석을 다시 내놓아요.',
        'Please pay with another card in the app. If it is not paid in time, the seat is free again.',
      ],
    ),
  },
  SelectionPaid: {
    ...platform,
    customer: texts(
      ['결제 완료', 'Paid'],
      [
        '{total} 결제가 끝났어요. 카페에 좌석을 등록하고 있어요.',
        '{total} is paid. The cafe is registering your seat.',
      ],
      ['등록되면 알려 드릴게요.', 'We tell you when it is registered.'],
    ),
  },
  SelectionPaymentFailed: {
    ...platform,
    customer: texts(
      ['결제 실패', 'Payment failed'],
      [
        '결제되지 않아 좌석을 다시 내놓았어요. 청구된 금액은 없어요.',
        'The payment failed, and the seat is free again. Nothing was charged.',
      ],
      ['결제 수단을 확인하고 다시 선택해 주세요.', 'Please check your means of payment and select again.'],
    ),
  },
  SelectionRegistered: {
    ...platform,
    customer: texts(
      ['좌석 등록 완료', 'Seat registered'],
      ['좌석이 등록됐어요.', 'Your seat is registered.'],
      [`{start}부터 쓸 수 있어요. ${cancelUntil}`, `It is yours from {start}. ${cancelUntilEn}`],
    ),
  },
  SelectionCompleted: {
    ...platform,
    customer: texts(
      ['이용 완료', 'Time over'],
      ['이용 시간이 끝났어요. 고마워요.', 'Your time is over. Thank you.'],
      ['내역은 앱에서 볼 수 있어요.', 'You find it in the app.'],
    ),
  },
  SelectionCancelling: {
    ...platform,
    customer: texts(
      ['취소 진행', 'Being cancelled'],
      ['좌석을 취소하고 있어요.', 'Your seat is being cancelled.'],
      ['환불까지 끝나면 알려 드릴게요.', 'We tell you when the refund is done.'],
    ),
  },
  SelectionCancelled: {
    ...platform,
    customer: texts(
      ['취소 완료', 'Seat cancelled'],
      ['좌석이 취소됐고, 돌려드릴 금액을 환불했어요.', 'Your seat is cancelled, and what is due to you is refunded.'],
      ['환불 금액은 앱의 결제 내역에서 확인해 주세요.', 'Please see the amount among your payments in the app.'],
    ),
  },
};

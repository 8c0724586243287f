import { nothingToDo, texts, type Template } from './texts.ts';

const cancelUntil = '{start}까지 취소할 수 있어요.';
const cancelUntilEn = 'You can cancel until {start}.';

/** Reservations: the customer is the guest, the provider is the host. */
export const lodgingTexts: Readonly<Record<string, Template>> = {
  ReservationRequested: {
    customer: texts(
      ['예약 신청', 'Reservation requested'],
      [
        '호스트에게 예약을 신청했어요. 아직 확정된 것은 아니에요.',
        'The host has your request. It is not confirmed yet.',
      ],
      [
        `호스트가 답하면 바로 알려 드릴게요. ${cancelUntil}`,
        `We tell you as soon as the host answers. ${cancelUntilEn}`,
      ],
    ),
    provider: texts(
      ['예약 요청', 'New request'],
      ['게스트가 예약을 신청했어요.', 'A guest asks for a reservation.'],
      [
        '늦어도 {start} 전에 수락하거나 거절해 주세요. 답이 없으면 요청이 자동으로 거절돼요.',
        'Please accept or decline soon, at the latest before {start}. Without an answer the request is declined.',
      ],
    ),
  },
  ReservationConfirmed: {
    customer: texts(
      ['예약 수락', 'Reservation accepted'],
      [
        '예약이 수락됐어요. 이제 {total} 결제를 진행해요.',
        'Your reservation is accepted. {total} is being charged now.',
      ],
      [`결제가 끝나면 알려 드릴게요. ${cancelUntil}`, `We tell you when it is paid. ${cancelUntilEn}`],
    ),
    provider: texts(
      ['결제 진행', 'Waiting for payment'],
      ['예약이 수락되어 게스트가 결제하고 있어요.', 'The reservation is accepted, and the guest is paying.'],
      nothingToDo,
    ),
  },
  ReservationRejected: {
    customer: texts(
      ['예약 불가', 'Reservation not possible'],
      ['예약할 수 없게 됐어요. 결제된 금액은 없어요.', 'The reservation is not possible. Nothing was charged.'],
      ['다른 날짜나 다른 숙소를 찾아봐 주세요.', 'Please look for other dates or another room.'],
    ),
    provider: texts(
      ['예약 거절', 'Request declined'],
      ['예약 요청이 거절됐어요.', 'The request was declined.'],
      nothingToDo,
    ),
  },
  ReservationPaymentDeferred: {
    customer: texts(
      ['결제 대기', 'Payment delayed'],
      [
        '결제가 늦어지고 있어요. 객실은 그대로 잡아 두었어요.',
        'The payment takes longer than usual. The room stays reserved for you.',
      ],
      [
        `다시 결제하지 마세요. 결과가 나오면 알려 드릴게요. ${cancelUntil}`,
        `Please do not pay again: we tell you the result. ${cancelUntilEn}`,
      ],
    ),
    provider: texts(
      ['결제 대기', 'Payment delayed'],
      ['게스트의 결제가 늦어지고 있어요.', 'The guest’s payment takes longer than usual.'],
      nothingToDo,
    ),
  },
  ReservationCardDeclined: {
    customer: texts(
      ['카드 거절', 'Card declined'],
      [
        '카드가 거절됐어요. 청구된 금액은 없고, 객실은 아직 잡아 두었어요.',
        'Your card was declined. Nothing was charged, and the room is still reserved for you.',
      ],
      [
        '앱에서 다른 카드로 결제해 주세요. 제때 결제되지 않으면 예약이 끝나요.',
        'Please pay with another card in the app. If it is not paid in time, the reservation ends.',
      ],
    ),
    provider: texts(
      ['결제 대기', 'Payment delayed'],
      [
        '게스트의 카드가 거절돼서 다른 카드를 기다리고 있어요.',
        'The guest’s card was declined; another one is awaited.',
      ],
      nothingToDo,
    ),
  },
  ReservationPaid: {
    customer: texts(
      ['예약 확정', 'Reservation booked'],
      ['{total} 결제가 끝나 예약이 확정됐어요.', '{total} is paid, and your stay is booked.'],
      [`체크인 시각에 맞춰 와 주세요. ${cancelUntil}`, `Please come at check-in. ${cancelUntilEn}`],
    ),
    provider: texts(
      ['예약 확정', 'Guest booked'],
      ['게스트가 결제해서 예약이 확정됐어요.', 'The guest has paid, and the stay is booked.'],
      ['{start}까지 객실을 준비해 주세요.', 'Please have the room ready by {start}.'],
    ),
  },
  ReservationPaymentFailed: {
    customer: texts(
      ['결제 실패', 'Payment failed'],
      [
        '결제되지 않아 예약이 끝났어요. 청구된 금액은 없어요.',
        'The payment failed, and the reservation has ended. Nothing was charged.',
      ],
      ['결제 수단을 확인하고 다시 예약해 주세요.', 'Please check your means of payment and reserve again.'],
    ),
    provider: texts(
      ['결제 실패', 'Payment failed'],
      ['게스트의 결제가 되지 않아 예약이 끝났어요.', 'The guest’s payment failed, and the reservation has ended.'],
      [
        '하실 일은 없어요. 그 날짜는 다시 예약받을 수 있어요.',
        'There is nothing for you to do. The nights are free again.',
      ],
    ),
  },
  ReservationCompleted: {
    customer: texts(
      ['숙박 완료', 'Stay completed'],
      ['숙박이 끝났어요. 이용해 주셔서 고마워요.', 'Your stay is over. Thank you.'],
      ['내역은 앱에서 볼 수 있어요.', 'You find the reservation in the app.'],
    ),
    provider: texts(
      ['숙박 완료', 'Stay completed'],
      ['게스트의 숙박이 끝났어요.', 'The guest’s stay is over.'],
      ['내역은 앱에서 볼 수 있어요.', 'You find the reservation in the app.'],
    ),
  },
  ReservationCancelling: {
    customer: texts(
      ['취소 진행', 'Being cancelled'],
      ['예약을 취소하고 있어요.', 'The reservation is being cancelled.'],
      ['환불까지 끝나면 알려 드릴게요.', 'We tell you when the refund is done.'],
    ),
    provider: texts(
      ['취소 진행', 'Being cancelled'],
      ['예약이 취소되고 있어요.', 'The reservation is being cancelled.'],
      ['취소가 끝나면 알려 드릴게요.', 'We tell you when it is done.'],
    ),
  },
  ReservationCancelled: {
    customer: texts(
      ['취소 완료', 'Reservation cancelled'],
      [
        '예약이 취소됐고, 돌려드릴 금액을 환불했어요.',
        'The reservation is cancelled, and what is due to you is refunded.',
      ],
      ['환불 금액은 앱의 결제 내역에서 확인해 주세요.', 'Please see the amount among your payments in the app.'],
    ),
    provider: texts(
      ['취소 완료', 'Reservation cancelled'],
      ['게스트의 예약이 취소됐어요.', 'The guest’s reservation is cancelled.'],
      [
        '하실 일은 없어요. 그 날짜는 다시 예약받을 수 있어요.',
        'There is nothing for you to do. The nights are free again.',
      ],
    ),
  },
};

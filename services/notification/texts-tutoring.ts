import { nothingToDo, texts, type Template } from './texts.ts';

const cancelUntil = '{start} 전까지 취소할 수 있어요.';
const cancelUntilEn = 'You can cancel before {start}.';

/** Purchases: the customer is the buyer, the provider is the seller. A lesson is its seller's own. */
export const tutoringTexts: Readonly<Record<string, Template>> = {
  LessonSaleRequested: {
    owner: texts(
      ['판매 신청', 'Sale requested'],
      [
        '강의 판매를 신청했어요. 관리자가 검토하고 있어요.',
        'You asked to sell the lesson. An administrator reviews it.',
      ],
      ['결과가 나오면 알려 드릴게요.', 'We tell you the result.'],
    ),
  },
  LessonOnSale: {
    owner: texts(
      ['판매 시작', 'On sale'],
      ['강의가 승인되어 판매를 시작했어요.', 'The lesson is approved and on sale.'],
      [
        '구매되면 알려 드릴게요. 시작 시각이 비어 있는지 확인해 주세요.',
        'We tell you when it is bought. Please keep its start times free.',
      ],
    ),
  },
  LessonSaleRejected: {
    owner: texts(
      ['판매 거절', 'Sale rejected'],
      ['강의가 승인되지 않았어요.', 'The lesson was not approved.'],
      ['내용을 고치면 다시 검토해 드려요.', 'Change it, and it is reviewed again.'],
    ),
  },
  LessonWithdrawn: {
    owner: texts(
      ['판매 종료', 'Withdrawn'],
      [
        '강의 판매를 끝냈어요. 이미 판매된 강의는 그대로 진행해요.',
        'The lesson is off sale. Lectures that are already bought still take place.',
      ],
      ['판매된 강의의 일정을 앱에서 확인해 주세요.', 'Please see your remaining lectures in the app.'],
    ),
  },
  PurchaseRequested: {
    customer: texts(
      ['구매 신청', 'Purchase requested'],
      [
        '강의 구매를 신청했어요. {total} 결제를 진행하고 있어요.',
        'You asked for the lesson. {total} is being charged.',
      ],
      [`결제가 끝나면 알려 드릴게요. ${cancelUntil}`, `We tell you when it is paid. ${cancelUntilEn}`],
    ),
    provider: texts(
      ['구매 요청', 'New buyer'],
      ['구매자가 강의를 신청하고 결제하고 있어요.', 'A buyer asks for the lesson and is paying.'],
      nothingToDo,
    ),
  },
  PurchasePaymentDeferred: {
    customer: texts(
      ['결제 대기', 'Payment delayed'],
      [
        '결제가 늦어지고 있어요. 강의 시간은 그대로 잡아 두었어요.',
        'The payment takes longer than usual. The time stays reserved for you.',
      ],
      [
        `다시 결제하지 마세요. 결과가 나오면 알려 드릴게요. ${cancelUntil}`,
        `Please do not pay again: we tell you the result. ${cancelUntilEn}`,
      ],
    ),
    provider: texts(
      ['결제 대기', 'Payment delayed'],
      ['구매자의 결제가 늦어지고 있어요.', 'The buyer’s payment takes longer than usual.'],
      nothingToDo,
    ),
  },
  PurchaseCardDeclined: {
    customer: texts(
      ['카드 거절', 'Card declined'],
      [
        '카드가 거절됐어요. 청구된 금액은 없고, 강의 시간은 아직 잡아 두었어요.',
        'Your card was declined. Nothing was charged, and the time is still reserved for you.',
      ],
      [
        '앱에서 다른 카드로 결제해 주세요. 제때 결제되지 않으면 구매가 끝나요.',
        'Please pay with another card in the app. If it is not paid in time, the purchase ends.',
      ],
    ),
    provider: texts(
      ['결제 대기', 'Payment delayed'],
      [
        '구매자의 카드가 거절돼서 다른 카드를 기다리고 있어요.',
        'The buyer’s card was declined; another one is awaited.',
      ],
      nothingToDo,
    ),
  },
  PurchasePaid: {
    customer: texts(
      ['결제 완료', 'Paid'],
      [
        '{total} 결제가 끝났어요. 화상 강의실을 준비하고 있어요.',
        '{total} is paid. The video lecture is being set up.',
      ],
      ['강의실이 준비되면 알려 드릴게요.', 'We tell you when it is ready.'],
    ),
    provider: texts(
      ['강의 판매', 'Lesson sold'],
      ['구매자가 결제했어요. 화상 강의실을 준비하고 있어요.', 'The buyer has paid. The video lecture is being set up.'],
      ['{start}에 강의할 수 있게 준비해 주세요.', 'Please prepare to teach on {start}.'],
    ),
  },
  PurchasePaymentFailed: {
    customer: texts(
      ['결제 실패', 'Payment failed'],
      [
        '결제되지 않아 구매가 끝났어요. 청구된 금액은 없어요.',
        'The payment failed, and the purchase has ended. Nothing was charged.',
      ],
      ['결제 수단을 확인하고 다시 구매해 주세요.', 'Please check your means of payment and buy again.'],
    ),
    provider: texts(
      ['결제 실패', 'Payment failed'],
      ['구매자의 결제가 되지 않아 구매가 끝났어요.', 'The buyer’s payment failed, and the purchase has ended.'],
      ['하실 일은 없어요. 그 시간은 다시 판매돼요.', 'There is nothing for you to do. The time is on sale again.'],
    ),
  },
  PurchaseReady: {
    customer: texts(
      ['강의 준비 완료', 'Lecture ready'],
      ['화상 강의실이 준비됐어요.', 'The video lecture is ready.'],
      [
        `{start}에 앱에서 강의실에 들어와 주세요. ${cancelUntil}`,
        `Please join in the app on {start}. ${cancelUntilEn}`,
      ],
    ),
    provider: texts(
      ['강의 일정', 'Lecture scheduled'],
      ['강의 일정이 잡혔어요.', 'The lecture is scheduled.'],
      [
        '{start}에 앱에서 강의실에 들어와 주세요. 오지 않으면 전액 환불돼요.',
        'Please join in the app on {start}. If you do not come, the buyer is refunded in full.',
      ],
    ),
  },
  PurchaseCompleted: {
    customer: texts(
      ['강의 완료', 'Lecture completed'],
      ['강의가 끝났어요. 이용해 주셔서 고마워요.', 'The lecture is over. Thank you.'],
      ['내역은 앱에서 볼 수 있어요.', 'You find the purchase in the app.'],
    ),
    provider: texts(
      ['강의 완료', 'Lecture completed'],
      ['강의를 마쳤어요. 수고하셨어요.', 'You held the lecture. Thank you.'],
      ['정산 내역은 앱에서 볼 수 있어요.', 'You find your statement in the app.'],
    ),
  },
  PurchaseCancelling: {
    customer: texts(
      ['취소 진행', 'Being cancelled'],
      ['구매를 취소하고 있어요.', 'The purchase is being cancelled.'],
      ['환불까지 끝나면 알려 드릴게요.', 'We tell you when the refund is done.'],
    ),
    provider: texts(
      ['취소 진행', 'Being cancelled'],
      ['구매가 취소되고 있어요.', 'The purchase is being cancelled.'],
      ['취소가 끝나면 알려 드릴게요.', 'We tell you when it is done.'],
    ),
  },
  PurchaseCancelRefused: {
    customer: texts(
      ['취소 불가', 'Cannot be cancelled'],
      ['취소하지 못했어요. 구매는 그대로예요.', 'It was too late to cancel. The purchase stays as it was.'],
      ['앱에서 강의 일정을 확인해 주세요.', 'Please see the lecture in the app.'],
    ),
    provider: texts(
      ['취소 안 됨', 'Not cancelled'],
      [
        '구매가 취소되지 않았어요. 강의는 그대로예요.',
        'The purchase could not be cancelled. The lecture stays as it was.',
      ],
      nothingToDo,
    ),
  },
  PurchaseCancelled: {
    customer: texts(
      ['취소 완료', 'Purchase cancelled'],
      [
        '구매가 취소됐고, 돌려드릴 금액을 환불했어요.',
        'The purchase is cancelled, and what is due to you is refunded.',
      ],
      ['환불 금액은 앱의 결제 내역에서 확인해 주세요.', 'Please see the amount among your payments in the app.'],
    ),
    provider: texts(
      ['취소 완료', 'Purchase cancelled'],
      ['구매자의 강의가 취소됐어요.', 'The buyer’s lecture is cancelled.'],
      ['이 시간에는 강의하지 않으셔도 돼요.', 'You need not teach at this time.'],
    ),
  },
};

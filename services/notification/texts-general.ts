import { nothingToDo, texts, type Template } from './texts.ts';

const seeApp = ['자세한 내용은 앱에서 볼 수 있어요.', 'The app shows the details.'] as const;

/** For businesses without texts of their own, by the phase of the order. */
export const generalTexts: Readonly<Record<string, Exclude<Template, { owner: unknown } | { provider: 'platform' }>>> =
  {
    RECEIVED: {
      customer: texts(
        ['접수', 'Received'],
        ['신청을 받았어요.', 'We have your order.'],
        ['진행되는 대로 알려 드릴게요.', 'We tell you how it goes on.'],
      ),
      provider: texts(
        ['새 신청', 'New order'],
        ['고객의 신청이 들어왔어요.', 'A customer has ordered.'],
        ['앱에서 확인해 주세요.', 'Please see it in the app.'],
      ),
    },
    WAITING: {
      customer: texts(
        ['진행 중', 'Under way'],
        ['신청하신 일을 진행하고 있어요.', 'Your order is under way.'],
        ['결과가 나오면 알려 드릴게요.', 'We tell you the result.'],
      ),
      provider: texts(
        ['진행 중', 'Under way'],
        ['고객의 신청이 진행되고 있어요.', 'The customer’s order is under way.'],
        seeApp,
      ),
    },
    ACTIVE: {
      customer: texts(['확정', 'Confirmed'], ['신청이 확정됐어요.', 'Your order is confirmed.'], seeApp),
      provider: texts(
        ['확정', 'Confirmed'],
        ['고객의 신청이 확정됐어요.', 'The customer’s order is confirmed.'],
        ['준비해 주세요. 자세한 내용은 앱에서 볼 수 있어요.', 'Please prepare for it. The app shows the details.'],
      ),
    },
    DONE: {
      customer: texts(
        ['완료', 'Completed'],
        ['모두 끝났어요. 이용해 주셔서 고마워요.', 'Your order is completed. Thank you.'],
        seeApp,
      ),
      provider: texts(
        ['완료', 'Completed'],
        ['고객의 신청이 완료됐어요.', 'The customer’s order is completed.'],
        seeApp,
      ),
    },
    REJECTED: {
      customer: texts(
        ['진행 불가', 'Not possible'],
        ['신청을 진행할 수 없게 됐어요.', 'Your order is not possible.'],
        ['다른 조건으로 다시 신청해 주세요.', 'Please order again in another way.'],
      ),
      provider: texts(
        ['진행 불가', 'Not possible'],
        ['고객의 신청을 진행할 수 없게 됐어요.', 'The customer’s order is not possible.'],
        nothingToDo,
      ),
    },
    FAILED: {
      customer: texts(
        ['결제 실패', 'Payment failed'],
        ['결제되지 않아 신청이 끝났어요.', 'The payment failed, and your order has ended.'],
        ['결제 수단을 확인하고 다시 신청해 주세요.', 'Please check your means of payment and order again.'],
      ),
      provider: texts(
        ['결제 실패', 'Payment failed'],
        ['고객의 결제가 되지 않아 신청이 끝났어요.', 'The customer’s payment failed, and the order has ended.'],
        nothingToDo,
      ),
    },
    CANCELLING: {
      customer: texts(
        ['취소 진행', 'Being cancelled'],
        ['신청을 취소하고 있어요.', 'Your order is being cancelled.'],
        ['취소가 끝나면 알려 드릴게요.', 'We tell you when it is done.'],
      ),
      provider: texts(
        ['취소 진행', 'Being cancelled'],
        ['고객의 신청이 취소되고 있어요.', 'The customer’s order is being cancelled.'],
        ['취소가 끝나면 알려 드릴게요.', 'We tell you when it is done.'],
      ),
    },
    CANCELLED: {
      customer: texts(['취소 완료', 'Cancelled'], ['신청이 취소됐어요.', 'Your order is cancelled.'], seeApp),
      provider: texts(
        ['취소 완료', 'Cancelled'],
        ['고객의 신청이 취소됐어요.', 'The customer’s order is cancelled.'],
        nothingToDo,
      ),
    },
  };

/** For an event without a phase. */
export const newsTexts = {
  customer: texts(['새 소식', 'News'], ['신청하신 일에 새 소식이 있어요.', 'There is news of your order.'], seeApp),
  provider: texts(
    ['새 소식', 'News'],
    ['고객의 신청에 새 소식이 있어요.', 'There is news of the customer’s order.'],
    seeApp,
  ),
};

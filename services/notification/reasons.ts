import type { Language } from './profile.ts';

type Words = Readonly<Record<Language, string>>;

const words = (ko: string, en: string): Words => ({ KO: ko, EN: en });

/** Every reason that an order, a payment or a refused cancellation gives, in the words of people. */
export const reasons: Readonly<Record<string, Words>> = {
  // all
  CANCELLED_BY_STAFF: words('고객센터에서 취소했어요', 'our customer centre cancelled'),
  // lodging
  NIGHTS_TAKEN: words('그 날짜에 이미 다른 예약이 있어요', 'those nights are already booked'),
  DECLINED_BY_HOST: words('호스트가 요청을 거절했어요', 'the host declined the request'),
  NO_ANSWER: words('제때 답이 없었어요', 'there was no answer in time'),
  NO_SUCH_ROOM: words('그 방은 이제 예약받지 않아요', 'the room is no longer offered'),
  CANCELLED_BY_GUEST: words('게스트가 취소했어요', 'the guest cancelled'),
  CANCELLED_BY_HOST: words('호스트가 취소했어요', 'the host cancelled'),
  // tutoring
  REJECTED_BY_ADMIN: words('관리자가 승인하지 않았어요', 'an administrator did not approve it'),
  CANCELLED_BY_BUYER: words('구매자가 취소했어요', 'the buyer cancelled'),
  CANCELLED_BY_SELLER: words('판매자가 취소했어요', 'the seller cancelled'),
  SELLER_ABSENT: words('선생님이 강의에 오지 않았어요', 'the teacher did not come to the lecture'),
  LECTURE_NOT_HELD: words('강의가 열리지 않았어요', 'the lecture was not held'),
  LECTURE_LIVE: words('강의가 이미 시작됐어요', 'the lecture has already begun'),
  LECTURE_ENDED: words('강의가 이미 끝났어요', 'the lecture is already over'),
  PAID_OUT: words('선생님께 이미 정산됐어요', 'the teacher has already been paid'),
  // preorder, rental
  CANCELLED_BY_CUSTOMER: words('고객이 취소했어요', 'the customer cancelled'),
  NOT_DELIVERED: words('90일 안에 설치되지 않았어요', 'it was not installed within 90 days'),
  NOT_RECEIVED: words('제때 보내지거나 찾아가지 않았어요', 'it was neither sent nor picked up in time'),
  EXPIRED: words('제때 접수한 대리점이 없었어요', 'no dealership accepted it in time'),
  DELIVERED: words('이미 배송이 끝났어요', 'it has already been delivered'),
  ALREADY_ACTIVATED: words('이미 개통됐어요', 'the phone is already activated'),
  OUT_OF_STOCK: words('재고가 없어요', 'it is out of stock'),
  NO_SUCH_PRODUCT: words('그 상품은 이제 판매하지 않아요', 'the product is no longer sold'),
  // seating
  SEAT_TAKEN: words('그 시간에 다른 사람이 좌석을 쓰고 있어요', 'the seat is taken at that time'),
  SEAT_BLOCKED: words('카페에서 그 좌석을 닫아 두었어요', 'the cafe has closed the seat at that time'),
  TIME_PASSED: words('이용 시간이 이미 시작됐어요', 'the time has already begun'),
  NO_SUCH_SEAT: words('그 좌석은 이제 없어요', 'the seat no longer exists'),
  // payment
  NOT_HELD: words('이용 시간 전에 좌석을 확보하지 못했어요', 'the seat was not held before its time'),
  NOT_REGISTERED: words(
    '이용 시간이 끝날 때까지 좌석이 등록되지 않았어요',
    'the seat was not registered before its time was over',
  ),
  PAYMENT_TIMEOUT: words('제때 결제되지 않았어요', 'it was not paid in time'),
  VOIDED: words('결제 전에 취소됐어요', 'the payment was called off before it was made'),
  DECLINED: words('카드사가 결제를 거절했어요', 'the card issuer declined the payment'),
  FAILED: words('결제가 되지 않았어요', 'the payment failed'),
  CARD_DECLINED: words('카드사가 결제를 거절했어요', 'the card was declined'),
  GENERIC_DECLINE: words('카드사가 결제를 거절했어요', 'the card was declined'),
  DO_NOT_HONOR: words('카드사가 결제를 거절했어요', 'the card was declined'),
  TOO_MANY_DECLINES: words('결제가 여러 번 거절돼서 잠시 막았어요', 'too many payments were declined in a short time'),
  UNKNOWN_PAYMENT_METHOD: words('고른 카드가 지워져서 결제할 수 없어요', 'the chosen card had been removed'),
  NO_PAYMENT_METHOD: words('등록된 카드가 없어요', 'there was no card to pay with'),
  INSUFFICIENT_FUNDS: words('잔액이나 한도가 부족해요', 'there is not enough money on the card'),
  EXPIRED_CARD: words('카드의 유효 기간이 지났어요', 'the card has expired'),
  INCORRECT_CVC: words('카드 보안 코드가 맞지 않아요', 'the card’s security code is wrong'),
  INCORRECT_NUMBER: words('카드 번호가 맞지 않아요', 'the card number is wrong'),
  LOST_CARD: words('쓸 수 없는 카드예요', 'the card cannot be used'),
  STOLEN_CARD: words('쓸 수 없는 카드예요', 'the card cannot be used'),
  AUTHENTICATION_REQUIRED: words('본인 인증이 끝나지 않았어요', 'the card holder did not confirm the payment'),
  PROCESSING_ERROR: words('카드사가 결제를 처리하지 못했어요', 'the card issuer could not process the payment'),
  AMOUNT_TOO_SMALL: words('결제하기에는 금액이 너무 적어요', 'the amount is too small to be paid'),
  PAYMENT_METHOD_UNACTIVATED: words('그 결제 수단은 쓸 수 없어요', 'this means of payment is not available'),
};

const unknown = words('자세한 사유는 앱의 주문 내역에서 볼 수 있어요', 'the order in the app says why');

/** Never a code: a reason that nobody wrote words for refers to the app. Empty without a reason. */
export const reasonWords = (reason: string, language: Language): string =>
  reason ? (reasons[reason] ?? unknown)[language] : '';

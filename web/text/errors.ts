import type { Language } from './language.ts';

type Both = Readonly<Record<Language, string>>;
const said = (ko: string, en: string): Both => ({ ko, en });

/**
 * A sentence for each reason that a customer can meet: what was not done, and what to do. A test compares it with the contract
 * (tests/web/texts.test.ts), so that no reason is forgotten.
 */
export const errorTexts: Readonly<Record<string, Both>> = {
  // Every call.
  MALFORMED: said(
    '요청을 읽지 못했어요. 화면을 새로 열고 다시 해 주세요.',
    'The request could not be read. Please open the page again.',
  ),
  INVALID_FIELDS: said('적은 내용을 다시 확인해 주세요.', 'Please check what you entered.'),
  UNAUTHENTICATED: said('다시 로그인해 주세요.', 'Please sign in again.'),
  PERMISSION_DENIED: said('이 계정으로는 할 수 없는 일이에요.', 'This account may not do that.'),
  NOT_FOUND: said(
    '찾지 못했어요. 없어졌거나 다른 사람의 것이에요.',
    'Not found. It is gone, or belongs to somebody else.',
  ),
  RATE_LIMITED: said(
    '요청이 많았어요. 잠시 뒤에 다시 해 주세요.',
    'There were too many requests. Please try again shortly.',
  ),
  UNAVAILABLE: said(
    '지금은 답을 받지 못했어요. 잠시 뒤에 다시 해 주세요.',
    'No answer at the moment. Please try again shortly.',
  ),
  OVERLOADED: said(
    '지금 찾는 사람이 많아요. 잠시 뒤에 다시 해 주세요.',
    'Many people are here right now. Please try again shortly.',
  ),
  SHUTTING_DOWN: said(
    '잠깐 점검하고 있어요. 곧 다시 돼요.',
    'A short restart is under way. It will work again in a moment.',
  ),
  CLOCK_SKEW: said(
    '지금은 처리하지 못해요. 잠시 뒤에 다시 해 주세요.',
    'This does not work right now. Please try again shortly.',
  ),
  CONTENDED: said(
    '동시에 바뀌고 있어요. 잠시 뒤에 다시 해 주세요.',
    'It is changing at the same moment. Please try again shortly.',
  ),
  DEADLINE_EXCEEDED: said(
    '답이 늦어지고 있어요. 다시 눌러도 두 번 처리되지 않아요.',
    'The answer is late. Pressing again does nothing twice.',
  ),
  REQUEST_TIMEOUT: said(
    '보내는 데 너무 오래 걸렸어요. 인터넷 연결을 확인해 주세요.',
    'Sending took too long. Please check your connection.',
  ),
  INTERNAL: said('처리하지 못했어요. 잠시 뒤에 다시 해 주세요.', 'That did not work. Please try again shortly.'),
  BAD_GATEWAY: said(
    '지금은 답을 받지 못했어요. 잠시 뒤에 다시 해 주세요.',
    'No answer at the moment. Please try again shortly.',
  ),
  METHOD_NOT_ALLOWED: said(
    '이 화면에서는 할 수 없는 일이에요. 새로 열어 주세요.',
    'This page cannot do that. Please open it again.',
  ),
  BODY_TOO_LARGE: said('적은 내용이 너무 길어요. 줄여 주세요.', 'What you entered is too long. Please shorten it.'),
  REQUEST_TOO_LARGE: said('적은 내용이 너무 길어요. 줄여 주세요.', 'What you entered is too long. Please shorten it.'),
  HEADERS_TOO_LARGE: said(
    '요청을 읽지 못했어요. 화면을 새로 열어 주세요.',
    'The request could not be read. Please open the page again.',
  ),
  UNSUPPORTED_MEDIA_TYPE: said(
    '요청을 읽지 못했어요. 화면을 새로 열어 주세요.',
    'The request could not be read. Please open the page again.',
  ),
  UNKNOWN_HOST: said('주소를 다시 확인해 주세요.', 'Please check the address.'),
  IDEMPOTENCY_KEY_IN_USE: said(
    '처음 누른 것을 처리하고 있어요. 잠시만 기다려 주세요.',
    'Your first press is being worked on. One moment, please.',
  ),
  IDEMPOTENCY_KEY_REUSED: said(
    '내용이 바뀌었어요. 다시 확인하고 눌러 주세요.',
    'Something was changed. Please check and press again.',
  ),
  INVALID_IDEMPOTENCY_KEY: said(
    '요청을 읽지 못했어요. 화면을 새로 열어 주세요.',
    'The request could not be read. Please open the page again.',
  ),
  TOKEN_EXPIRED: said(
    '로그인한 지 오래됐어요. 다시 로그인해 주세요.',
    'You signed in a while ago. Please sign in again.',
  ),
  TOO_MANY_STREAMS: said(
    '열어 둔 화면이 너무 많아요. 몇 개 닫아 주세요.',
    'Too many pages are open. Please close some.',
  ),
  STREAM_TOO_OLD: said('오래 열어 두어서 다시 연결해요.', 'Open for long; connecting again.'),
  // Orders.
  PRICE_CHANGED: said(
    '그 사이 가격이 바뀌었어요. 예약도 결제도 되지 않았어요.',
    'The price has changed. Nothing was booked or charged.',
  ),
  VERIFY_FIRST: said(
    '이메일을 먼저 확인해 주세요. 메일에 있는 링크를 열면 돼요. 메일이 없으면 내 정보에서 다시 받을 수 있어요.',
    'Please verify your e-mail address first, by the link in our mail. On the page My account you can get another one.',
  ),
  TOO_MANY_HOLDS: said(
    '아직 결제하지 않은 예약이 많아요. 하나를 결제하거나 취소해 주세요.',
    'Too many bookings are unpaid. Please pay or cancel one first.',
  ),
  TOO_MANY_WAITING: said(
    '승인을 기다리는 수업이 많아요. 승인되거나 하나를 거둔 뒤에 다시 해 주세요.',
    'Too many of your lessons wait for approval. Please wait, or withdraw one first.',
  ),
  NOT_CANCELLABLE: said('이미 끝났거나 시작돼서 취소할 수 없어요.', 'It has ended or begun, and cannot be cancelled.'),
  TEXT_REQUIRED: said('취소하는 까닭을 적어 주세요.', 'Please say why it is cancelled.'),
  NOT_PENDING: said('기다리고 있는 결제가 없어요.', 'No payment is waiting.'),
  NOT_DECLINED: said(
    '먼저 고른 카드로 결제하고 있어요. 거절되면 다른 카드를 고를 수 있어요.',
    'Another card is being charged. If that is declined, you can choose a further one.',
  ),
  TOO_MANY_CARDS_TRIED: said(
    '카드가 다섯 번 거절돼서 이 주문은 더 결제할 수 없어요. 처음부터 다시 예약해 주세요.',
    'Cards were declined five times, so this order can no longer be paid. Please order again.',
  ),
  NOT_PAYER: said('결제하는 사람만 카드를 고를 수 있어요.', 'Only who pays can choose the card.'),
  OUT_OF_STOCK: said(
    '재고가 없어요. 신청된 것도, 나간 돈도 없어요.',
    'It is out of stock. Nothing was ordered or charged.',
  ),
  NIGHTS_TAKEN: said(
    '그 날짜는 방금 예약됐어요. 나간 돈은 없어요.',
    'Those nights were just booked. Nothing was charged.',
  ),
  SEAT_TAKEN: said('그 자리는 방금 다른 사람이 골랐어요.', 'Somebody has just taken that seat.'),
  PAYMENT_DECLINED: said(
    '카드사가 결제를 거절했어요. 신청되지 않았어요.',
    'The card was declined. Nothing was ordered.',
  ),
  TOO_MANY_DECLINES: said(
    '결제가 여러 번 거절됐어요. 10분 뒤에 다시 시도해 주세요. 나간 돈은 없어요.',
    'Too many payments were declined. Try again in ten minutes. Nothing was charged.',
  ),
  PAYMENT_UNDONE: said(
    '결제가 오래 걸려서 되돌렸어요. 나간 돈은 없어요.',
    'Payment took too long and was undone. You were not charged.',
  ),
  TOO_MANY_CARDS: said(
    '카드는 10장까지 등록할 수 있어요. 한 장을 지우고 다시 해 주세요.',
    'You can have ten cards. Please remove one first.',
  ),
  UNKNOWN_TOKEN: said(
    '등록할 수 없는 카드예요. 다른 카드를 골라 주세요.',
    'This card cannot be added. Please choose another one.',
  ),
  CARDS_NOT_KEPT: said('지금은 카드를 등록할 수 없어요.', 'Cards cannot be added at the moment.'),
  PROVIDER_UNREACHABLE: said(
    '결제 서비스가 응답하지 않아요. 잠시 뒤에 다시 해 주세요.',
    'The payment provider does not answer. Please try again shortly.',
  ),
  UNKNOWN_PAYMENT_METHOD: said(
    '고른 카드를 찾을 수 없어요. 다른 카드를 골라 주세요.',
    'The chosen card is not there any more. Please choose another one.',
  ),
  NO_PAYMENT_METHOD: said('결제할 카드를 먼저 등록해 주세요.', 'Please add a card first.'),
  NOT_ON_SALE: said('지금은 판매하지 않아요.', 'It is not on sale now.'),
  START_TIME_TAKEN: said('그 시간은 방금 다른 사람이 예약했어요.', 'Somebody has just taken that time.'),
  OVERLAPS_OWN: said('같은 시간에 다른 수업을 예약해 두었어요.', 'You have another lesson at that time.'),
  OWN_LESSON: said('내가 여는 수업은 살 수 없어요.', 'You cannot buy your own lesson.'),
  // Lectures.
  TOO_EARLY: said('강의실은 시작 10분 전에 열려요.', 'The room opens ten minutes before the start.'),
  LECTURE_NOT_STARTED: said('강의가 아직 시작되지 않았어요.', 'The lecture has not started yet.'),
  NOT_LIVE: said('지금 진행 중인 강의가 아니에요.', 'This lecture is not live now.'),
  NOT_THE_SELLER: said('강의는 선생님만 끝낼 수 있어요.', 'Only the teacher can end the lecture.'),
  LECTURE_OVER: said('강의가 끝났거나 취소됐어요.', 'The lecture is over or was cancelled.'),
  SESSION_OVER: said('다른 곳에서 들어와서 여기는 끊겼어요.', 'You joined elsewhere, so this one ended.'),
  PEER_GONE: said('상대방이 나갔어요.', 'The other person has left.'),
  SIGNALS_MISSED: said(
    '연결이 끊겼던 사이를 놓쳐서 다시 들어가요.',
    'Something was missed while disconnected; joining again.',
  ),
  // Accounts.
  SIGN_IN_AGAIN: said('안전을 위해 다시 로그인해 주세요.', 'For your safety, please sign in again.'),
  SUSPENDED: said('이용이 정지된 계정이에요.', 'This account is suspended.'),
  WRONG_PASSWORD: said(
    '지금 비밀번호가 달라요. 다시 확인해 주세요.',
    'The current password is wrong. Please check it.',
  ),
  NO_PASSWORD: said('이 계정에는 비밀번호가 없어요.', 'This account has no password.'),
  PASSWORD_COMMON: said(
    '너무 흔한 비밀번호예요. 다른 비밀번호를 적어 주세요.',
    'This password is too common. Please choose another one.',
  ),
  // Contact data.
  TOO_MANY_CODES: said(
    '인증 번호를 너무 많이 보냈어요. 나중에 다시 해 주세요.',
    'Too many codes were sent. Please try again later.',
  ),
  CODES_USED_UP: said(
    '오늘은 문자로 인증 번호를 더 보낼 수 없어요. 내일 다시 하거나 이메일을 인증해 주세요.',
    'No more codes can be sent by text today. Please try again tomorrow, or verify an e-mail address.',
  ),
  COUNTRY_NOT_SERVED: said(
    '그 나라 전화번호로는 문자를 보내지 않아요. 국내 번호나 이메일을 적어 주세요.',
    'No texts are sent to numbers of that country. Please enter a local number, or an e-mail address.',
  ),
  NOTHING_TO_VERIFY: said('인증할 연락처가 없어요.', 'There is no contact to verify.'),
  CODE_EXPIRED: said('인증 번호가 지났어요. 새로 받아 주세요.', 'The code has expired. Please get a new one.'),
  WRONG_CODE: said('인증 번호가 달라요. 다시 확인해 주세요.', 'The code is wrong. Please check it.'),
  TOO_MANY_ATTEMPTS: said('여러 번 틀렸어요. 인증 번호를 새로 받아 주세요.', 'Too many tries. Please get a new code.'),
};

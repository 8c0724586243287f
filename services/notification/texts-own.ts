import type { Instant } from '#kernel/time.ts';
import type { Language } from './profile.ts';
import { whenOf } from './when.ts';

/** Messages that are about no event of an order. */

/** A code that verifies the address it is sent to. */
export const codeText = (code: string, language: Language): string =>
  language === 'KO'
    ? `[Jari] 인증번호 ${code}\n10분 안에 앱에 입력해 주세요. 요청하지 않으셨다면 무시해 주세요.`
    : `[Jari] Your code is ${code}\nPlease enter it in the app within 10 minutes. If you did not ask for it, ignore this message.`;

/** The account to which a seller's payouts go is another one. Its number does not travel by message. */
export const accountChangeText = (changedAt: Instant, language: Language): string =>
  language === 'KO'
    ? `[정산 계좌 변경] 정산받을 계좌가 바뀌었어요.\n일시: ${whenOf({}, changedAt, language)}\n새 계좌로는 바로 보내지 않고 기다려요. 직접 바꾸지 않으셨다면 지금 고객센터에 알려 주세요.`
    : `[Payout account] The account for your payouts was changed.\nWhen: ${whenOf({}, changedAt, language)}\nPayouts wait before they go to the new account. If you did not change it, tell the customer centre now.`;

/** In place of messages that were held back, because too many had left within the hour. */
export const summaryText = (count: number, language: Language): string =>
  language === 'KO'
    ? `[새 소식 모음] 소식이 ${count}건 더 있어요.\n한 시간에 보낼 수 있는 알림 수를 넘어 모아서 알려 드려요.\n앱의 알림에서 모두 볼 수 있어요.`
    : `[Summary] There ${count === 1 ? 'is 1 more message' : `are ${count} more messages`} for you.\nMore came within an hour than we send one by one.\nYou can read all of them in the app.`;

/** Why a message could not leave, in words. */
export function deliveryReason(reason: string, language: Language): string {
  if (!reason) return '';
  const known = deliveryReasons[reason];
  if (known) return known[language];
  return language === 'KO'
    ? '보내지 못했어요. 앱에서 읽을 수 있어요.'
    : 'It could not be sent. You can read it in the app.';
}

const deliveryReasons: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  NOT_VERIFIED: {
    KO: '인증된 연락처가 없어요. 연락처를 인증해 주세요.',
    EN: 'There is no verified contact. Please verify one.',
  },
  NO_SUCH_NUMBER: {
    KO: '없는 전화번호예요. 전화번호를 확인해 주세요.',
    EN: 'The telephone number does not exist. Please check it.',
  },
  COUNTRY_NOT_SERVED: {
    KO: '그 나라 전화번호로는 문자를 보내지 않아요. 앱에서 읽을 수 있어요.',
    EN: 'No texts are sent to numbers of that country. You can read it in the app.',
  },
  NO_MAIL_SERVER: {
    KO: '메일을 보낼 수 없어요. 앱에서 읽을 수 있어요.',
    EN: 'Mail cannot be sent. You can read it in the app.',
  },
};

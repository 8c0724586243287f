import type { Language } from '#kernel/language.ts';

/** What the pages for a new password and for a verified address say. */
export interface RecoveryTexts {
  forgotWhy: string;
  send: string;
  sent: string;
  sentMore: string;
  toSignIn: string;
  reset: string;
  resetOf(email: string): string;
  newPassword: string;
  save: string;
  changed: string;
  changedMore: string;
  badPassword: string;
  badEmail: string;
  verify: string;
  verifyOf(email: string): string;
  verifyNow: string;
  verified: string;
  verifiedMore: string;
  over: string;
  resetOver: string;
  verifyOver: string;
  askAgain: string;
  notNow: string;
  tooMany: string;
  tooManyMore(minutes: number): string;
}

export const recoveryTexts: Readonly<Record<Language, RecoveryTexts>> = {
  ko: {
    forgotWhy: '가입한 이메일을 적어 주세요. 새 비밀번호를 정하는 링크를 보내 드려요.',
    send: '링크 받기',
    sent: '메일을 확인해 주세요',
    sentMore:
      '그 이메일로 만든 계정이 있으면 링크를 보냈어요. 30분 동안 한 번만 쓸 수 있어요. 오지 않으면 스팸함도 봐 주세요.',
    toSignIn: '로그인으로 돌아가기',
    reset: '새 비밀번호 정하기',
    resetOf: (email) => `${email} 계정의 비밀번호를 바꿔요. 모든 기기에서 로그아웃돼요.`,
    newPassword: '새 비밀번호',
    save: '비밀번호 바꾸기',
    changed: '비밀번호를 바꿨어요',
    changedMore: '새 비밀번호로 로그인해 주세요.',
    badPassword: '비밀번호는 10자 이상 256자까지예요.',
    badEmail: '이메일은 name@example.com처럼 적어 주세요.',
    verify: '이메일 확인하기',
    verifyOf: (email) => `${email} 주소를 쓰시는 게 맞으면 눌러 주세요.`,
    verifyNow: '내 이메일이 맞아요',
    verified: '이메일을 확인했어요',
    verifiedMore: '이제 이 주소는 확인된 주소예요.',
    over: '쓸 수 없는 링크예요',
    resetOver: '이미 썼거나, 30분이 지났거나, 그 뒤에 비밀번호가 바뀌었어요. 링크를 다시 받아 주세요.',
    verifyOver: '기간이 지났거나 주소가 바뀌었어요. 로그인해서 내 정보에서 메일을 다시 받아 주세요.',
    askAgain: '링크 다시 받기',
    notNow: '지금은 처리할 수 없어요',
    tooMany: '요청이 너무 많았어요',
    tooManyMore: (minutes) => `${minutes}분 뒤에 다시 해 주세요. 이미 받은 메일의 링크는 그대로 쓸 수 있어요.`,
  },
  en: {
    forgotWhy: 'Enter the e-mail address of your account. We send a link to set a new password.',
    send: 'Send the link',
    sent: 'Look into your mail',
    sentMore:
      'If there is an account with this address, a link is on its way. It works once, within 30 minutes. Look into the spam folder too.',
    toSignIn: 'Back to sign-in',
    reset: 'Set a new password',
    resetOf: (email) => `For the account of ${email}. All devices are signed out.`,
    newPassword: 'New password',
    save: 'Set password',
    changed: 'Your password is changed',
    changedMore: 'Sign in with the new password.',
    badPassword: 'A password has 10 to 256 characters.',
    badEmail: 'An e-mail address looks like name@example.com.',
    verify: 'Verify your e-mail address',
    verifyOf: (email) => `Press the button if ${email} is yours.`,
    verifyNow: 'This address is mine',
    verified: 'Your e-mail address is verified',
    verifiedMore: 'Nothing more is to be done.',
    over: 'This link cannot be used',
    resetOver: 'It was used, or is older than 30 minutes, or the password was changed since. Ask for another one.',
    verifyOver:
      'It is too old, or the address is another one now. Sign in, and have the mail sent again in your account.',
    askAgain: 'Ask for another link',
    notNow: 'This does not work now',
    tooMany: 'There were too many requests',
    tooManyMore: (minutes) =>
      `Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. A link that you have in your mail still works.`,
  },
};

import { preferredLanguage, type Language } from '#kernel/language.ts';

/** What the sign-in pages say. A sentence that is missing in a language does not compile. */
export interface Texts {
  brand: string;
  promise: readonly [string, string];
  promiseMore: string;
  other: string;
  signIn: string;
  signInWhy: string;
  email: string;
  password: string;
  signInByEmail: string;
  newAccount: string;
  forgot: string;
  signUp: string;
  signUpWhy: string;
  name: string;
  passwordHint: string;
  createAccount: string;
  haveAccount: string;
  agree: string;
  development: string;
  developmentTitle: string;
  developmentWhy: string;
  roles: Readonly<Record<string, string>>;
  registered: string;
  registeredMore: string;
  again: string;
  againMore: string;
  wrong: string;
  wrongMore(left: number): string;
  suspended: string;
  tooMany: string;
  tooManyMore(minutes: number): string;
  common: string;
  commonMore: string;
  malformed: string;
  malformedMore: string;
  stale: string;
  staleMore: string;
  down: string;
  downMore: string;
  invitation(role: string): string;
  invitationWhy: string;
  invitationAs(name: string): string;
  accept: string;
  accepted(role: string): string;
  acceptedMore: string;
  notNow: string;
  notNowMore: string;
  invitationOver: string;
  invitationOverMore: string;
  signedIn(name: string): string;
  signedInMore: string;
  signOut: string;
  goOn: string;
}

export const texts: Readonly<Record<Language, Texts>> = {
  ko: {
    brand: '자리',
    promise: ['받은 예약은', '잃어버리지 않아요'],
    promiseMore: '두 번 결제되지 않고, 두 번 팔리지 않아요.',
    other: 'English',
    signIn: '로그인',
    signInWhy: '내 예약을 보려면 로그인해 주세요.',
    email: '이메일',
    password: '비밀번호',
    signInByEmail: '이메일로 로그인',
    newAccount: '새 계정 만들기',
    forgot: '비밀번호를 잊으셨나요?',
    signUp: '새 계정 만들기',
    signUpWhy: '이메일과 비밀번호만 있으면 돼요.',
    name: '이름',
    passwordHint: '10자 이상이면 돼요. 흔한 비밀번호는 쓸 수 없어요.',
    createAccount: '계정 만들기',
    haveAccount: '이미 계정이 있어요',
    agree: '만 14세 이상이고, 이용약관과 개인정보 수집·이용에 동의해요',
    development: '개발용',
    developmentTitle: '눌러서 바로 들어가기',
    developmentWhy: '운영 환경에는 나오지 않아요.',
    roles: {
      customer: '손님',
      host: '호스트',
      seller: '선생님',
      dealer: '대리점',
      courier: '기사',
      agent: '상담원',
      admin: '관리자',
    },
    registered: '이제 로그인해 주세요',
    registeredMore: '방금 적은 이메일과 비밀번호로 들어올 수 있어요. 전에 만든 계정이 있다면 그 비밀번호를 써 주세요.',
    again: '한 번 더 로그인해 주세요',
    againMore: '중요한 것을 바꾸기 전에 본인인지 확인해요. 로그인하면 보던 화면으로 돌아가요.',
    wrong: '이메일이나 비밀번호가 맞지 않아요',
    wrongMore: (left) =>
      left > 0 ? `다시 확인해 주세요. ${left}번 더 틀리면 5분 뒤에 할 수 있어요.` : '5분 뒤에 다시 할 수 있어요.',
    suspended: '이용이 정지된 계정이에요',
    tooMany: '지금은 로그인할 수 없어요',
    tooManyMore: (minutes) => `여러 번 틀려서 잠시 멈췄어요. ${minutes}분 뒤에 다시 해 주세요.`,
    common: '너무 흔한 비밀번호예요',
    commonMore: '다른 사람이 맞히기 쉬워요. 다른 비밀번호를 적어 주세요.',
    malformed: '빈 곳이나 맞지 않는 곳이 있어요',
    malformedMore: '이메일은 name@example.com처럼, 비밀번호는 10자 이상, 이름은 50자까지예요.',
    stale: '화면이 오래됐어요',
    staleMore: '다시 한번 눌러 주세요. 아직 아무 일도 일어나지 않았어요.',
    down: '지금은 로그인할 수 없어요',
    downMore: '잠시 뒤에 다시 해 주세요. 받은 예약은 그대로 있어요.',
    invitation: (role) => `${role} 초대`,
    invitationWhy: '로그인하거나 새 계정을 만들면 초대를 수락할 수 있어요. 링크는 한 번만 쓸 수 있어요.',
    invitationAs: (name) => `${name}님 계정으로 수락해요.`,
    accept: '초대 수락하기',
    accepted: (role) => `이제 ${role} 권한이 있어요`,
    acceptedMore: '이 주소는 더 이상 쓸 수 없어요.',
    notNow: '지금은 초대를 수락할 수 없어요',
    notNowMore: '잠시 뒤에 다시 눌러 주세요.',
    invitationOver: '쓸 수 없는 초대예요',
    invitationOverMore: '이미 썼거나, 취소됐거나, 기간이 지났어요. 초대한 분께 다시 요청해 주세요.',
    signedIn: (name) => `${name}님, 로그인되어 있어요`,
    signedInMore: '다른 계정으로 들어오려면 먼저 로그아웃해 주세요.',
    signOut: '로그아웃',
    goOn: '이어서 보기',
  },
  en: {
    brand: 'Jari',
    promise: ['An accepted booking', 'is never lost'],
    promiseMore: 'Never charged twice, never sold twice.',
    other: '한국어',
    signIn: 'Sign in',
    signInWhy: 'Sign in to see your bookings.',
    email: 'E-mail',
    password: 'Password',
    signInByEmail: 'Sign in by e-mail',
    newAccount: 'Create an account',
    forgot: 'Forgot your password?',
    signUp: 'Create an account',
    signUpWhy: 'An e-mail address and a password are enough.',
    name: 'Name',
    passwordHint: 'At least 10 characters, and not a common password.',
    createAccount: 'Create account',
    haveAccount: 'I have an account',
    agree: 'I am 14 or older, and agree to the terms and the use of my data',
    development: 'Development',
    developmentTitle: 'Sign in with one click',
    developmentWhy: 'Never shown in production.',
    roles: {
      customer: 'Customer',
      host: 'Host',
      seller: 'Tutor',
      dealer: 'Dealer',
      courier: 'Courier',
      agent: 'Agent',
      admin: 'Administrator',
    },
    registered: 'Sign in now',
    registeredMore:
      'Use the e-mail address and the password that you have just entered. If you had an account before, use its password.',
    again: 'Sign in once more',
    againMore: 'Before something important changes, we make sure that it is you. Then you are back where you were.',
    wrong: 'The e-mail address or the password is wrong',
    wrongMore: (left) =>
      left > 0
        ? `Check both. ${left === 1 ? 'One more wrong attempt means' : `${left} more wrong attempts mean`} a wait of 5 minutes.`
        : 'You can try again in 5 minutes.',
    suspended: 'This account is suspended',
    tooMany: 'You cannot sign in now',
    tooManyMore: (minutes) =>
      `There were too many wrong attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    common: 'This password is too common',
    commonMore: 'Others can guess it easily. Choose another one.',
    malformed: 'Something is missing or not right',
    malformedMore:
      'An e-mail address looks like name@example.com, a password has 10 characters or more, a name at most 50.',
    stale: 'This page is too old',
    staleMore: 'Press the button once more. Nothing has happened yet.',
    down: 'You cannot sign in now',
    downMore: 'Try again in a moment. Accepted bookings are safe.',
    invitation: (role) => `Invitation: ${role}`,
    invitationWhy: 'Sign in or create an account to accept it. It works once.',
    invitationAs: (name) => `You accept it as ${name}.`,
    accept: 'Accept',
    accepted: (role) => `Your account is set up: ${role}`,
    acceptedMore: 'This address cannot be used again.',
    notNow: 'The invitation could not be accepted now',
    notNowMore: 'Press the button again in a moment.',
    invitationOver: 'This invitation cannot be used',
    invitationOverMore: 'It was used or withdrawn, or is too old. Ask whoever invited you for a new one.',
    signedIn: (name) => `${name}, you are signed in`,
    signedInMore: 'Sign out first to use another account.',
    signOut: 'Sign out',
    goOn: 'Go on',
  },
};

/** By `?lang=`, else by what the browser prefers, else Korean. */
export function pageLanguageOf(asked: string | undefined, acceptLanguage: string | undefined): Language {
  if (asked === 'ko' || asked === 'en') return asked;
  return preferredLanguage(acceptLanguage) ?? 'ko';
}

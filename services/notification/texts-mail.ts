import type { Instant } from '#kernel/time.ts';
import type { IdentityMail } from './mail.ts';
import type { Language } from './profile.ts';
import { whenOf } from './when.ts';

type Written = Pick<IdentityMail, 'kind' | 'link' | 'role' | 'language' | 'expires'>;

/** The mails of identity. `link` is as people open it. */
export function mailText({ kind, link, role, language, expires }: Written): string {
  switch (kind) {
    case 'invitation':
      return invitationText({ role, link, expires }, language);
    case 'reset':
      return resetText({ link, expires }, language);
    case 'verification':
      return verificationText({ link, expires }, language);
    case 'password-changed':
      return passwordChangedText(link, language);
  }
}

/** Somebody is invited to a role, and need not be known here. */
const invitationText = (
  { role, link, expires }: { role: string; link: string; expires: Instant },
  language: Language,
): string => {
  const named = roleNames[role]?.[language] ?? role;
  const until = whenOf({}, expires, language);
  return language === 'KO'
    ? `[자리] ${named}로 초대받았어요.\n아래 주소를 열고 로그인하거나 계정을 만들면 시작할 수 있어요. 한 번만 쓸 수 있어요.\n${link}\n${until}까지 열 수 있어요. 모르는 일이라면 무시해 주세요.`
    : `[Jari] You are invited as ${named}.\nOpen the address below, then sign in or create an account. It works once.\n${link}\nIt is good until ${until}. If you do not know why, ignore this message.`;
};

const roleNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  dealer: { KO: '대리점 담당자', EN: 'a dealer' },
  courier: { KO: '기사', EN: 'a courier' },
  agent: { KO: '상담원', EN: 'an agent' },
  admin: { KO: '관리자', EN: 'an administrator' },
};

const resetText = ({ link, expires }: { link: string; expires: Instant }, language: Language): string => {
  const until = whenOf({}, expires, language);
  return language === 'KO'
    ? `[자리] 새 비밀번호를 정해 주세요.\n아래 주소를 열면 새 비밀번호를 정할 수 있어요. 한 번만 쓸 수 있어요.\n${link}\n${until}까지 열 수 있어요. 요청하지 않으셨다면 무시해 주세요. 비밀번호는 그대로예요.`
    : `[Jari] Set a new password.\nOpen the address below to set it. It works once.\n${link}\nIt is good until ${until}. If you did not ask for it, ignore this message: your password stays as it is.`;
};

const verificationText = ({ link, expires }: { link: string; expires: Instant }, language: Language): string => {
  const until = whenOf({}, expires, language);
  return language === 'KO'
    ? `[자리] 이메일 주소를 확인해 주세요.\n아래 주소를 열고 버튼을 누르면 확인이 끝나요.\n${link}\n${until}까지 열 수 있어요. 계정을 만들지 않으셨다면 무시해 주세요.`
    : `[Jari] Verify your e-mail address.\nOpen the address below and press the button.\n${link}\nIt is good until ${until}. If you did not create an account, ignore this message.`;
};

const passwordChangedText = (link: string, language: Language): string =>
  language === 'KO'
    ? `[자리] 비밀번호가 바뀌었어요.\n다른 기기에서는 모두 로그아웃했어요. 새 비밀번호로 다시 로그인해 주세요.\n직접 바꾸지 않으셨다면 지금 아래에서 새 비밀번호를 정하고, 고객센터에 알려 주세요.\n${link}`
    : `[Jari] Your password was changed.\nAll other devices were signed out. Sign in there with the new password.\nIf you did not change it, set a new password at the address below now, and tell the customer centre.\n${link}`;

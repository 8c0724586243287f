import { afterAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { openMailbox } from '../system/kit/mailbox.ts';
import { axeProblems, overflow, pairedViews, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// A forgotten password and a new address, in a real browser, by the keyboard and real mails.

const starts = 90_000;
const mailbox = await openMailbox();
afterAll(() => mailbox.close());
const [password, better] = ['a good long password', 'an even longer password'];

const said = {
  ko: {
    ...{ agree: /동의해요/, create: '계정 만들기', forgot: '비밀번호를 잊으셨나요?', send: '링크 받기' },
    ...{ sent: '메일을 확인해 주세요', save: '비밀번호 바꾸기', changed: '비밀번호를 바꿨어요', account: '내 정보' },
    ...{ again: '확인 메일 다시 받기', onItsWay: '메일을 보냈어요', mine: '내 이메일이 맞아요', verified: '확인됨' },
    ...{ isVerified: '이메일을 확인했어요', over: '쓸 수 없는 링크예요' },
  },
  en: {
    ...{ agree: /agree/, create: 'Create account', forgot: 'Forgot your password?', send: 'Send the link' },
    ...{ sent: 'Look into your mail', save: 'Set password', changed: 'Your password is changed' },
    ...{ account: 'My account', again: 'Send the mail again', onItsWay: 'The mail is on its way' },
    ...{ mine: 'This address is mine', verified: 'Verified', isVerified: 'Your e-mail address is verified' },
    ...{ over: 'This link cannot be used' },
  },
} as const;

describeInBrowser('An account whose password is forgotten', () => {
  let jari: Embedded;
  let browser: Browser;
  withBrowser(
    (...started) => ([jari, browser] = started),
    { SMTP_URL: mailbox.url, JARI_SIGN_INS_PER_ADDRESS: '0', JARI_MAIL_RECOVERY: '1000' },
    ['payment', 'identity', 'notification'],
  );

  const looksRight = async (page: Page): Promise<void> => {
    expect(await axeProblems(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  };
  /** Fills the field that has the focus, and sends the form. */
  const enter = async (page: Page, id: string, text: string): Promise<void> => {
    await page.locator(`#${id}`).focus();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  test.each(pairedViews)(
    'is used again after a mail, and its address is verified (I1, W1): $language, $theme, $width',
    async (as: View) => {
      const words = said[as.language];
      const email = `haneul-${Date.now()}@example.com`;
      const { context, page, problems } = await visitor(browser, as);
      await page.goto(`${jari.rest}/auth/register?return_to=/account`);
      await page.locator('#name').fill('김하늘');
      await page.locator('#email').fill(email);
      await page.locator('#password').fill(password);
      await page.getByLabel(words.agree).check();
      await page.getByRole('button', { name: words.create }).click();

      await page.getByRole('link', { name: words.forgot }).focus();
      await page.keyboard.press('Enter');
      await heading(page, words.forgot);
      await looksRight(page);
      const known = mailbox.mailsTo(email).length;
      await enter(page, 'email', email);
      await page.getByText(words.sent).waitFor();
      await looksRight(page);
      const reset = await mailbox.linkTo(email, '/auth/reset', known);
      await page.goto(jari.rest + reset);
      await page.getByRole('button', { name: words.save }).waitFor();
      await looksRight(page);
      await enter(page, 'password', better);
      await page.getByText(words.changed).waitFor();
      await page.goto(jari.rest + reset);
      await heading(page, words.over);
      await looksRight(page);

      await page.goto(`${jari.rest}/auth/login?return_to=/account`);
      await page.locator('#email').fill(email);
      await enter(page, 'password', better);
      await heading(page, words.account);
      // The link has verified the address. It is taken back, to see the other way.
      await page.getByText(email).waitFor();
      await page.getByText(words.verified, { exact: true }).waitFor();
      await jari.rows(
        'identity',
        `update person set state = jsonb_set(state, '{account,emailVerified}', 'false') where state #>> '{account,name}' = '김하늘'`,
      );
      await page.reload();
      const before = mailbox.mailsTo(email).length;
      await page.getByRole('button', { name: words.again }).focus();
      await page.keyboard.press('Enter');
      await page.getByText(words.onItsWay).waitFor();
      await looksRight(page);
      await page.goto(jari.rest + (await mailbox.linkTo(email, '/auth/verify', before)));
      await page.getByRole('button', { name: words.mine }).waitFor();
      await looksRight(page);
      await page.getByRole('button', { name: words.mine }).focus();
      await page.keyboard.press('Enter');
      await heading(page, words.isVerified);
      await looksRight(page);
      await page.goto(`${jari.rest}/account`);
      await page.getByText(words.verified, { exact: true }).waitFor();
      expect(problems.filter((each) => !each.includes('404'))).toEqual([]);
      await context.close();
    },
    starts,
  );
});

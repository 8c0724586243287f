import { expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { axeProblems, open, overflow, pairedViews, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// One's account, in a real browser: who one is, what one pays with, where one is signed in.

const starts = 90_000;
const view: View = { language: 'ko', theme: 'light', width: 1280 };

describeInBrowser('The account page', () => {
  let jari: Embedded;
  let browser: Browser;
  withBrowser((...started) => ([jari, browser] = started), {}, ['payment', 'identity', 'notification']);

  /** A browser in which a sample person is signed in, on their account page. */
  async function account(name: string, as: View = view): Promise<{ context: BrowserContext; page: Page }> {
    const visit = await visitor(browser, as);
    await visit.page.goto(`${jari.rest}/auth/login?return_to=/account`);
    await visit.page.locator(`button[value=${name}]`).click();
    await visit.page
      .getByRole('heading', { level: 2, exact: true, name: as.language === 'ko' ? '카드' : 'Cards' })
      .waitFor();
    return visit;
  }
  const cardsOf = (page: Page) => page.getByRole('list', { name: '카드' }).getByRole('listitem');
  const said = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();

  test(
    'cards are added, one becomes the default and one is removed, by the keyboard alone (B5)',
    async () => {
      const { context, page } = await account('guest');
      await cardsOf(page).first().waitFor();
      expect(await cardsOf(page).allTextContents()).toEqual([expect.stringMatching(/^Visa •••• 4242기본 카드/)]);
      await page.getByRole('button', { name: '카드 등록' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('radio', { name: /^Visa/ }).focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('dialog').getByRole('button', { name: '카드 등록' }).focus();
      await page.keyboard.press('Enter');
      await said(page, '카드를 등록했어요.');
      expect((await cardsOf(page).allTextContents()).map((text) => text.slice(0, 15))).toEqual([
        'Mastercard ••••',
        'Visa •••• 4242기',
      ]);
      await page.getByRole('button', { name: 'Mastercard •••• 4444 기본으로 쓰기' }).focus();
      await page.keyboard.press('Enter');
      await said(page, '기본 카드를 바꿨어요.');
      await cardsOf(page).first().getByText('기본 카드').waitFor();
      await page.getByRole('button', { name: 'Mastercard •••• 4444 지우기' }).focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('alertdialog', { name: '이 카드를 지울까요?' });
      await dialog.getByText('Mastercard •••• 4444').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await said(page, '카드를 지웠어요.');
      expect(await cardsOf(page).allTextContents()).toEqual([expect.stringMatching(/^Visa •••• 4242기본 카드/)]);
      await context.close();
    },
    starts,
  );

  test(
    'a name and a language are kept, and the page speaks it at once',
    async () => {
      const { context, page } = await account('buyer');
      await page.getByLabel('이름').fill('오세린 Serin');
      await page.getByText('English', { exact: true }).click();
      await page.getByRole('button', { name: '저장' }).click();
      await page.getByRole('heading', { level: 1, name: 'My account' }).waitFor();
      await page.getByRole('banner').getByRole('link', { name: 'My account: 오세린 Serin' }).waitFor();
      await page.reload();
      expect(await page.getByLabel('Name').inputValue()).toBe('오세린 Serin');
      const messages = await page.evaluate<{ language: string; phoneVerified: boolean }>(
        "fetch('/v1/profile').then((answer) => answer.json())",
      );
      expect(messages).toMatchObject({ language: 'EN', phoneVerified: true });
      await context.close();
    },
    starts,
  );

  test(
    'other devices are signed out, one or all, and this one by itself (I3)',
    async () => {
      const others = [await account('customer'), await account('customer'), await account('customer')];
      const { context, page } = await account('customer');
      const devices = page.getByRole('list', { name: '로그인한 기기' }).getByRole('listitem');
      await devices.nth(3).waitFor();
      expect(await devices.first().textContent()).toMatch(/^Chrome · Linux지금 이 기기/);
      await devices.nth(1).getByRole('button').click();
      await said(page, '그 기기를 로그아웃했어요.');
      await devices.nth(3).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: '다른 기기 모두 로그아웃' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: '다른 기기 모두 로그아웃' }).click();
      await said(page, '다른 기기를 모두 로그아웃했어요.');
      await devices.nth(1).waitFor({ state: 'detached' });
      expect(await devices.count()).toBe(1);
      await page.getByRole('main').getByRole('button', { name: '로그아웃' }).click();
      await page.getByRole('link', { name: '로그인' }).waitFor();
      await open(page, `${jari.rest}/account`);
      await page.getByRole('heading', { level: 1, name: '로그인하면 볼 수 있어요' }).waitFor();
      for (const each of [...others, { context }]) await each.context.close();
    },
    starts,
  );

  test(
    'while payment gives no answer, the cards say so and the rest is there; then they come',
    async () => {
      const { context, page } = await account('host');
      await page.route('**/v1/payment-methods', (route) => route.fulfill({ status: 403, body: '{}' }));
      await page.reload();
      await page.getByRole('alert').getByRole('button').waitFor();
      await page.getByLabel('이름').waitFor();
      await page.unroute('**/v1/payment-methods');
      await page.getByRole('alert').getByRole('button').click();
      await page.getByRole('heading', { name: '등록한 카드가 없어요' }).waitFor();
      await page.getByText('첫 예약을 할 때 시험용 카드가 저절로 등록돼요').waitFor();
      await context.close();
    },
    starts,
  );

  test.each(pairedViews)(
    'has nothing that axe finds, and fits: $language, $theme, $width',
    async (as) => {
      const { context, page } = await account('guest', as);
      await page.getByRole('listitem').filter({ hasText: '4242' }).waitFor();
      expect(await axeProblems(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.getByRole('button', { name: as.language === 'ko' ? '카드 등록' : 'Add card' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await context.close();
    },
    starts,
  );
});

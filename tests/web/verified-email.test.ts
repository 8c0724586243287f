import { afterAll, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { newTab } from '../system/kit/browser-session.ts';
import type { Embedded } from '../system/kit/embedded.ts';
import { openMailbox } from '../system/kit/mailbox.ts';
import { preordering } from '../system/kit/preorder.ts';
import { visitor } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

const starts = 90_000;
const mailbox = await openMailbox();
afterAll(() => mailbox.close());

describeInBrowser('Where only verified people order', () => {
  let jari: Embedded;
  let browser: Browser;
  withBrowser((...started) => ([jari, browser] = started), { SMTP_URL: mailbox.url, JARI_VERIFIED_EMAIL: 'on' }, [
    'identity',
    'notification',
    'inventory',
    'assignment',
    'preorder',
    'views',
  ]);

  test(
    'a new customer is told to verify the address, with a way to the account, and goes on in the same page when that is done elsewhere (I1, W1)',
    async () => {
      const { id } = await preordering(jari).newPhone(1, '확인 폰');
      const email = `haneul-${Date.now()}@example.com`;
      const { context, page } = await visitor(browser, { language: 'ko', theme: 'light', width: 390 });
      const order = `/preorder/${id}/order?fulfilment=PICKUP`;
      await page.goto(`${jari.rest}/auth/register?return_to=${encodeURIComponent(order)}`);
      await page.locator('#name').fill('김하늘');
      await page.locator('#email').fill(email);
      await page.locator('#password').fill('a good long password');
      await page.getByLabel(/동의해요/).check();
      await page.getByRole('button', { name: '계정 만들기' }).click();
      await page.locator('#email').fill(email);
      await page.locator('#password').fill('a good long password');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: '도시로 찾기' }).click();
      await page.keyboard.type('강릉');
      await page.getByRole('option', { name: '강릉', exact: true }).click();
      await page.getByText('신청 내용을 확인했고, 위치로 찾은 대리점에 맡기는 데 동의해요').click();
      const send = page.getByRole('button', { name: '사전예약 신청하기' });
      await send.click();
      const told = page.getByRole('alert').filter({ hasText: '이메일을 먼저 확인해 주세요' });
      await told.getByRole('link', { name: '내 정보 열기' }).waitFor();

      const elsewhere = newTab(jari);
      await elsewhere.submit(await mailbox.linkTo(email, '/auth/verify'), {});
      await send.click();
      await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
      await context.close();
    },
    starts,
  );
});

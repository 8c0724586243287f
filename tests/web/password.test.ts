import { expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { axeProblems, overflow, pairedViews, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// The password on the account page, in a real browser, by the keyboard.

const starts = 90_000;
const [password, better] = ['a good long password', 'an even longer password'];

const said = {
  ko: {
    ...{ current: '지금 비밀번호', next: '새 비밀번호', devices: '로그인한 기기', agree: /동의해요/ },
    ...{ missing: '지금 쓰는 비밀번호를 적어 주세요.', short: '10자 이상 적어 주세요.' },
    ...{ wrong: '지금 비밀번호가 달라요. 4번 더 해 볼 수 있어요.' },
    ...{ common: '너무 흔한 비밀번호예요. 다른 비밀번호를 적어 주세요.' },
    ...{ changed: '비밀번호를 바꿨어요. 다른 기기에서는 모두 로그아웃했어요.' },
    ...{ stopped: '여러 번 틀려서 잠시 멈췄어요. 5분 뒤에 다시 해 주세요.', signInFirst: '로그인하면 볼 수 있어요' },
  },
  en: {
    ...{ current: 'Current password', next: 'New password', devices: 'Devices', agree: /agree/ },
    ...{ missing: 'Please enter the password that you use now.', short: 'Please enter at least 10 characters.' },
    ...{ wrong: 'The current password is wrong. 4 more tries.' },
    ...{ common: 'This password is too common. Please choose another one.' },
    ...{ changed: 'Your password was changed. All other devices were signed out.' },
    ...{
      stopped: 'There were too many wrong tries. Please try again in 5 minutes.',
      signInFirst: 'Sign in to see this',
    },
  },
} as const;

describeInBrowser('The password on the account page', () => {
  let jari: Embedded;
  let browser: Browser;
  withBrowser((...started) => ([jari, browser] = started), { JARI_SIGN_INS_PER_ADDRESS: '0' }, [
    'payment',
    'identity',
    'notification',
  ]);

  const enter = async (page: Page, email: string, with_: string): Promise<void> => {
    await page.goto(`${jari.rest}/auth/login?return_to=/account`);
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(with_);
    await page.keyboard.press('Enter');
  };
  const registered = async (page: Page, agree: RegExp): Promise<string> => {
    const email = `mina-${Date.now()}@example.com`;
    await page.goto(`${jari.rest}/auth/register?return_to=/account`);
    await page.locator('#name').fill('김미나');
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
    await page.getByLabel(agree).check();
    await page.locator('#password').press('Enter');
    await page.waitForURL('**/auth/login**');
    return email;
  };
  /** Types into fields by their labels, and sends the form with the keyboard. */
  const send = async (page: Page, typed: Readonly<Record<string, string>>): Promise<void> => {
    for (const [label, text] of Object.entries(typed)) {
      await page.getByLabel(label).focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
  };
  /** What is said at the field that has the focus. */
  const saidAtFocus = (page: Page): Promise<{ label: string; error: string }> =>
    page.evaluate(`(({ labels, ariaInvalid, attributes }) => ({
      label: labels?.[0]?.textContent ?? '',
      error: ariaInvalid !== 'true' ? '' : (attributes['aria-describedby']?.value ?? '').split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim(),
    }))(document.activeElement)`);

  test.each(pairedViews)(
    'is changed, with errors at their fields; other devices are signed out, and this one is not (I1, W1): $language, $theme, $width',
    async (as: View) => {
      const words = said[as.language];
      const [{ context, page, problems }, other] = [await visitor(browser, as), await visitor(browser, as)];
      const email = await registered(page, words.agree);
      for (const each of [other.page, page]) {
        await enter(each, email, password);
        await each.getByLabel(words.next).waitFor();
      }
      const devices = page.getByRole('list', { name: words.devices }).getByRole('listitem');
      await devices.nth(1).waitFor();

      await send(page, { [words.next]: 'short' });
      await page.getByText(words.short).waitFor();
      expect(await saidAtFocus(page)).toEqual({ label: words.current, error: words.missing });
      expect(await axeProblems(page)).toEqual([]);
      await send(page, { [words.current]: 'not the password', [words.next]: better });
      await page.getByText(words.wrong).waitFor();
      expect(await saidAtFocus(page)).toEqual({ label: words.current, error: words.wrong });
      await send(page, { [words.current]: password, [words.next]: 'password123' });
      await page.getByText(words.common).waitFor();
      expect(await saidAtFocus(page)).toEqual({ label: words.next, error: words.common });
      expect(await overflow(page)).toBe(0);

      await send(page, { [words.next]: better });
      await page.getByText(words.changed).first().waitFor();
      await devices.nth(1).waitFor({ state: 'detached' });
      for (const label of [words.current, words.next]) expect(await page.getByLabel(label).inputValue()).toBe('');
      expect(await axeProblems(page)).toEqual([]);
      for (const each of [page, other.page]) {
        await each.context().clearCookies({ name: 'jari-token' }); // as when it has ended
        await each.reload();
      }
      await page.getByLabel(words.next).waitFor();
      await other.page.getByRole('heading', { level: 1, name: words.signInFirst }).waitFor();
      await enter(other.page, email, better);
      await other.page.getByLabel(words.next).waitFor();
      expect(problems.filter((each) => !/40[014]/.test(each))).toEqual([]);
      for (const each of [context, other.context]) await each.close();
    },
    starts,
  );

  test(
    'is not guessed: after five wrong ones the page says when to go on; a sample person has none',
    async () => {
      const [as] = pairedViews as [View];
      const words = said[as.language];
      const { context, page } = await visitor(browser, as);
      const email = await registered(page, words.agree);
      await enter(page, email, password);
      for (let time = 0; time < 6; time++) {
        const answered = page.waitForResponse('**/v1/me:changePassword');
        await send(page, { [words.current]: `wrong password ${time}`, [words.next]: better });
        expect((await answered).status()).toBe(time < 5 ? 400 : 429);
      }
      await page.getByRole('alert').getByText(words.stopped).waitFor();
      await page.context().clearCookies();
      await page.goto(`${jari.rest}/auth/login?return_to=/account`);
      await page.locator('button[value=guest]').click();
      await page.getByRole('list', { name: words.devices }).getByRole('listitem').first().waitFor();
      expect(await page.getByLabel(words.next).count()).toBe(0);
      await context.close();
    },
    starts,
  );
});

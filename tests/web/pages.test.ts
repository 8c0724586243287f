import { expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { pages } from './kit/pages.ts';
import { axeProblems, open, overflow, pairedViews, visitor } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// Every page in a real browser, as the embedded process serves it.

/** Each page in one of its looks. */
const looks = 240_000;

describeInBrowser('Web pages', () => {
  let jari: Embedded;
  let browser: Browser;
  withBrowser((...started) => ([jari, browser] = started));

  test.each(pairedViews)(
    'each page in $language, $theme, at $width px: no error, nothing that axe finds, no sideways scrolling',
    async (view) => {
      const { context, page, problems } = await visitor(browser, view);
      for (const { name, path } of pages) {
        await open(page, jari.rest + path);
        expect([name, await axeProblems(page)]).toEqual([name, []]);
        expect([name, await overflow(page)]).toEqual([name, 0]);
        expect([name, problems]).toEqual([name, []]);
      }
      await context.close();
    },
    looks,
  );

  test(
    'at 320 px, and with text at 200 %, no page scrolls sideways',
    async () => {
      for (const [width, size] of [
        [320, '100%'],
        [640, '200%'],
      ] as const) {
        const { context, page } = await visitor(browser, { language: 'en', theme: 'light', width });
        for (const { name, path } of pages) {
          await open(page, jari.rest + path);
          await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
          expect([name, size, await overflow(page)]).toEqual([name, size, 0]);
        }
        await context.close();
      }
    },
    looks,
  );

  test('language and theme are remembered, and are there before the first script runs', async () => {
    const { context, page } = await visitor(browser, { language: 'ko', theme: 'light', width: 1280 });
    await open(page, `${jari.rest}/help`);
    expect(await page.title()).toBe('도움말 — 자리');
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.getByRole('heading', { name: 'Help', level: 1 }).waitFor();
    await page.getByText('Dark', { exact: true }).click();
    await open(page, `${jari.rest}/help`);
    expect(await page.title()).toBe('Help — Jari');
    const { body } = await fetch(`${jari.rest}/help`, {
      headers: {
        accept: 'text/html',
        cookie: (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    }).then(async (response) => ({ body: await response.text() }));
    expect(body).toContain('<html lang="en" data-theme="dark">');
    await context.close();
  });

  test('by keyboard alone: the first Tab skips to the content, and a new page has the focus on its title', async () => {
    const { context, page } = await visitor(browser, { language: 'en', theme: 'light', width: 1280 });
    await open(page, `${jari.rest}/`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.getByRole('navigation').getByRole('link', { name: 'Help' }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      `document.activeElement.textContent === 'Help' && document.activeElement.tagName === 'H1'`,
    );
    await context.close();
  });

  test('without a connection the page says so, and recovers by itself', async () => {
    const { context, page } = await visitor(browser, { language: 'en', theme: 'light', width: 1280 });
    await open(page, `${jari.rest}/help`);
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await context.setOffline(false);
    await page.getByText('Connected again.').waitFor();
    await context.close();
  });

  test('a page is served with a strict policy, and an unknown path of the API stays an error in JSON', async () => {
    const page = await fetch(`${jari.rest}/lodging`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const nowhere = await fetch(`${jari.rest}/v1/nope`, { headers: { accept: 'text/html' } });
    expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/json']);
  });
});

/**
 * `npm run shots`: every page in each language, theme and width, as pictures in .jari/shots.
 *
 *     npm run shots               all pages
 *     npm run shots -- home kit   the named ones
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../system/kit/browser/browsers.ts';
import { checkout, embedded } from '../system/kit/embedded.ts';
import { pages } from './kit/pages.ts';
import { open, views, visitor, windowHeight } from './kit/visit.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !pages.some((page) => page.name === name));
if (unknown.length) {
  console.error(`There is no page ${unknown.join(', ')}. The pages are ${pages.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const folder = join(checkout, '.jari/shots');
if (!wanted.length) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const jari = await embedded();
try {
  await jari.up();
  const browser = await openBrowser();
  for (const view of views) {
    const { context, page } = await visitor(browser, view);
    for (const { name, path } of pages.filter((each) => !wanted.length || wanted.includes(each.name))) {
      await open(page, jari.rest + path);
      // As high as the page is: pictures further down are loaded, and what is fixed to the window's edge stands at the page's.
      const height = await page.evaluate<number>('document.documentElement.scrollHeight');
      await page.setViewportSize({ width: view.width, height });
      await page.waitForFunction('[...document.images].every((image) => image.complete)');
      const file = `${name}-${view.width}-${view.theme}-${view.language}.png`;
      await page.screenshot({ path: join(folder, file), fullPage: true });
      await page.setViewportSize({ width: view.width, height: windowHeight });
    }
    await context.close();
  }
  await browser.close();
  console.log(`The pictures are in ${folder}`);
} finally {
  await jari.remove();
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import type { Person } from '../../system/kit/people.ts';

export const languages = ['ko', 'en'] as const;
export const themes = ['light', 'dark'] as const;
export const widths = [390, 1280] as const;

/** How a page is looked at. */
export interface View {
  language: (typeof languages)[number];
  theme: (typeof themes)[number];
  width: number;
}

/** Each language, theme and width. */
export const views: readonly View[] = languages.flatMap((language) =>
  themes.flatMap((theme) => widths.map((width) => ({ language, theme, width }))),
);

export const windowHeight = 900;

/** Four of them, in which each language meets each theme and width, and each theme each width. */
export const pairedViews: readonly View[] = views.filter(
  ({ language, theme, width }) =>
    [language === 'ko', theme === 'light', width === 390].filter(Boolean).length % 2 === 1,
);

/** A browser of its own, with the time zone of our sample data; what a page complains of is in `problems`. */
export async function visitor(
  browser: Browser,
  { language, theme, width }: View,
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height: windowHeight },
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    timezoneId: 'Asia/Seoul',
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  return { context, page, problems };
}

/** The same for somebody who is signed in. */
export async function signedIn(browser: Browser, by: Person, view: View): ReturnType<typeof visitor> {
  const visit = await visitor(browser, view);
  await visit.context.setExtraHTTPHeaders({ authorization: `Bearer ${await by.token}` });
  await visit.context.route('**/auth/session', (route) =>
    route.fulfill({ json: { person: { id: by.id, display_name: '김하늘', language: 'KO' }, roles: ['customer'] } }),
  );
  return visit;
}

/** Opens a page, and waits until nothing on it is being loaded. A stream of events never ends, and is not waited for. */
export async function open(page: Page, address: string): Promise<void> {
  const loading = new Set<Request>();
  let quietSince = Date.now();
  const begins = (request: Request): void => {
    if (request.headers()['accept'] !== 'text/event-stream') loading.add(request);
  };
  const ends = (request: Request): void => {
    loading.delete(request);
    quietSince = Date.now();
  };
  page.on('request', begins).on('requestfinished', ends).on('requestfailed', ends);
  await page.goto(address);
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  for (const last = Date.now() + mostMs; loading.size > 0 || Date.now() - quietSince < quietMs; await sleep(50))
    if (Date.now() > last)
      throw new Error(`${address} still loads ${[...loading].map((request) => request.url()).join(', ')}`);
  page.off('request', begins).off('requestfinished', ends).off('requestfailed', ends);
}

const [quietMs, mostMs] = [500, 30_000];

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What axe finds wrong, one line each. It is run by the debugger, as the content security policy lets no other script in. */
export async function axeProblems(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // It compares whole words, and Korean writes a number and its unit as one: the day "1" is named "3월 1일".
      rules: { 'label-content-name-mismatch': { enabled: document.documentElement.lang !== 'ko' } },
    })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Pixels that the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { tool } from '../../../deploy/native/install.ts';
import { openBrowser } from '../../system/kit/browser/browsers.ts';
import { embedded, type Embedded } from '../../system/kit/embedded.ts';

/** Time to start or end a process and a browser, in milliseconds. */
const startMs = 90_000;

/** Runs where a browser is installed. */
export const describeInBrowser = 'path' in tool('chromium') ? describe : describe.skip;

/**
 * Runs Jari in an embedded process, and a browser, for the tests of a block; `started` gets both before the first test. `settings`: environment
 * variables of the process, and what else `embedded` takes.
 */
export function withBrowser(
  started: (jari: Embedded, browser: Browser) => unknown,
  ...settings: Parameters<typeof embedded>
): void {
  let jari: Embedded | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    jari = await embedded(...settings);
    await jari.up();
    browser = await openBrowser();
    await started(jari, browser);
  }, startMs);
  afterAll(async () => {
    await browser?.close();
    await jari?.remove();
  }, startMs);
}

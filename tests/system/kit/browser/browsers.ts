import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pathOf } from '../../../../deploy/native/install.ts';
import type { Person } from '../people.ts';
import type { Place } from '../place.ts';

/** A browser without a window, whose camera shows a test picture and whose microphone beeps. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: pathOf('chromium'),
    args: [
      '--no-sandbox', // root, as containers are, has no other way
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
    ],
  });

const page = readFileSync(new URL('room.html', import.meta.url), 'utf8');

/** What has arrived of the other one's picture and voice. */
export interface Perceived {
  me: string;
  peerId?: string;
  frames: number;
  energy: number;
}

/** A page in the room of a lecture. It is served as if by the gateway itself. */
export async function enterRoom(
  browser: Browser,
  place: Place,
  lecture: string,
  by: Person,
): Promise<{ page: Page; perceived(): Promise<Perceived> }> {
  const context = await browser.newContext();
  const room = `${place.rest}/room.html`;
  await context.route(room, (route) => route.fulfill({ contentType: 'text/html', body: page }));
  const tab = await context.newPage();
  await tab.goto(`${room}#lecture=${lecture}&token=${await by.token}`);
  const perceived = async (): Promise<Perceived> => {
    const nothing: Perceived = { me: '', frames: 0, energy: 0 };
    return tab.evaluate<Perceived>('window.perceived?.()').then(
      (seen) => seen ?? nothing,
      () => nothing,
    ); // between two pages
  };
  return { page: tab, perceived };
}

import { expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { lodging, type ProviderMode, type Reservation, type Room } from '../system/kit/lodging.ts';
import { ok, person, type Person } from '../system/kit/people.ts';
import { axeProblems, overflow, pairedViews, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// My orders and one order, followed in a real browser while the host, the payment provider and the connection do what they do.

const starts = 90_000;
const view: View = { language: 'ko', theme: 'light', width: 1280 };

describeInBrowser('My orders', () => {
  let jari: Embedded;
  let browser: Browser;
  let story: ReturnType<typeof lodging>;
  let room: Room;
  let days = 20;
  withBrowser(
    async (...started) => {
      [jari, browser] = started;
      story = lodging(jari);
      room = await story.newRoom({ price: 100_000, name: '바다 방' });
    },
    { JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_HEARTBEAT_SECONDS: '2' },
  );

  /** A browser of somebody who is signed in. */
  async function signedIn(by: Person, as: View = view): Promise<{ context: BrowserContext; page: Page }> {
    const visit = await visitor(browser, as);
    await visit.context.setExtraHTTPHeaders({ authorization: `Bearer ${await by.token}` });
    return visit;
  }
  const reserve = async (): Promise<Reservation> => {
    const made = await story.reserve(room, (days += 3));
    await story.asked(made.id);
    await story.shown(made.id);
    return made;
  };
  const titled = (page: Page, title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor();
  const follow = async (page: Page, id: string): Promise<void> => {
    await page.goto(`${jari.rest}/orders/${id}`);
    await page.getByText('실시간 연결됨').waitFor();
  };
  /** What the page learns of who is signed in. */
  const as = (context: BrowserContext, { id }: Person, ...roles: string[]): Promise<unknown> =>
    context.route('**/auth/session', (route) =>
      route.fulfill({ json: { person: { id, display_name: '정유나', language: 'KO' }, roles } }),
    );
  const keys = (page: Page) => {
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    return {
      focused,
      press: (key: string): Promise<void> => page.keyboard.press(key),
      async tabTo(text: string): Promise<void> {
        for (let nth = 0; nth < 40 && (await focused()) !== text; nth++) await page.keyboard.press('Tab');
        expect(await focused()).toBe(text);
      },
    };
  };
  const provider = (mode: ProviderMode): Promise<unknown> =>
    ok(story.admin.post('/v1/sandbox/payment-provider', { mode }));

  test(
    'one order follows live: the guest sees it confirmed and paid as the host accepts (W1, L10)',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest);
      await follow(page, id);
      await titled(page, '호스트의 답을 기다려요');
      await page.getByText('답변 기한').waitFor();
      await ok(story.decide('confirm', id));
      await titled(page, '예약이 확정됐어요');
      await page.getByRole('complementary', { name: '예약 내용' }).getByText('Visa •••• 4242').waitFor();
      await page.getByText('무료 취소 기한').waitFor();
      const steps = page.getByRole('list', { name: '진행 상황' }).getByRole('listitem');
      await steps.filter({ hasText: '결제가 끝났어요' }).waitFor(); // told by payment, after lodging told the rest
      expect((await steps.allTextContents()).map((text) => text.replace(/(오늘|내일|\d).*/, ''))).toEqual([
        '예약을 요청했어요',
        '호스트가 확정했어요',
        '결제가 끝났어요',
        '체크인',
      ]);
      await context.close();
    },
    starts,
  );

  test(
    'a cancellation shows the exact refund first, and pressing twice cancels once (W1)',
    async () => {
      const { id } = await reserve();
      await ok(story.decide('confirm', id));
      await story.reaches(id, 'PAID');
      const { context, page } = await signedIn(story.guest);
      const sent: string[] = [];
      page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
      await follow(page, id);
      await titled(page, '예약이 확정됐어요');
      await page.getByRole('button', { name: '예약 취소' }).click();
      const dialog = page.getByRole('alertdialog', { name: '예약을 취소할까요?' });
      await dialog.getByText('돌려받는 금액').waitFor();
      expect(await dialog.locator('dd').allTextContents()).toEqual(['200,000원', '100%', '200,000원']);
      await dialog.getByRole('button', { name: '예약 취소하기' }).dblclick();
      await titled(page, '취소됐어요');
      await page.getByText('내가 취소했어요.').first().waitFor();
      const refund = page.getByRole('complementary', { name: '예약 내용' }).getByText('돌려받는 금액');
      await refund.waitFor();
      expect(sent.filter((url) => url.endsWith(':cancel'))).toHaveLength(1);
      expect((await story.ledger(id)).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
      await context.close();
    },
    starts,
  );

  test(
    'while payment is down the page says what is so and what is safe, and recovers without a reload (W1)',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest);
      await follow(page, id);
      await provider('DOWN');
      await ok(story.decide('confirm', id));
      await titled(page, '결제가 지연되고 있어요. 방은 잡아 두었어요');
      for (const safe of ['그대로 잡아 두었어요', '결제를 확인하고 있어요', '두 번 결제되지 않아요'])
        await page.getByText(safe).waitFor();
      expect(await page.getByText('지금 하실 일은 없어요.').count()).toBe(1);
      await provider('NORMAL');
      await titled(page, '예약이 확정됐어요');
      expect((await story.ledger(id)).map(({ type }) => type)).toEqual(['CHARGE']);
      await context.close();
    },
    starts,
  );

  test(
    'the tabs of a browser share one stream, and when the one that reads it closes, another goes on',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest);
      await follow(page, id);
      const second = await context.newPage();
      const streams: string[] = [];
      second.on('request', (request) => request.url().endsWith(':watch') && streams.push(request.url()));
      await follow(second, id);
      await ok(story.decide('confirm', id));
      await titled(second, '예약이 확정됐어요');
      expect(streams).toEqual([]);
      const goesOn = second.waitForRequest('**/v1/orders:watch');
      await page.close();
      await goesOn;
      await second.getByText('실시간 연결됨').waitFor();
      await ok(story.cancel(id));
      await titled(second, '취소됐어요');
      await context.close();
    },
    starts,
  );

  test(
    'when the gateway goes away the page says how old it is, and comes back by itself (W1)',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest);
      await follow(page, id);
      await jari.down();
      await page.getByText('다시 연결하고 있어요').waitFor();
      await titled(page, '호스트의 답을 기다려요');
      await jari.up();
      await page.getByText('실시간 연결됨').waitFor();
      await ok(story.decide('confirm', id));
      await titled(page, '예약이 확정됐어요');
      await context.close();
    },
    starts,
  );

  test(
    'by keyboard alone at 390 px: cancel opens on the safe button, Escape keeps the booking, Enter on the other cancels',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest, { ...view, width: 390 });
      await follow(page, id);
      const { focused, tabTo } = keys(page);
      await tabTo('예약 취소');
      await page.keyboard.press('Enter');
      await page.getByText('돌려받는 금액').waitFor();
      expect(await focused()).toBe('그대로 둘게요');
      await page.keyboard.press('Escape');
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
      expect(await focused()).toBe('예약 취소');
      await page.keyboard.press('Enter');
      await page.getByText('돌려받는 금액').waitFor();
      await tabTo('예약 취소하기');
      await page.keyboard.press('Enter');
      await titled(page, '취소됐어요');
      await context.close();
    },
    starts,
  );

  test(
    'the customer centre cancels with a reason, by keyboard alone at 390 px: the guest gets all back and reads why (B4, W6)',
    async () => {
      const { id } = await story.confirmed(room, 2);
      await story.reaches(id, 'PAID');
      await story.shown(id);
      const { context, page } = await signedIn(person(jari, 'agent'), { ...view, width: 390 });
      await as(context, person(jari, 'agent'), 'agent');
      await follow(page, id);
      await titled(page, '예약이 확정됐어요');
      const { press, tabTo } = keys(page);
      await tabTo('예약 취소');
      await press('Enter');
      const dialog = page.getByRole('alertdialog', { name: '예약을 취소할까요?' });
      await dialog.getByText('200,000원').first().waitFor();
      // As the guest it would be a part of it.
      expect(await dialog.locator('dd').allTextContents()).toEqual(['200,000원', '100%', '200,000원']);
      expect(await axeProblems(page)).toEqual([]);
      await tabTo('예약 취소하기');
      await press('Enter');
      await dialog.getByText('취소하는 까닭을 적어 주세요.').waitFor();
      await dialog.getByLabel('취소하는 까닭').focus();
      await page.keyboard.type('물이 새서 방을 쓸 수 없어요.');
      await tabTo('예약 취소하기');
      await press('Enter');
      await titled(page, '취소됐어요');
      await context.close();

      const guest = await signedIn(story.guest);
      await follow(guest.page, id);
      await guest.page.getByText('고객센터에서 취소했어요. “물이 새서 방을 쓸 수 없어요.”').waitFor();
      await guest.page.getByText('취소가 끝났어요: 물이 새서 방을 쓸 수 없어요.').waitFor();
      const moved = (await story.ledger(id)).map(({ type, amount }) => [type, Number(amount.units)]);
      expect(moved).toEqual([
        ['CHARGE', 200_000],
        ['REFUND', 200_000],
      ]);
      await guest.context.close();
    },
    starts,
  );

  test(
    'the customer centre sees an order of others change as it happens, and not when it is next asked for',
    async () => {
      const { id } = await story.confirmed(room, 2);
      await story.reaches(id, 'PAID');
      await story.shown(id);
      const { context, page } = await signedIn(person(jari, 'agent'), view);
      await as(context, person(jari, 'agent'), 'agent');
      await follow(page, id);
      await titled(page, '예약이 확정됐어요');
      await ok(story.guest.post(`/v1/lodging/reservations/${id}:cancel`, {}));
      const cancelled = page.getByRole('heading', { level: 1, name: '취소됐어요' });
      await cancelled.waitFor({ timeout: 15_000 }); // the page asks by itself after 30 s
      await context.close();
    },
    starts,
  );

  test(
    'the host, who answers in the inbox, is offered no cancellation of the guest',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.host);
      await as(context, story.host, 'host');
      await follow(page, id);
      await page.getByRole('complementary', { name: '예약 내용' }).waitFor();
      expect(await page.getByRole('button', { name: '예약 취소' }).count()).toBe(0);
      await context.close();
    },
    starts,
  );

  test(
    'the list is narrowed by state and business in its address, and shows changes by itself',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest);
      await page.goto(`${jari.rest}/orders`);
      await page.getByRole('radio', { name: '기다리는 중' }).click();
      await page.waitForURL('**/orders?show=waiting');
      const row = page.locator(`li:has(a[href="/orders/${id}"])`).last();
      await row.getByText('호스트 확인 중').waitFor();
      await ok(story.decide('confirm', id));
      await row.waitFor({ state: 'detached' });
      await page.goto(`${jari.rest}/orders?kind=rental.rental`);
      await page.getByRole('heading', { name: '조건에 맞는 예약이 없어요' }).waitFor();
      await page.getByRole('link', { name: '조건 지우기' }).click();
      await row.getByText('예약 확정').waitFor();
      await context.close();
    },
    starts,
  );

  test(
    'somebody else’s order, and one that does not exist, are not found; a stranger is asked to sign in',
    async () => {
      const { id } = await reserve();
      const { context, page } = await signedIn(person(jari, 'mina'));
      for (const path of [id, '019a3000-0000-7000-8000-00000000ffff', 'nonsense']) {
        await page.goto(`${jari.rest}/orders/${path}`);
        await titled(page, '이 예약을 찾지 못했어요');
      }
      await page.goto(`${jari.rest}/orders`);
      await page.getByRole('heading', { name: '아직 예약이 없어요' }).waitFor();
      await context.setExtraHTTPHeaders({});
      for (const path of ['/orders', `/orders/${id}`]) {
        await page.goto(jari.rest + path);
        await titled(page, '로그인하면 볼 수 있어요');
      }
      await context.close();
    },
    starts,
  );

  test.each(pairedViews)(
    'in $language, $theme, at $width px axe finds nothing, and nothing scrolls sideways',
    async (as) => {
      const { id } = await reserve();
      const { context, page } = await signedIn(story.guest, as);
      await page.goto(`${jari.rest}/orders`);
      await page.locator(`a[href="/orders/${id}"]`).first().waitFor();
      expect(await axeProblems(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.goto(`${jari.rest}/orders/${id}`);
      await page.locator('main h1').waitFor();
      await page.getByText(as.language === 'ko' ? '실시간 연결됨' : 'Live').waitFor();
      expect(await axeProblems(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.getByRole('button', { name: as.language === 'ko' ? '예약 취소' : 'Cancel booking' }).click();
      await page.getByRole('alertdialog').locator('dd').first().waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await context.close();
    },
    starts,
  );
});

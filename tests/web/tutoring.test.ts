import { expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { eventually } from '../system/kit/eventually.ts';
import { ok, person, type Person } from '../system/kit/people.ts';
import { tutoring, type Lesson, type Purchase } from '../system/kit/tutoring.ts';
import { axeProblems, overflow, pairedViews, signedIn, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// A lesson: found, its start time chosen and bought, in real browsers on the embedded process.

const starts = 90_000;
const view: View = { language: 'ko', theme: 'light', width: 1280 };
/** Of the sample lessons: maths, on sale, with free times on each of the next days. */
const maths = '019a3000-0000-7000-8003-000000001001';

describeInBrowser('Lessons', () => {
  let jari: Embedded;
  let browser: Browser;
  let story: ReturnType<typeof tutoring>;
  withBrowser((...started) => {
    [jari, browser] = started;
    story = tutoring(jari);
  });

  const signedInAs = (by: Person, as: View = view) => signedIn(browser, by, as);
  const freeTimes = async (id = maths): Promise<string[]> =>
    (await ok(person(jari, 'reader').get<Lesson>(`/v1/tutoring/lessons/${id}`))).freeStartTimes;
  const order = (at: string, id = maths): string => `${jari.rest}/tutoring/${id}/order?at=${at}`;
  const purchasesOf = async (by: Person): Promise<Purchase[]> =>
    (await ok(by.get<{ purchases: Purchase[] }>('/v1/tutoring/purchases'))).purchases;
  const pay = '55,000원 결제하고 예약하기';
  const agree = '예약 내용과 취소 규정을 확인했어요';

  test(
    'two browsers race for one start time: one gets it, the other is told, pays nothing, and takes another that is offered',
    async () => {
      const at = (await freeTimes())[8] ?? '';
      const people = ['one', 'other'].map((name) => person(jari, `pupil-${name}`));
      const visits = await Promise.all(people.map((by) => signedInAs(by)));
      for (const { page } of visits) {
        await page.goto(order(at));
        await page.getByText(agree).click();
      }
      await Promise.all(visits.map(({ page }) => page.getByRole('button', { name: pay }).dblclick()));
      const ends = await Promise.all(
        visits.map(({ page }) =>
          Promise.race([
            page.waitForURL(/\/orders\//).then(() => 'bought'),
            page
              .getByText('이제 빈 시간이 아니에요')
              .waitFor()
              .then(() => 'told'),
          ]),
        ),
      );
      expect(ends.toSorted()).toEqual(['bought', 'told']);
      const late = ends.indexOf('told');
      const { page } = visits[late]!;
      await page.getByText('신청된 것도, 나간 돈도 없어요.').waitFor();
      expect(await purchasesOf(people[late]!)).toEqual([]);
      const offers = page.getByRole('status').filter({ hasText: '이제 빈 시간이 아니에요' }).getByRole('button');
      expect(await offers.count()).toBe(3);
      await offers.first().click();
      await page.getByText(agree).click();
      await page.getByRole('button', { name: pay }).click();
      await page.waitForURL(/\/orders\//);
      expect(await purchasesOf(people[late]!)).toHaveLength(1);
      expect(await purchasesOf(people[1 - late]!)).toMatchObject([{ startTime: at }]);
      for (const { context } of visits) await context.close();
    },
    starts,
  );

  test(
    'a price that changes meanwhile is shown before anything is bought, and the next press agrees to it',
    async () => {
      const lesson = await story.onSale([600, 1_200]);
      const { context, page } = await signedInAs(story.buyer);
      await page.goto(order(lesson.startTimes[0] ?? '', lesson.id));
      await page.getByRole('button', { name: '50,005원 결제하고 예약하기' }).waitFor();
      await context.route(`**/v1/tutoring/lessons/${lesson.id}`, (route) => route.abort()); // it hears of it only by the refusal
      await ok(
        story.seller.patch(`/v1/tutoring/lessons/${lesson.id}`, { price: { currency_code: 'KRW', units: 61_000 } }),
      );
      await ok(story.decide((await story.approvalOf(lesson.id, 2)).id, 'approve'));
      await page.getByText(agree).click();
      await page.getByRole('button', { name: '50,005원 결제하고 예약하기' }).click();
      await page.getByText('지금 총 금액은 61,000원이에요. 신청된 것도, 나간 돈도 없어요.').waitFor();
      expect(await purchasesOf(story.buyer)).toEqual([]);
      await page.getByRole('button', { name: '바뀐 금액 61,000원으로 예약하기' }).click();
      await page.waitForURL(/\/orders\//);
      expect(await purchasesOf(story.buyer)).toMatchObject([{ price: { units: '61000' } }]);
      await context.close();
    },
    starts,
  );

  test(
    'the seller cancels one purchase with a reason, in English: the buyer gets all back and reads why (B4)',
    async () => {
      const { id } = await story.bought(await story.onSale([900]));
      const { seller } = story;
      const { context, page } = await visitor(browser, { ...view, language: 'en' });
      await context.setExtraHTTPHeaders({ authorization: `Bearer ${await seller.token}` });
      await context.route('**/auth/session', (route) =>
        route.fulfill({
          json: { person: { id: seller.id, display_name: '이서연', language: 'EN' }, roles: ['seller'] },
        }),
      );
      await page.goto(`${jari.rest}/orders/${id}`);
      await page.getByRole('button', { name: 'Cancel booking' }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByText('₩50,005').first().waitFor();
      expect(await dialog.locator('dd').allTextContents()).toEqual(['₩50,005', '100%', '₩50,005']);
      await dialog.getByLabel('Why it is cancelled').fill('I have lost my voice.');
      await dialog.getByRole('button', { name: 'Cancel booking now' }).dblclick();
      await page.getByRole('heading', { level: 1, name: 'Cancelled' }).waitFor();
      await context.close();
      const buyer = await signedInAs(story.buyer);
      await buyer.page.goto(`${jari.rest}/orders/${id}`);
      await buyer.page.getByText('선생님 사정으로 취소됐어요. “I have lost my voice.”').waitFor();
      await eventually(
        () => story.paid(id),
        (out) => out === 0,
      );
      await buyer.context.close();
    },
    starts,
  );

  test(
    'a buyer whose card was declined pays the lesson with another one; its seller is told to wait, in English (B5)',
    async () => {
      const { buyer, seller, buy, onSale, paid } = tutoring(jari); // a buyer without any other card
      for (const token of ['tok_declined', 'tok_mastercard']) await ok(buyer.post('/v1/payment-methods', { token }));
      const { id } = await ok(buy(await onSale([1_500])));
      const { context, page } = await signedInAs(buyer);
      await page.goto(`${jari.rest}/orders/${id}`);
      await page.getByRole('heading', { level: 1, name: '카드가 거절됐어요. 예약은 아직 잡아 두었어요' }).waitFor();
      const another = page.getByRole('region', { name: '다른 카드로 결제하기' });

      const of = await visitor(browser, { ...view, language: 'en' });
      await of.context.setExtraHTTPHeaders({ authorization: `Bearer ${await seller.token}` });
      await of.context.route('**/auth/session', (route) =>
        route.fulfill({
          json: { person: { id: seller.id, display_name: '이서연', language: 'EN' }, roles: ['seller'] },
        }),
      );
      await of.page.goto(`${jari.rest}/orders/${id}`);
      await of.page.getByRole('heading', { level: 1, name: 'The customer’s card was declined.' }).waitFor();
      expect(await of.page.getByRole('button', { name: 'Pay with this card' }).count()).toBe(0);
      expect(await axeProblems(of.page)).toEqual([]);

      await another.getByText('Mastercard •••• 4444').click();
      await another.getByRole('button', { name: '이 카드로 결제하기' }).dblclick();
      await page.getByRole('heading', { level: 1, name: '수업이 준비됐어요' }).waitFor();
      await another.waitFor({ state: 'detached' });
      expect(await paid(id)).toBe(50_005);
      for (const each of [context, of.context]) await each.close();
    },
    starts,
  );

  test(
    'seller and administrator cancel a lesson that is over until the seller is paid; then it says that it is too late (B4)',
    async () => {
      const { seller, buyer, admin } = story;
      await story.registerAccount();
      const { id } = await story.bought(await story.onSale([5]));
      await story.taught(id);
      const as = async (by: Person, role: string, of = id) => {
        const visit = await visitor(browser, view);
        await visit.context.setExtraHTTPHeaders({ authorization: `Bearer ${await by.token}` });
        await visit.context.route('**/auth/session', (route) =>
          route.fulfill({ json: { person: { id: by.id, display_name: '이서연', language: 'KO' }, roles: [role] } }),
        );
        await visit.page.goto(`${jari.rest}/orders/${of}`);
        await visit.page.getByRole('heading', { level: 1, name: '수업이 끝났어요' }).waitFor();
        return visit;
      };
      const cancel = (page: Page) => page.getByRole('button', { name: '예약 취소', exact: true });
      const visits = [await as(buyer, 'customer'), await as(person(jari, 'agent:agent'), 'agent')];
      for (const { page } of visits) expect(await cancel(page).count()).toBe(0);
      const bySeller = await as(seller, 'seller');
      await cancel(bySeller.page).waitFor();

      await story.holdPasses(id);
      await story.paidOut(id, 'COMPLETED');
      const byAdmin = await as(admin, 'admin');
      await cancel(byAdmin.page).click();
      const dialog = byAdmin.page.getByRole('alertdialog');
      await dialog.getByText('선생님께 정산되기 전까지만 취소돼요.').waitFor();
      await dialog.getByLabel('취소하는 까닭').fill('소리가 들리지 않았어요.');
      expect(await axeProblems(byAdmin.page)).toEqual([]);
      await dialog.getByRole('button', { name: '예약 취소하기' }).click();
      for (const { page } of [byAdmin, bySeller]) {
        await page.getByText('선생님께 이미 정산됐어요.').waitFor();
        expect(await cancel(page).count()).toBe(0);
      }
      expect(await story.paid(id)).toBe(50_005);

      const other = tutoring(jari);
      const { id: unpaid } = await other.bought(await other.onSale([5]));
      await other.taught(unpaid);
      const { context, page } = await as(other.seller, 'seller', unpaid);
      await cancel(page).click();
      await page.getByLabel('취소하는 까닭').fill('제가 아팠어요.');
      await page.getByRole('button', { name: '예약 취소하기' }).dblclick();
      await page.getByRole('heading', { level: 1, name: '취소됐어요' }).waitFor();
      await eventually(
        () => other.paid(unpaid),
        (out) => out === 0,
      );
      for (const each of [...visits, bySeller, byAdmin, { context }]) await each.context.close();
    },
    starts,
  );

  test(
    'times are those of where the reader is, and the page names the zone',
    async () => {
      const [at = ''] = await freeTimes();
      const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York' });
      const page = await context.newPage();
      await page.goto(`${jari.rest}/tutoring/${maths}?at=${at}`);
      await page
        .getByText(/Eastern (Standard|Daylight) Time/)
        .first()
        .waitFor();
      const shown = new Intl.DateTimeFormat('en-US', {
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'America/New_York' },
      }).format(Date.parse(at));
      await page.getByRole('radio', { name: shown, checked: true }).waitFor({ state: 'attached' });
      await context.close();
    },
    starts,
  );

  test(
    'who is not signed in is led to the sign-in, and back to the same time',
    async () => {
      const [at = ''] = await freeTimes();
      const { context, page } = await visitor(browser, view);
      await page.goto(order(at));
      const href = await page.getByRole('link', { name: '로그인하고 계속하기' }).getAttribute('href');
      const back = new URL(href ?? '', jari.rest).searchParams.get('return_to') ?? '';
      expect(new URL(back, jari.rest).searchParams.get('at')).toBe(at);
      await context.close();
    },
    starts,
  );

  test.each(pairedViews)(
    'with a chosen time, and with one that is gone, axe finds nothing in $language, $theme, at $width px',
    async (as) => {
      const at = (await freeTimes())[2] ?? '';
      const { context, page, problems } = await visitor(browser, as);
      for (const address of [`${jari.rest}/tutoring/${maths}?at=${at}`, order(at), order(at.replace(/T\d\d/, 'T03'))]) {
        await page.goto(address);
        await page
          .getByRole('heading', { name: as.language === 'ko' ? '고등 수학 1:1' : 'High-school maths' })
          .waitFor();
        await page.waitForLoadState('networkidle');
        expect([address, await axeProblems(page)]).toEqual([address, []]);
        expect([address, await overflow(page)]).toEqual([address, 0]);
      }
      expect(problems.filter((each) => !each.includes(':quote'))).toEqual([]);
      await context.close();
    },
    starts,
  );
});

import { expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { eventually } from '../system/kit/eventually.ts';
import { day } from '../system/kit/lodging.ts';
import { ok, person, type Person } from '../system/kit/people.ts';
import { seating, time, type Seat, type Selection } from '../system/kit/seating.ts';
import { axeProblems, overflow, pairedViews, signedIn, visitor, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// A seat in a study cafe: found, chosen on the live map and booked, in real browsers on the embedded process.

const starts = 90_000;
const view: View = { language: 'ko', theme: 'light', width: 1280 };
/** The sample cafe that never closes. */
const cafeId = '019a3000-0000-7000-8001-000000000200';
const idOf = (label: number): string => `019a3000-0000-7000-8001-000000000${200 + label}`;

describeInBrowser('Seats of a study cafe', () => {
  let jari: Embedded;
  let browser: Browser;
  let story: ReturnType<typeof seating>;
  let days = 2;
  withBrowser((...started) => {
    [jari, browser] = started;
    story = seating(jari);
  });

  const signedInAs = (by: Person, as: View = view) => signedIn(browser, by, as);
  /** A time that no other test uses: 14:00 to 16:00 in so many days. */
  const when = (inDays: number) => ({
    ...{ inDays, query: `day=${day(inDays)}&from=14:00&hours=2`, times: time(inDays, 14, 16) },
  });
  const order = (label: number, query: string): string =>
    `${jari.rest}/seating/${cafeId}/order?${query}&seat=${idOf(label)}`;
  const agreeAndPay = async (page: Page): Promise<void> => {
    await page.getByText('예약 내용과 취소 규정을 확인했어요').click();
    await page.getByRole('button', { name: '4,000원 결제하고 예약하기' }).click();
  };
  const selectionsOf = async (by: Person): Promise<Selection[]> =>
    (await ok(by.get<{ seatSelections: Selection[] }>('/v1/seat-selections'))).seatSelections;

  test(
    'a customer finds a cafe, chooses a seat on the map and books it; pressing twice books it once (W1)',
    async () => {
      const { query, inDays } = when(days++);
      const customer = person(jari, `finder-${inDays}`);
      const { context, page } = await signedInAs(customer);
      await page.goto(`${jari.rest}/seating?${query}`);
      await page.getByText(/^카페 \d+곳$/).waitFor();
      await page.getByPlaceholder('동네나 카페 이름').fill('합정');
      await page.getByRole('button', { name: '찾기' }).click();
      await page.getByText('카페 1곳', { exact: true }).waitFor();
      await page.getByRole('link', { name: /책과 창 합정점/ }).click();
      await page.getByText('빈자리 48석').waitFor();
      await page.getByRole('radio', { name: '14번 자리, 콘센트, 빈자리' }).click();
      await page.getByRole('heading', { name: '14번 자리' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: '14번 자리' }).waitFor();
      await page.getByRole('link', { name: '예약하러 가기' }).click();
      await page.getByRole('heading', { level: 1, name: '좌석 예약' }).waitFor();

      await page.getByRole('button', { name: '4,000원 결제하고 예약하기' }).click();
      await page.getByText('먼저 여기에 표시해 주세요.').waitFor();
      await page.getByText('예약 내용과 취소 규정을 확인했어요').click();
      await page.reload();
      expect(await page.getByRole('checkbox').isChecked()).toBe(true);
      await page.getByRole('button', { name: '4,000원 결제하고 예약하기' }).dblclick();
      await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
      const [made, ...more] = await selectionsOf(customer);
      expect(more).toEqual([]);
      expect(page.url()).toBe(`${jari.rest}/orders/${made?.id}`);
      await eventually(
        () => story.selection(made!.id),
        ({ status }) => status === 'REGISTERED',
      );
      await context.close();
    },
    starts,
  );

  test(
    'two browsers race for one seat: one gets it, the other is told, pays nothing, and takes another that is offered (C2)',
    async () => {
      const { query, inDays } = when(days++);
      const people = ['one', 'other'].map((name) => person(jari, `${name}-${inDays}`));
      const visits = await Promise.all(people.map((by) => signedInAs(by)));
      for (const { page } of visits) {
        await page.goto(order(21, query));
        await page.getByText('예약 내용과 취소 규정을 확인했어요').click();
      }
      await Promise.all(
        visits.map(({ page }) => page.getByRole('button', { name: '4,000원 결제하고 예약하기' }).click()),
      );
      const gone = '21번은 방금 다른 분이 잡았어요';
      const ends = await Promise.all(
        visits.map(({ page }) =>
          Promise.race([
            page.waitForURL(/\/orders\//).then(() => 'booked'),
            page
              .getByText(gone)
              .waitFor()
              .then(() => 'told'),
          ]),
        ),
      );
      expect(ends.toSorted()).toEqual(['booked', 'told']);
      const late = ends.indexOf('told');
      const { page } = visits[late]!;
      await page.getByText('나간 돈은 없어요').waitFor();
      const offers = page.getByRole('status').filter({ hasText: gone }).getByRole('button');
      await offers.nth(2).waitFor();
      expect(await offers.allTextContents()).toEqual(['20번 자리', '22번 자리', '19번 자리']);
      await offers.first().click();
      await page.getByRole('heading', { name: '20번 자리' }).waitFor();
      await agreeAndPay(page);
      await page.waitForURL(/\/orders\//);
      const mine = await selectionsOf(people[late]!);
      expect(mine.map(({ seatId, status }) => [seatId, status === 'REFUSED'])).toEqual([
        [idOf(20), false],
        [idOf(21), true],
      ]);
      for (const { context } of visits) await context.close();
    },
    starts,
  );

  test(
    'the form tells refund and hold; a price that changes meanwhile is shown before anything is booked, and the next press agrees to it (B1, B2)',
    async () => {
      const { cafe, seats } = await story.newCafe();
      const by = person(jari, 'price-watcher');
      const { context, page } = await signedInAs(by);
      const { query, times } = when(days++);
      await page.goto(`${jari.rest}/seating/${cafe.id}/order?${query}&seat=${seats[0]!.id}`);
      const refunds = page.getByRole('region', { name: '취소하면 이만큼 돌려드려요' });
      await refunds.getByText('4,000원').waitFor();
      await page.getByText(/^지금 신청하면 .+까지 잡아 둬요$/).waitFor();
      const read = [`**/v1/cafes/${cafe.id}`, '**/v1/seat-selections:quote'];
      for (const path of read) await context.route(path, (route) => route.abort()); // it hears of it only by the refusal
      const price = { currency_code: 'KRW', units: 2_500 };
      await ok(story.admin.patch(`/v1/cafes/${cafe.id}`, { price_per_hour: price }));
      await eventually(
        () =>
          by.post<{ total: { units: string } }>('/v1/seat-selections:quote', {
            ...{ cafe_id: cafe.id, seat_id: seats[0]!.id, ...times },
          }),
        ({ body }) => body.total.units === '5000',
      );
      await agreeAndPay(page);
      await page.getByText('지금 총 금액은 5,000원이에요. 신청된 것도, 나간 돈도 없어요.').waitFor();
      expect(await selectionsOf(by)).toEqual([]);
      await page.getByRole('button', { name: '바뀐 금액 5,000원으로 예약하기' }).click();
      await page.waitForURL(/\/orders\//);
      expect(await selectionsOf(by)).toMatchObject([{ total: { units: '5000' } }]);

      for (const path of read) await context.unroute(path);
      await ok(story.admin.post(`/v1/cafes/${cafe.id}:close`, {}));
      await page.goto(`${jari.rest}/seating/${cafe.id}/order?${when(days++).query}&seat=${seats[1]!.id}`);
      await page.getByText('이 카페는 지금 예약을 받지 않아요.').waitFor();
      await page.getByRole('link', { name: '다른 자리 고르기' }).waitFor();
      await context.close();
    },
    starts,
  );

  test(
    'the map is live: a seat that somebody takes is seen within a second or two, and others are offered in its place (C9)',
    async () => {
      const { query, times, inDays } = when(days++);
      const { context, page } = await visitor(browser, view);
      await page.goto(`${jari.rest}/seating/${cafeId}?${query}&seat=${idOf(30)}`);
      await page.getByText('실시간').waitFor();
      await page.getByRole('heading', { name: '30번 자리' }).waitFor();
      const began = Date.now();
      const by = person(jari, `fast-${inDays}`);
      await ok(story.selectAt({ id: idOf(30) } as Seat, { id: cafeId } as never, times, by));
      await page.getByText('30번은 방금 다른 분이 잡았어요').waitFor();
      expect(Date.now() - began).toBeLessThan(5_000);
      await page.getByRole('radio', { name: /^30번 자리, 콘센트, (고르는 중|사용 중)$/ }).waitFor();
      await page.getByRole('button', { name: '29번 자리' }).click();
      await page.getByRole('heading', { name: '29번 자리' }).waitFor();
      await context.close();
    },
    starts,
  );

  test(
    'by keyboard alone: arrow keys walk the map, Space chooses; the list holds the same seats (W6)',
    async () => {
      const { query } = when(days++);
      const { context, page } = await visitor(browser, { ...view, language: 'en' });
      await page.goto(`${jari.rest}/seating/${cafeId}?${query}`);
      await page.getByRole('radio', { name: 'Seat 1, By the window, Free' }).focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'Space']) await page.keyboard.press(key);
      await page.getByRole('heading', { name: 'Seat 15' }).waitFor();
      await page.keyboard.press('ArrowLeft');
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^Seat 14,/);
      await page.getByText('List', { exact: true }).click();
      expect(await page.getByRole('main').getByRole('listitem').getByRole('button').count()).toBe(48);
      await page.getByRole('button', { name: 'Seat 40, Free' }).click();
      await page.getByRole('heading', { name: 'Seat 40' }).waitFor();
      await page.getByRole('button', { name: 'Pick a good seat for me' }).click();
      await page.getByRole('link', { name: 'Continue to booking' }).waitFor();
      await context.close();
    },
    starts,
  );

  test(
    'a customer pays with another card than the default one; the choice outlives a reload (B5)',
    async () => {
      const { query, inDays } = when(days++);
      const customer = person(jari, `payer-${inDays}`);
      // Nobody's first order needs a card in development; that of who removed theirs does.
      const removed = await ok(customer.post<{ id: string }>('/v1/payment-methods', { token: 'tok_visa' }));
      await ok(customer.delete(`/v1/payment-methods/${removed.id}`));
      const { context, page } = await signedInAs(customer);
      await page.goto(order(8, query));
      await page.getByRole('link', { name: '내 정보에서 카드 등록하기' }).waitFor();
      for (const token of ['tok_visa', 'tok_mastercard']) await ok(customer.post('/v1/payment-methods', { token }));
      await page.reload();
      const choice = (name: RegExp) => page.getByRole('radio', { name });
      await choice(/^Visa •••• 4242 기본 카드$/).waitFor();
      expect(await choice(/4242/).isChecked()).toBe(true);
      await page.getByText('Mastercard •••• 4444').click();
      expect(await axeProblems(page)).toEqual([]);
      await page.reload();
      await choice(/4444/).waitFor();
      expect(await choice(/4444/).isChecked()).toBe(true);
      await agreeAndPay(page);
      await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
      const [{ id }] = (await selectionsOf(customer)) as [Selection];
      await eventually(
        () => ok(customer.get<{ card?: { last4: string } }>(`/v1/payments/${id}`)),
        ({ card }) => card?.last4 === '4444',
      );
      await context.close();
    },
    starts,
  );

  test(
    'a customer whose card was declined pays the order with another one (B5)',
    async () => {
      const { query, inDays } = when(days++);
      const customer = person(jari, `payer-${inDays}`);
      for (const token of ['tok_declined', 'tok_mastercard']) await ok(customer.post('/v1/payment-methods', { token }));
      const { context, page } = await signedInAs(customer);
      await page.goto(order(9, query));
      await agreeAndPay(page);
      await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
      const another = page.getByRole('region', { name: '다른 카드로 결제하기' });
      await another.waitFor();
      await page.getByText('카드사가 결제를 거절했어요.').first().waitFor();
      await page.reload();
      await another.getByText('Mastercard •••• 4444').waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await another.getByText('Mastercard •••• 4444').click();
      await another.getByRole('button', { name: '이 카드로 결제하기' }).click();
      await page.getByRole('heading', { level: 1, name: '자리가 준비됐어요' }).waitFor();
      await another.waitFor({ state: 'detached' });
      await context.close();
    },
    starts,
  );

  test(
    'who is not signed in is led to the sign-in, and back to the same seat',
    async () => {
      const { query } = when(days++);
      const { context, page } = await visitor(browser, view);
      await page.goto(order(5, query));
      const href = await page.getByRole('link', { name: '로그인하고 계속하기' }).getAttribute('href');
      const back = new URL(href ?? '', jari.rest).searchParams.get('return_to') ?? '';
      expect(new URL(back, jari.rest).searchParams.get('seat')).toBe(idOf(5));
      await context.close();
    },
    starts,
  );

  test.each(pairedViews)(
    'with a chosen seat, the pages have nothing that axe finds in $language, $theme, at $width px',
    async (as) => {
      const { query } = when(days);
      const { context, page, problems } = await visitor(browser, as);
      for (const address of [`${jari.rest}/seating/${cafeId}?${query}&seat=${idOf(14)}`, order(14, query)]) {
        await page.goto(address);
        await page.getByRole('heading', { name: as.language === 'ko' ? '14번 자리' : 'Seat 14' }).waitFor();
        expect([address, await axeProblems(page)]).toEqual([address, []]);
        expect([address, await overflow(page)]).toEqual([address, 0]);
      }
      expect(problems).toEqual([]);
      await context.close();
    },
    starts,
  );
});

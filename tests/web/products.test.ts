import { describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Embedded } from '../system/kit/embedded.ts';
import { becomes, eventually } from '../system/kit/eventually.ts';
import { ok, person, type Person } from '../system/kit/people.ts';
import { preordering, type Preorder } from '../system/kit/preorder.ts';
import { rental, type Rental } from '../system/kit/rental.ts';
import { axeProblems, open, overflow, pairedViews, signedIn, type View } from './kit/visit.ts';
import { describeInBrowser, withBrowser } from './kit/with-browser.ts';

// A phone pre-ordered and a dispenser rented, in real browsers on the embedded process.

const starts = 90_000;
const view: View = { language: 'ko', theme: 'light', width: 1280 };
/** The sample phone and dispenser that come first. */
const phoneId = '019a3000-0000-7000-8000-000000001006';
const dispenserId = '019a3000-0000-7000-8000-000000001001';
const home = '서울 마포구 월드컵로 1, 101호';

describeInBrowser('Phones and dispensers', () => {
  let jari: Embedded;
  let browser: Browser;
  let phones: ReturnType<typeof preordering>;
  let dispensers: ReturnType<typeof rental>;
  withBrowser((...started) => {
    [jari, browser] = started;
    phones = preordering(jari);
    dispensers = rental(jari);
  });

  const signedInAs = (by: Person, as: View = view) => signedIn(browser, by, as);
  const preordersOf = async (by: Person): Promise<Preorder[]> =>
    (await ok(by.get<{ preorders: Preorder[] }>('/v1/preorders'))).preorders;
  const rentalsOf = async (by: Person): Promise<Rental[]> =>
    (await ok(by.get<{ rentals: Rental[] }>('/v1/rentals'))).rentals;
  const chooseCity = async (page: Page, city: string): Promise<void> => {
    await page.getByRole('combobox', { name: '도시로 찾기' }).click();
    await page.keyboard.type(city);
    await page.getByRole('option', { name: city, exact: true }).click();
  };

  describe('Pre-order of a phone', () => {
    const send = { name: '사전예약 신청하기' };
    const agree = '신청 내용을 확인했고, 위치로 찾은 대리점에 맡기는 데 동의해요';

    test(
      'a customer finds a phone, chooses its variant and place, and orders it once by pressing twice; the page of the order moves on (P1, P5, W1)',
      async () => {
        const customer = person(jari, 'phone-finder');
        const { context, page } = await signedInAs(customer);
        await page.goto(`${jari.rest}/preorder`);
        await page.getByPlaceholder('이름, 색상, 용량').fill('달빛 로즈');
        await page.getByRole('button', { name: '찾기' }).click();
        await page.getByText('1가지', { exact: true }).waitFor();
        await page.getByRole('link', { name: /달빛 폰 15/ }).click();
        await page.getByRole('heading', { level: 1, name: '달빛 폰 15' }).waitFor();
        await page.getByRole('radio', { name: /로즈/ }).check();
        await page.getByText('25대', { exact: true }).waitFor();
        await page.getByRole('link', { name: '사전예약하러 가기' }).click();
        await page.getByRole('heading', { level: 1, name: '사전예약' }).waitFor();

        await page.getByRole('button', send).click();
        await page.getByText('위치를 골라 주세요.').waitFor();
        await page.getByText('받을 주소를 적어 주세요.').waitFor();
        await chooseCity(page, '서울 마포');
        await page.getByLabel('받을 주소').fill(home);
        await page.getByText(agree).click();
        await page.reload();
        expect(await page.getByLabel('받을 주소').inputValue()).toBe(home);
        await page.getByRole('button', send).dblclick();
        await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
        const [made, ...more] = await preordersOf(customer);
        expect(more).toEqual([]);
        expect(page.url()).toBe(`${jari.rest}/orders/${made!.id}`);
        await page.getByRole('heading', { name: '대리점의 답을 기다려요' }).waitFor();
        await ok(phones.answer('accept', made!.id));
        await page.getByRole('heading', { name: /대리점이 접수했어요/ }).waitFor();
        await context.close();
      },
      starts,
    );

    test(
      'two browsers race for the last phone: one gets it, the other is told that nothing was ordered, and orders another that is offered (P2, P3)',
      async () => {
        const { id } = await phones.newPhone(1, '마지막 폰');
        const people = ['one', 'other'].map((name) => person(jari, `last-phone-${name}`));
        const visits = await Promise.all(people.map((by) => signedInAs(by)));
        for (const { page } of visits) {
          await page.goto(`${jari.rest}/preorder/${id}/order?fulfilment=PICKUP`);
          await chooseCity(page, '강릉');
          await page.getByText(agree).click();
        }
        await Promise.all(visits.map(({ page }) => page.getByRole('button', send).click()));
        const ends = await Promise.all(
          visits.map(({ page }) =>
            Promise.race([
              page.waitForURL(/\/orders\//).then(() => 'ordered'),
              page
                .getByText('방금 다 나갔어요', { exact: true })
                .waitFor()
                .then(() => 'told'),
            ]),
          ),
        );
        expect(ends.toSorted()).toEqual(['ordered', 'told']);
        const late = ends.indexOf('told');
        const { page } = visits[late]!;
        const told = page.getByRole('status').filter({ hasText: '방금 다 나갔어요' });
        await told.getByText('신청된 것도, 나간 돈도 없어요.').waitFor();
        expect(await preordersOf(people[late]!)).toEqual([]);
        await told.getByRole('link').first().click();
        await page.getByRole('radio', { name: /방문 수령/ }).check();
        await page.getByRole('link', { name: '사전예약하러 가기' }).click();
        await page.getByText('강릉', { exact: true }).last().waitFor();
        await page.getByText(agree).click();
        await page.getByRole('button', send).click();
        await page.waitForURL(/\/orders\//);
        expect(await preordersOf(people[late]!)).toHaveLength(1);
        for (const { context } of visits) await context.close();
      },
      starts,
    );

    test(
      'by keyboard alone at 390 px: arrow keys choose the variant and walk the map, Enter orders (W6)',
      async () => {
        const customer = person(jari, 'phone-keys');
        const { context, page } = await signedInAs(customer, { ...view, language: 'en', width: 390 });
        await page.goto(`${jari.rest}/preorder/${phoneId}`);
        await page.getByRole('radio', { name: /Graphite/ }).focus();
        await page.keyboard.press('ArrowDown');
        await page.getByText('₩1,287,000', { exact: true }).first().waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('ArrowDown');
        await page.getByRole('link', { name: 'Pre-order', exact: true }).focus();
        await page.keyboard.press('Enter');
        await page.getByRole('combobox', { name: 'Find by city' }).focus();
        await page.keyboard.type('Gangneung');
        await page.getByRole('option', { name: 'Gangneung' }).waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.getByText('Gangneung', { exact: true }).last().waitFor();
        await page.getByRole('button', { name: 'Map. Arrow keys move your place.' }).focus();
        for (let nth = 0; nth < 3; nth++) await page.keyboard.press('ArrowLeft');
        await page.getByText(/km from Gangneung/).waitFor();
        await page.getByText(/^If you order now, it is held for you until /).waitFor();
        await page.getByRole('checkbox').focus();
        await page.keyboard.press('Space');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/orders\//);
        const [made] = await preordersOf(customer);
        expect(made).toMatchObject({ quantity: 1, fulfilment: 'PICKUP' });
        await context.close();
      },
      starts,
    );
  });

  describe('Rental of a dispenser', () => {
    const pay = { name: '69,900원 결제하고 신청하기' };
    const agree = '렌탈 기간과 금액을 확인했어요';
    const order = (id = dispenserId): string => `${jari.rest}/rental/${id}/order?months=36`;
    const fill = async (page: Page): Promise<void> => {
      await page.getByLabel('설치할 주소').fill(home);
      await page.getByText(agree).click();
    };

    test(
      'a customer finds a dispenser, pays and rents it once by pressing twice; the page of the order moves on (R1, R2, R6, W1)',
      async () => {
        const customer = person(jari, 'dispenser-finder');
        const { context, page } = await signedInAs(customer, { ...view, width: 390 });
        await page.goto(`${jari.rest}/rental`);
        await page.getByPlaceholder('이름, 색상').fill('맑은샘 미니');
        await page.getByRole('button', { name: '찾기' }).click();
        await page.getByText('1가지', { exact: true }).waitFor();
        await page.getByRole('link', { name: /맑은샘 미니/ }).click();
        await page.getByRole('radio', { name: '24개월' }).check();
        await page.getByRole('link', { name: '신청하기' }).click();
        await page.getByRole('heading', { level: 1, name: '렌탈 신청' }).waitFor();
        await page.getByRole('button', pay).click();
        await page.getByText('설치할 주소를 적어 주세요.').waitFor();
        await fill(page);
        await page.getByRole('button', pay).dblclick();
        await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
        const [made, ...more] = await rentalsOf(customer);
        expect(more).toEqual([]);
        expect(made).toMatchObject({ months: 24, address: home });
        expect(await dispensers.paid(made!.id)).toBe(69_900);
        await page.getByRole('heading', { name: '정수기를 준비했어요' }).waitFor();
        await dispensers.delivery(made!.id, 'SCHEDULED');
        await ok(dispensers.courierSays('start', made!.id));
        await page.getByRole('heading', { name: '정수기가 가고 있어요' }).waitFor();
        await context.close();
      },
      starts,
    );

    test(
      'a declined payment is no rental: the form says so, keeps what was typed, and rents once the card is good (R7)',
      async () => {
        const customer = person(jari, 'declined');
        const { context, page } = await signedInAs(customer);
        await page.goto(order());
        await fill(page);
        await dispensers.provider('DECLINING');
        try {
          await page.getByRole('button', pay).click();
          await page.getByText(/카드사가 결제를 거절했어요. 신청된 것도, 나간 돈도 없어요/).waitFor();
          expect(await rentalsOf(customer)).toEqual([]);
        } finally {
          await dispensers.provider('NORMAL');
        }
        await page.getByRole('button', pay).click();
        await page.waitForURL(/\/orders\//);
        expect(await rentalsOf(customer)).toHaveLength(1);
        await context.close();
      },
      starts,
    );

    test(
      'while payment is away the customer is told to try a little later, and the same form is sent again with the same key: one rental, charged once (R9)',
      async () => {
        const customer = person(jari, 'held-off');
        const { context, page } = await signedInAs(customer);
        const keys = new Set<string | undefined>();
        page.on('request', (request) => {
          if (request.method() === 'POST' && request.url().endsWith('/v1/rentals'))
            keys.add(request.headers()['idempotency-key']);
        });
        await page.goto(order());
        await fill(page);
        await dispensers.provider('DOWN');
        try {
          await page.getByRole('button', pay).click();
          await page.getByText(/지금은 결제를 받지 못해요. 아직 신청되지 않았어요/).waitFor();
          expect(await rentalsOf(customer)).toEqual([]);
        } finally {
          await dispensers.provider('NORMAL');
        }
        await expectOrder(page);
        const [made, ...more] = await rentalsOf(customer);
        expect([more, keys.size]).toEqual([[], 1]);
        expect(await dispensers.paid(made!.id)).toBe(69_900);
        await context.close();
      },
      starts,
    );
    /** Presses again until it went through: the service may want to be left alone for a moment yet. */
    async function expectOrder(page: Page): Promise<void> {
      const went = page.waitForURL(/\/orders\//, { timeout: 60_000 }).then(() => true);
      const isGone = (): Promise<boolean> => Promise.race([went, page.waitForTimeout(500).then(() => false)]);
      do
        await page
          .getByRole('button', pay)
          .click({ timeout: 30_000 })
          .catch(() => undefined);
      while (!(await isGone()));
    }

    test(
      'the form tells what a cancellation refunds; a price that changes meanwhile is agreed to first, and a closed dispenser is told with others in its place (B1, B2)',
      async () => {
        const { id } = await dispensers.newDispenser(5);
        const customer = person(jari, 'dispenser-price');
        const { context, page } = await signedInAs(customer, { ...view, width: 390 });
        await page.goto(order(id));
        await page.getByRole('region', { name: '취소하면 이만큼 돌려드려요' }).getByText('70,000원').waitFor();
        await page.getByText('설치하기 전까지').waitFor();
        await fill(page);
        const read = ['**/v1/products/*', '**/v1/products?*', '**/v1/rentals:quote'];
        for (const path of read) await context.route(path, (route) => route.abort()); // it hears of it only by the refusal
        const fee = { currency_code: 'KRW', units: 25_000 };
        await ok(phones.admin.patch(`/v1/products/${id}`, { monthly_fee: fee }));
        const quoted = () =>
          customer.post<{ available: boolean; total: { units: string } }>('/v1/rentals:quote', {
            product_id: id,
            months: 36,
          });
        await eventually(quoted, ({ body }) => body.total.units === '75000');
        await page.getByRole('button', { name: '70,000원 결제하고 신청하기' }).click();
        await page.getByText('지금 총 금액은 75,000원이에요. 신청된 것도, 나간 돈도 없어요.').waitFor();
        expect(await rentalsOf(customer)).toEqual([]);
        await page.getByRole('button', { name: '바뀐 금액 75,000원 결제하고 신청하기' }).click();
        await page.waitForURL(/\/orders\//);
        expect(await dispensers.paid((await rentalsOf(customer))[0]!.id)).toBe(75_000);

        for (const path of read) await context.unroute(path);
        await ok(phones.admin.post(`/v1/products/${id}:close`, {}));
        await eventually(quoted, ({ body }) => !body.available);
        await page.goto(order(id));
        const told = page.getByRole('status').filter({ hasText: '이제 빌려 드리지 않는 정수기예요.' });
        await told.getByRole('link').first().click();
        await page.getByRole('link', { name: '신청하기' }).click();
        await page.getByRole('heading', { level: 1, name: '렌탈 신청' }).waitFor();
        await context.close();
      },
      starts,
    );

    test(
      'the last dispenser went to another: the form says that one waits in line, and the order is accepted and waits',
      async () => {
        const { id } = await dispensers.newDispenser(0);
        const customer = person(jari, 'waits-in-line');
        const { context, page } = await signedInAs(customer, { ...view, language: 'en' });
        await page.goto(order(id));
        await page.getByText('Out of stock at the moment').waitFor();
        await page.getByLabel('Address').fill(home);
        // By keyboard alone from here.
        await page.getByLabel('Address').focus();
        const consented = page.getByRole('checkbox');
        const hasFocus = (): Promise<boolean> => page.evaluate<boolean>(`document.activeElement.type === 'checkbox'`);
        for (let nth = 0; nth < 5 && !(await hasFocus()); nth++) await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        expect(await consented.isChecked()).toBe(true);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/orders\//);
        const [made] = await rentalsOf(customer);
        await becomes(() => dispensers.rentalOf(made!.id, customer), { status: 'BACKORDERED' });
        await page.getByRole('heading', { name: 'Waiting for new stock' }).waitFor();
        await context.close();
      },
      starts,
    );
  });

  test.each(pairedViews)(
    'a filled order form has nothing that axe finds in $language, $theme, at $width px',
    async (as) => {
      const { context, page, problems } = await signedInAs(person(jari, 'looks'), as);
      await page.addInitScript(`sessionStorage.setItem('form:place', '"37.556,126.924"')`);
      for (const path of [`/preorder/${phoneId}/order`, `/rental/${dispenserId}/order`]) {
        await open(page, jari.rest + path);
        await page.getByRole('checkbox').waitFor();
        expect([path, await axeProblems(page)]).toEqual([path, []]);
        expect([path, await overflow(page)]).toEqual([path, 0]);
      }
      expect(problems).toEqual([]);
      await context.close();
    },
    starts,
  );
});

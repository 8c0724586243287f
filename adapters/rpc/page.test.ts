import { describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { fitting, mostPageBytes, paged, type Page } from './page.ts';

/** A list of that many items, newest first, each with so much text. */
const shelf = (count: number, letters: number) => {
  const all = Array.from({ length: count }, () => newId())
    .sort()
    .reverse()
    .map((id) => ({ id, text: '자'.repeat(letters) }));
  return async ({ size, after }: Page) => all.filter(({ id }) => after === undefined || id < after).slice(0, size);
};

async function walk(pageSize: number, read: ReturnType<typeof shelf>) {
  const pages: { id: string; text: string }[][] = [];
  for (let pageToken = ''; ;) {
    const { items, nextPageToken } = await paged({ pageSize, pageToken }, read, (item) => item);
    pages.push(items);
    if (!nextPageToken) return pages;
    pageToken = nextPageToken;
  }
}

describe('a list', () => {
  test('comes in pages of the size that is asked for', async () => {
    const pages = await walk(3, shelf(7, 1));
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(7);
  });

  test('has no token after the last item, also where the page is just full', async () =>
    expect((await walk(3, shelf(6, 1))).map(({ length }) => length)).toEqual([3, 3]));

  test('of long items stops below 4 MiB of JSON, and goes on with a token (issue 13.14)', async () => {
    const pages = await walk(200, shelf(200, 20_000));
    expect(pages.length).toBeGreaterThan(5);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(200);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(4 << 20);
  });

  test('goes on though one item alone is too much', async () =>
    expect((await walk(200, shelf(3, mostPageBytes))).map(({ length }) => length)).toEqual([1, 1, 1]));

  test.each(['nonsense', Buffer.from('entry 1').toString('base64url')])(
    'refuses the page token %s',
    async (pageToken) =>
      expect(paged({ pageSize: 0, pageToken }, shelf(1, 1), (item) => item)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        fields: [{ field: 'page_token' }],
      }),
  );
});

test('an item is measured by no less than half of its JSON', () => {
  const item = {
    id: newId(),
    at: new Date(),
    amount: 9_007_199_254_740_993n,
    names: Array.from({ length: 50 }, (_, nth) => ({ nth, text: 'a'.repeat(nth) })),
    on: false,
  };
  const json = JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  const fits = Math.ceil(mostPageBytes / json.length);
  expect(fitting(Array(fits * 3).fill(item), (each) => each).length).toBeLessThan(fits * 2);
});

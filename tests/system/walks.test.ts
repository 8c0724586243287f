import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pathOf } from '../../deploy/native/install.ts';
import { repeated } from '../architecture/registry.ts';
import { checkout, embedded, type Embedded } from './kit/embedded.ts';
import { commandsIn, preparation, shell, walk } from './kit/walk.ts';

// What the documents tell to type, typed word by word, in the shells that people have.

let jari: Embedded;
beforeAll(async () => {
  jari = await embedded();
  await jari.up();
}, 60_000);
afterAll(() => jari?.remove(), 60_000);

/** The document, told where this process listens. */
const document = (path: string): string =>
  readFileSync(join(checkout, path), 'utf8')
    .replaceAll('http://127.0.0.1:8080', jari.rest)
    .replaceAll('127.0.0.1:50051', jari.grpc);

const walked = async (program: 'bash' | 'zsh', read: () => ReturnType<typeof preparation>): Promise<string[]> => {
  const terminal = shell(program, checkout, {
    ...jari.env,
    PATH: `${dirname(pathOf('grpcurl'))}:${join(checkout, 'node_modules/.bin')}:${process.env['PATH']}`,
  });
  try {
    return await walk(read(), terminal);
  } finally {
    terminal.close();
  }
};

test('no two things of the sample data share an id', async () => {
  const lists = ['properties', 'rooms', 'cafes', 'products', 'tutoring/lessons'];
  const listed = await Promise.all(
    lists.map(
      async (path) =>
        Object.values(
          (await (await fetch(`${jari.rest}/v1/${path}?page_size=200`)).json()) as Record<string, { id: string }[]>,
        )[0] ?? [],
    ),
  );
  const ids = listed.flat().map(({ id }) => id);
  expect(listed.every(({ length }) => length > 0)).toBe(true);
  expect(repeated(ids)).toEqual([]);
});

describe.each(['bash', 'zsh'] as const)('in %s', (program) => {
  // Each walk leaves its nights free again, so the next one finds them.
  test.each(['README.md', 'README.ko.md'])(
    'the first reservation of %s does what it says (L1, L2, L3, L5)',
    async (path) => {
      const heading = path === 'README.md' ? 'A first reservation' : '첫 예약';
      expect(await walked(program, () => commandsIn(document(path), heading))).toEqual([]);
    },
    120_000,
  );

  test.each(['A seat in a study cafe', 'A water dispenser', 'A phone pre-order', 'A lesson'])(
    'docs/first-orders.md: %s does what it says',
    async (heading) => {
      const text = document('docs/first-orders.md');
      expect(await walked(program, () => [...preparation(text), ...commandsIn(text, heading)])).toEqual([]);
    },
    120_000,
  );
});

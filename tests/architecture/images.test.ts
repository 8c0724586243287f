import { describe, expect, test } from '@jest/globals';
import { imageProblems } from './images.ts';

const digest = `@sha256:${'0a'.repeat(32)}`;
const listed = { image: 'broker:4.2', reason: 'not known yet' };

describe('an image (17)', () => {
  test('is taken by its digest, from a Dockerfile and from a compose file', () =>
    expect(
      imageProblems(
        [`FROM node:24${digest} AS build`, `  db:\n    image: postgres:18${digest}`, 'image: jari:0.1.0'],
        [],
      ),
    ).toEqual([]));
  test.each(['FROM node:24 AS build', '    image: node:24'])('is refused by its tag alone: %s', (text) =>
    expect(imageProblems([text], [])).toEqual(['node:24 is taken without a digest']),
  );
  test('may be taken by its tag where the list gives a reason', () =>
    expect(imageProblems(['image: broker:4.2'], [listed])).toEqual([]));
  test('leaves the list once it has a digest', () =>
    expect(imageProblems([`image: broker:4.2${digest}`], [listed])).toEqual([
      'broker:4.2 is on the list of images without a digest, and is not taken so',
    ]));
  test('needs a reason on the list', () =>
    expect(imageProblems(['image: broker:4.2'], [{ ...listed, reason: '' }])).toEqual([
      'broker:4.2 is on the list of images without a digest, and gives no reason',
    ]));
});

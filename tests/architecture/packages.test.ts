import { describe, expect, test } from '@jest/globals';
import { packageProblems } from './packages.ts';

const allowed = { licences: ['MIT', 'ISC'], minimumVersions: { orm: '7.0.6' } };
const exact = {
  dependencies: { orm: '7.0.6' },
  devDependencies: { fast: 'npm:typescript@7.0.2' },
  optionalDependencies: { pg: '18.4.0-beta.17' },
};
const installed = (
  version: string,
  license = 'MIT',
  integrity = 'sha512-x',
): Parameters<typeof packageProblems>[0] => ({
  packages: { '': {}, 'node_modules/orm': { version, license, integrity } },
});

describe('what is installed', () => {
  test.each(['7.0.6', '7.0.10', '7.1.0', '10.0.0'])('may be %s, with a minimum of 7.0.6', (version) => {
    expect(packageProblems(installed(version), exact, allowed)).toEqual([]);
  });
  test.each(['7.0.5', '6.9.9', '7.0.6-rc.1'])('may not be %s', (version) => {
    expect(packageProblems(installed(version), exact, allowed)).toEqual([`orm ${version} is below 7.0.6`]);
  });
  test('is looked for in every corner', () => {
    const lockfile = {
      packages: {
        ...installed('7.0.6').packages,
        'node_modules/a/node_modules/orm': { version: '7.0.1', license: 'MIT', integrity: 'sha512-x' },
      },
    };
    expect(packageProblems(lockfile, exact, allowed)).toEqual(['orm 7.0.1 is below 7.0.6']);
  });
  test('must be there where a minimum is asked for', () => {
    const lockfile = {
      packages: { 'node_modules/other': { version: '1.0.0', license: 'MIT', integrity: 'sha512-x' } },
    };
    expect(packageProblems(lockfile, exact, allowed)).toEqual(['orm has a minimum version and is not installed']);
  });
  test.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC'])('may come under %s', (licence) => {
    expect(packageProblems(installed('7.0.6', licence), exact, allowed)).toEqual([]);
  });
  test.each(['', 'sha1-x'])('must have a strong hash, not "%s" (17)', (integrity) => {
    expect(packageProblems(installed('7.0.6', 'MIT', integrity), exact, allowed)).toEqual([
      'orm 7.0.6 has no integrity',
    ]);
  });
  test.each(['GPL-3.0', 'MIT AND GPL-3.0', ''])('may not come under "%s"', (licence) => {
    expect(packageProblems(installed('7.0.6', licence), exact, allowed)).toEqual([
      `orm comes under ${licence || 'no licence'}`,
    ]);
  });
});

test.each(['^7.0.6', '~7.0.6', '7.x', 'latest', '>=7.0.6', '*'])('a wish for %s leaves the version open', (version) => {
  expect(packageProblems(installed('7.0.6'), { ...exact, dependencies: { orm: version } }, allowed)).toEqual([
    `orm ${version} is not an exact version`,
  ]);
});

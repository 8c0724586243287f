import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { str } from 'envalid';
import { SettingsError } from '#adapters/settings/settings.ts';
import type { Secrets } from './sealing.ts';

/** Settings of every service that seals. */
export const sealingSettings = {
  JARI_SECRET: str({
    default: '',
    desc: 'Secret that encrypts telephone numbers, e-mail addresses and bank accounts in the database: at least 32 characters, no spaces. Required in production. Otherwise empty: the first start makes one and keeps it in `JARI_DATA/secret`.',
  }),
  JARI_OLD_SECRETS: str({
    default: '',
    desc: 'Earlier values of `JARI_SECRET`, separated by spaces. Each start decrypts with them and encrypts with `JARI_SECRET`; then they can be removed.',
  }),
};

const shortest = 32;

/** What is wrong with a secret that is given. */
export const secretProblems = (given: string): string[] => [
  ...(/\s/.test(given) ? ['JARI_SECRET contains a space, and must not'] : []),
  ...(given && given.length < shortest
    ? [`JARI_SECRET has ${given.length} characters, and needs at least ${shortest}`]
    : []),
];

/** The secrets of the settings. Without any, outside production, the one in the data folder. */
export function secretsOf({
  settings,
  development,
}: {
  settings: Readonly<Record<string, unknown>>;
  development: boolean;
}): Secrets {
  const given = String(settings['JARI_SECRET'] ?? '');
  const old = String(settings['JARI_OLD_SECRETS'] ?? '')
    .split(/\s+/)
    .filter(Boolean);
  const [problem] = secretProblems(given);
  if (problem) throw new SettingsError(problem);
  if (given) return { current: given, old };
  if (!development)
    throw new SettingsError(`JARI_SECRET is missing: production needs a secret of at least ${shortest} characters`);
  return { current: secretIn(String(settings['JARI_DATA'])), old };
}

/** The secret kept in the folder, made on first use. Processes that start at once agree on one: the first file stays. */
export function secretIn(folder: string): string {
  const file = join(folder, 'secret');
  const kept = read(file);
  if (kept) return kept;
  mkdirSync(folder, { recursive: true });
  const aside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, file); // unlike a rename it never replaces a secret that another process already uses
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside);
  }
  return read(file) as string;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Passwords by user. */
export type Passwords = Readonly<Record<string, string>>;

/** The users' passwords, kept in a file that only its owner reads; made at the first start, and for users that are new. */
export function keptPasswords(file: string, users: readonly string[]): Passwords {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Passwords) : {};
  const fresh = users.filter((name) => !known[name]);
  if (!fresh.length) return known;
  const passwords = {
    ...known,
    ...Object.fromEntries(fresh.map((name) => [name, randomBytes(24).toString('base64url')])),
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return passwords;
}

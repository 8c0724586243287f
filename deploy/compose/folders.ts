import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanEnv, str } from 'envalid';

const settings = cleanEnv(process.env, {
  JARI_CONFIG: str({
    default: '/etc/jari',
    desc: 'Folder that only the preparation of a compose project may read. `for/NAME` holds the volume of each container.',
  }),
});

/** Only for the preparation: passwords, the signing key, the secret. */
export const kept = (name: string): string => join(settings.JARI_CONFIG, name);

/** Users of the images, as numbers: what is given to a container belongs to the user that it runs as. */
export const owners = { node: 1_000, postgres: 999, rabbitmq: 999, envoy: 101 } as const;

/** Puts a file into the volume of one container, readable by its user alone. */
export function give(container: string, name: string, content: string | Uint8Array, owner: keyof typeof owners): void {
  const file = kept(join('for', container, name));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o400);
  if (process.getuid?.() === 0) {
    chmodSync(dirname(file), 0o700);
    for (const path of [file, dirname(file)]) chownSync(path, owners[owner], owners[owner]);
  }
}

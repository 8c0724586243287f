import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from '#adapters/backup/back-up.ts';
import type { Manifest } from '#adapters/backup/manifest.ts';
import { restore } from '#adapters/backup/restore.ts';
import { placeIn } from '../backup.ts';
import { StackError, type Stack } from './native-stack.ts';

/** Whether the stack is up or not. */
export const backUpStack = ({ dir }: Pick<Stack, 'dir'>, to: string): Promise<Manifest> =>
  backUp({ ...placeIn(dir), to });

/** Also takes away what the broker holds: it is of a time that the databases know nothing of. */
export async function restoreStack(
  { dir, parts }: Pick<Stack, 'dir' | 'parts'>,
  from: string,
  replace: boolean,
): Promise<Manifest> {
  const up = parts.filter(({ running }) => running()).map(({ name }) => name);
  if (up.length) throw new StackError(`the stack is up (${up.join(', ')}): \`npm run stack -- down\` first`);
  const manifest = await restore({ ...placeIn(dir), from, replace });
  rmSync(join(dir, 'rabbitmq/mnesia'), { recursive: true, force: true });
  return manifest;
}

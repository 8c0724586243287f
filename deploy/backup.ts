/** `npm run backup -- FOLDER`, `npm run restore -- FOLDER [--replace]`: the data of `npm start`. The native stack has commands of its own. */
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { backUp } from '#adapters/backup/back-up.ts';
import { BackupError } from '#adapters/backup/manifest.ts';
import { restore } from '#adapters/backup/restore.ts';
import { FolderInUse } from '#adapters/embedded-postgres/folder.ts';

/** Where the data of a way to run lies, below its folder. */
export const placeIn = (dir: string) => ({
  folder: join(dir, 'postgres'),
  secretFile: join(dir, 'secret'),
  log: pino({ level: 'warn' }),
});

/** As it was typed: npm runs its scripts in the checkout. */
export const typed = (folder: string): string => resolve(process.env['INIT_CWD'] ?? '.', folder);

export const backedUp = (to: string, { at }: { at: string }): string =>
  `${to} holds everything that was accepted before ${at}`;
export const restored = ({ at }: { at: string }): string =>
  `restored as of ${at}; at the next start the services tell each other again what was under way, and payment compares its books with the provider's`;

if (import.meta.main) {
  const [verb = '', folder = '', option = ''] = process.argv.slice(2);
  const place = placeIn(process.env['JARI_DATA'] ?? '.jari');
  try {
    if (verb === 'backup' && folder && !option)
      console.log(backedUp(typed(folder), await backUp({ ...place, to: typed(folder) })));
    else if (verb === 'restore' && folder && ['', '--replace'].includes(option))
      console.log(restored(await restore({ ...place, from: typed(folder), replace: option !== '' })));
    else {
      console.error(
        'npm run backup -- FOLDER\nnpm run restore -- FOLDER [--replace]      the data of `npm start`, in JARI_DATA (.jari)',
      );
      process.exitCode = 2;
    }
  } catch (error) {
    console.error(error instanceof BackupError || error instanceof FolderInUse ? error.message : error);
    process.exitCode = 1;
  }
}

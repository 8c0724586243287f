import { join } from 'node:path';
import type { Logger } from 'pino';
import { FolderInUse, read } from './folder.ts';
import { startPostgres } from './postgres.ts';

/** The PostgreSQL that runs on the folder, or one started for the purpose. */
export async function serverIn(folder: string, log: Logger): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  try {
    return await startPostgres({ dir: folder, log });
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const [password, port] = [read(join(folder, 'password')), read(join(folder, 'port'))];
    return { adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop: async () => {} };
  }
}

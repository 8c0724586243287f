import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { checkout, embedded } from './kit/embedded.ts';
import { lodgingServices } from './kit/lodging.ts';
import { restored, restoringSettings } from './kit/suites/restoring.ts';

// The data of `npm start` are lost, and a backup is restored; the providers know what happened since.

const jari = await embedded(restoringSettings, lodgingServices);
beforeAll(() => jari.up(), 300_000);
afterAll(() => jari.remove(), 60_000);

const backup = join(jari.folder, 'backup');
const command = (...words: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [join(checkout, 'deploy/backup.ts'), ...words], {
    env: { ...process.env, ...jari.env },
  });

restored(jari, {
  async backUp() {
    expect((await command('backup', backup)).stdout).toContain('holds everything that was accepted before');
  },
  async loseAndRestore() {
    await expect(command('restore', backup)).rejects.toMatchObject({
      stderr: expect.stringContaining('is in use by process'),
    });
    await jari.down();
    rmSync(join(jari.folder, 'data/postgres'), { recursive: true });
    expect((await command('restore', backup)).stdout).toContain('restored as of');
    await jari.up();
  },
});

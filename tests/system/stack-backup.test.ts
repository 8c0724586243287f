import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { native } from './faults/native.ts';
import { lodgingServices } from './kit/lodging.ts';
import { checkout } from './kit/embedded.ts';
import { restored, restoringSettings } from './kit/suites/restoring.ts';

// The databases and the broker of the native stack are lost, and a backup is restored; the providers know what happened since.

const jari = await native(restoringSettings, { services: lodgingServices });
beforeAll(() => jari.stack.up(), 300_000);
afterAll(() => jari.remove(), 60_000);

const backup = join(jari.folder, 'backup');
const command = (...words: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [join(checkout, 'deploy/native/stack.ts'), ...words], {
    env: { ...process.env, JARI_DATA: jari.folder },
  });

restored(jari, {
  async backUp() {
    expect((await command('backup', backup)).stdout).toContain('holds everything that was accepted before');
  },
  async loseAndRestore() {
    await expect(command('restore', backup)).rejects.toMatchObject({
      stderr: expect.stringContaining('`npm run stack -- down` first'),
    });
    await jari.stack.down();
    rmSync(join(jari.stack.dir, 'postgres'), { recursive: true });
    expect((await command('restore', backup)).stdout).toContain('restored as of');
    await jari.stack.up();
  },
});

test('a backup is not written over another, and is not restored over data', async () => {
  await expect(command('backup', backup)).rejects.toMatchObject({
    stderr: expect.stringContaining('is not empty: name a folder that does not exist'),
  });
  await jari.stack.down();
  await expect(command('restore', backup)).rejects.toMatchObject({
    stderr: expect.stringContaining('holds a database already: with --replace it is moved aside'),
  });
}, 120_000);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { startBank } from '../bank/server.ts';
import { sandboxBank } from './sandbox.ts';

test('a bank that is called too often says when to call again', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'jari-bank-'));
  const running = await startBank({ port: 0, dir });
  try {
    const bank = sandboxBank(running.url, { run: (call) => call(new AbortController().signal) });
    await fetch(`${running.url}/mode`, { method: 'PUT', body: JSON.stringify({ mode: 'NORMAL', per_second: 0.5 }) });
    const later = { name: 'TooManyCalls', comeBackMs: 1_000 };
    await expect(bank.find(newId())).rejects.toMatchObject(later);
    await expect(bank.void(newId())).rejects.toMatchObject(later);
    await bank.setMode('NORMAL', 0);
    expect(await bank.find(newId())).toBeUndefined();
  } finally {
    await running.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

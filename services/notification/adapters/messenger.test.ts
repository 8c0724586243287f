import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startMessenger } from '../messenger/server.ts';
import { messengerAt } from './messenger.ts';

test('a messenger that is called too often says when to call again, and delivers nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'jari-messenger-'));
  const running = await startMessenger({ port: 0, dir });
  try {
    const messenger = messengerAt(running.url);
    await fetch(`${running.url}/mode`, { method: 'PUT', body: JSON.stringify({ mode: 'NORMAL', per_second: 0.5 }) });
    const letter = { key: 'k', orderId: 'o', channel: 'SMS', address: '010-1234-5678', text: 'x' } as const;
    await expect(messenger.send(letter)).rejects.toMatchObject({ name: 'TooManyCalls', comeBackMs: 1_000 });
    await messenger.setMode('NORMAL', 0);
    expect(await messenger.entries('o')).toEqual([]);
    expect(await messenger.send({ ...letter, address: '+821012345678' })).toEqual({ outcome: 'taken' });
  } finally {
    await running.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

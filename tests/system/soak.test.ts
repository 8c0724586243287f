import { expect, test } from '@jest/globals';
import { checkout } from './kit/embedded.ts';
import { startProgram } from './kit/program.ts';

test('the soak can be begun, and says of what it is made', async () => {
  const soak = startProgram({ command: process.execPath, args: ['tests/system/soak.ts', '--help'], cwd: checkout });
  expect(await soak.ended).toBe(0);
  for (const part of ['lodging: broker down, 45 s', 'preorder: 200 kills of preorder and inventory', 'overload'])
    expect(soak.output()).toContain(part);
});

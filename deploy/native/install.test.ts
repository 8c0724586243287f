import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './install.ts';

const program = join(import.meta.dirname, 'install.ts');
const run = (...names: string[]): { status: number | null; stdout: string; stderr: string } => {
  const tools = mkdtempSync(join(tmpdir(), 'jari-tools-'));
  try {
    // flock is all that it finds.
    return spawnSync(process.execPath, [program, ...names], {
      encoding: 'utf8',
      env: { JARI_TOOLS: tools, PATH: '/usr/bin' },
    });
  } finally {
    rmSync(tools, { recursive: true });
  }
};

test('what cannot be had is said plainly, with the reason', () => {
  const { status, stdout } = run('stripe-mock');
  expect([status, stdout]).toEqual([1, expect.stringContaining('missing stripe-mock: needs go')]);
});

test('a tool that nobody knows is refused with the names that there are', () => {
  const { status, stderr } = run('hammer');
  expect([status, stderr]).toEqual([2, expect.stringMatching(/no tool named hammer\n.*rabbitmq, envoy/s)]);
});

test('what is there is found', () => {
  expect(tool('envoy')).toEqual({ path: expect.stringMatching(/envoy$/) });
  expect(tool('rabbitmq')).toEqual({ path: expect.stringMatching(/rabbitmq-server$/) });
});

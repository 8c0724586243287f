import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { tool } from '../../deploy/native/install.ts';

test('the bench prints each figure beside its ceiling, and keeps table, numbers and plot', async () => {
  const out = mkdtempSync(join(tmpdir(), 'jari-bench-test-'));
  try {
    const args = [join(import.meta.dirname, 'run.ts'), 'accept', '--on', 'embedded', '--seconds', '2', '--out', out];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    const table = stdout
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const [head, , rate, cost] = table;
    expect(head).toEqual(['figure', 'on', 'measured', 'ceiling', 'ratio', 'goal', 'met', 'rounds']);
    expect(rate?.slice(0, 3)).toEqual(['accept by gRPC', 'embedded', expect.stringMatching(/^[\d.,]+ accepts\/s$/)]);
    expect(cost?.slice(0, 3)).toEqual([
      'accept by gRPC: processor time',
      'embedded',
      expect.stringMatching(/^[\d.]+ ms each$/),
    ]);
    if ('path' in tool('pgbench'))
      expect(rate?.slice(3, 5)).toEqual([expect.stringMatching(/^[\d.,]+$/), expect.stringMatching(/^\d\.\d\d$/)]);
    expect(stdout).not.toContain('FAILED');

    expect(readFileSync(join(out, 'figures.md'), 'utf8').trim()).toBe(stdout.trim());
    const { figures } = JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8')) as {
      figures: { what: string; value: number }[];
    };
    expect(figures.map(({ what, value }) => [what, value > 0])).toEqual([
      [rate?.[0], true],
      [cost?.[0], true],
    ]);
    expect(readFileSync(join(out, 'figures.svg'), 'utf8')).toContain('accept by gRPC · embedded');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}, 180_000);

import { afterAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginningOf } from '#adapters/embedded-postgres/folder.ts';
import { answered, end, launch, logFile, running, until } from './process.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-process-'));
afterAll(() => rmSync(dir, { recursive: true }));
const node = (script: string): { command: string; args: string[] } => ({
  command: process.execPath,
  args: ['-e', script],
});

test('a process is known by its file, and ends when it is told to', async () => {
  launch(
    dir,
    'gentle',
    node(
      `process.on('SIGTERM', () => { console.log('bye'); process.exit() }); console.log('hello'); setInterval(() => {}, 1000)`,
    ),
  );
  await until('hello', async () => readFileSync(logFile(dir, 'gentle'), 'utf8') === 'hello\n', 5_000);
  expect(running(dir, 'gentle')).toBeDefined();
  await end(dir, 'gentle', 'SIGTERM');
  expect([running(dir, 'gentle'), readFileSync(logFile(dir, 'gentle'), 'utf8')]).toEqual([undefined, 'hello\nbye\n']);
});

test('one that does not listen is ended by force', async () => {
  const { pid } = launch(
    dir,
    'deaf',
    node(`process.on('SIGTERM', () => {}); console.log('on'); setInterval(() => {}, 1000)`),
  );
  await until('on', async () => readFileSync(logFile(dir, 'deaf'), 'utf8') === 'on\n', 5_000);
  await end(dir, 'deaf', 'SIGTERM', 200);
  expect(beginningOf(pid)).toBeUndefined();
});

test("somebody else's process that was given the same number is left alone", async () => {
  const stranger = spawn('sleep', ['30']);
  writeFileSync(join(dir, 'reborn.pid'), JSON.stringify({ pid: stranger.pid, born: 'another time' }));
  expect(running(dir, 'reborn')).toBeUndefined();
  await end(dir, 'reborn', 'SIGKILL');
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill();
});

test('who waits for an answer of a process that died is told at once, with what it last said', async () => {
  launch(dir, 'brief', node(`console.log('I cannot go on')`));
  await expect(answered(dir, 'brief', async () => false)).rejects.toThrow(
    /brief: the process ended; the end of .*:\nI cannot go on/,
  );
});

test('a program that does not exist is named', () => {
  expect(() => launch(dir, 'nothing', { command: '/no/such/program', args: [] })).toThrow(
    'nothing does not start (/no/such/program)',
  );
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { builtFile, webFiles, type WebAnswer, type WebFiles } from './web-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'jari-web-'));
let web: WebFiles;
beforeAll(() => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html lang="ko"><head><title>자리</title></head></html>');
  writeFileSync(join(folder, 'assets/index-abc.js'), 'go()');
  writeFileSync(join(folder, 'assets/index-abc.js.br'), brotliCompressSync('go()'));
  writeFileSync(join(folder, 'manifest.json'), '{"text/en.ts":{"file":"assets/en-abc.js"}}');
  web = webFiles(folder) as WebFiles;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const browser = { accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'gzip, br' };
const ask = (path: string, headers: IncomingHttpHeaders = browser, method = 'GET'): WebAnswer | undefined =>
  web.answer({ method, path, headers });

test('a folder without a build has no pages', () => {
  expect(webFiles(join(folder, 'assets'))).toBeUndefined();
});

test('every path that a browser opens is the one page, which is never kept without asking', () => {
  for (const path of ['/', '/lodging', '/orders/0190'])
    expect(ask(path)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
  expect(ask('/', browser, 'HEAD')).toMatchObject({ status: 200 });
});

test('paths of the API, programs and other methods are left to the gateway', () => {
  expect(ask('/v1/nope')).toBeUndefined();
  expect(ask('/auth/session')).toBeUndefined();
  expect(ask('/assets/gone.js')).toBeUndefined();
  expect(ask('/manifest.json')).toMatchObject({ headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(ask('/lodging', { accept: 'application/json' })).toBeUndefined();
  expect(ask('/lodging', browser, 'POST')).toBeUndefined();
  expect(ask('/../web-files.ts', { accept: '*/*' })).toBeUndefined();
});

test('a file with a hash in its name is kept for good, and comes compressed to whoever reads that', () => {
  const answer = ask('/assets/index-abc.js');
  expect(answer?.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'accept-encoding',
  });
  expect(brotliDecompressSync(answer?.body ?? '').toString()).toBe('go()');
  expect(ask('/assets/index-abc.js', {})?.body.toString()).toBe('go()');
});

test('what the browser has already is not sent again', () => {
  const etag = ask('/')?.headers['etag'] ?? '';
  expect(ask('/', { ...browser, 'if-none-match': `W/${etag}` })).toMatchObject({ status: 304, body: Buffer.alloc(0) });
});

test('the page knows language and theme: of the cookies, else of the browser', () => {
  const html = (headers: IncomingHttpHeaders): string => ask('/', { ...browser, ...headers })?.body.toString() ?? '';
  expect(html({})).toContain('<html lang="ko" data-theme="system">');
  expect(html({ 'accept-language': 'fr-FR,en;q=0.8' })).toContain('lang="en"');
  expect(html({ 'accept-language': 'en', cookie: 'jari-language=ko; jari-theme=dark' })).toContain(
    '<html lang="ko" data-theme="dark">',
  );
  expect(html({ cookie: 'jari-theme="><script>' })).toContain('data-theme="system"');
});

test('the words of the reader’s language are fetched with the first scripts', () => {
  const preload = '<link rel="modulepreload" crossorigin href="/assets/en-abc.js">';
  expect(ask('/', { ...browser, 'accept-language': 'en' })?.body.toString()).toContain(preload);
  expect(ask('/', { ...browser, 'accept-language': 'ko' })?.body.toString()).not.toContain(preload);
});

test('a file of the build is sent as it was compressed there, and not to who has it', () => {
  const path = join(folder, 'openapi.json');
  writeFileSync(path, '{"openapi":"3.1.0"}');
  writeFileSync(`${path}.gz`, gzipSync('{"openapi":"3.1.0"}'));
  const answer = builtFile(path, 'application/json');
  const packed = answer({ 'accept-encoding': 'gzip' });
  expect(packed).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  expect(gunzipSync(packed.body).toString()).toBe('{"openapi":"3.1.0"}');
  expect(answer({ 'accept-encoding': 'gzip' }).body).toBe(packed.body);
  expect(answer({}).body.toString()).toBe('{"openapi":"3.1.0"}');
  expect(answer({ 'if-none-match': packed.headers['etag'] })).toMatchObject({ status: 304 });
});

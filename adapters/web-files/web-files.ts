import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { cookieIn } from '#adapters/auth/cookies.ts';
import { languages, preferredLanguage } from '#kernel/language.ts';

/** What a browser asks for. */
export interface WebRequest {
  method: string;
  /** Without the query. */
  path: string;
  headers: IncomingHttpHeaders;
}

export interface WebAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** The built web application. */
export interface WebFiles {
  /** Undefined where the path is neither a file nor a page. */
  answer(request: WebRequest): WebAnswer | undefined;
}

/** Paths of machines: an unknown one below them is an error for a program, never a page. */
export const notPages: readonly string[] = [
  '/v1',
  '/auth',
  '/oidc',
  '/.well-known',
  '/jari.',
  '/grpc.',
  '/assets',
  '/icons',
];

interface Stored {
  type: string;
  etag: string;
  cacheControl: string;
  plain: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Files that are no pages, by the beginnings of their paths. */
export const filePaths: readonly string[] = ['/assets/', '/icons/', '/manifest.webmanifest', '/robots.txt'];

const themes = ['system', 'light', 'dark'] as const;

/** Reads a build of web/ whole into memory; undefined where there is none. */
export function webFiles(folder: string): WebFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = storedFiles(folder);
  const pages = pageVariants(readFileSync(join(folder, 'index.html'), 'utf8'), dictionaries(folder));
  return {
    answer({ method, path, headers }) {
      if (method !== 'GET' && method !== 'HEAD') return undefined;
      const file = files.get(path);
      if (file) return fileAnswer(file, headers);
      if (!isPage(path, headers)) return undefined;
      const chosen = <Value extends string>(values: readonly Value[], cookie: string): Value | undefined =>
        values.find((each) => each === cookieIn(headers.cookie, cookie));
      const language = chosen(languages, 'jari-language') ?? preferredLanguage(headers['accept-language']) ?? 'ko';
      const theme = chosen(themes, 'jari-theme') ?? 'system';
      return fileAnswer(pages.get(`${language} ${theme}`) as Stored, headers, {
        vary: 'accept-encoding, accept-language, cookie',
      });
    },
  };
}

/** What is opened in a browser's window. */
const isPage = (path: string, headers: IncomingHttpHeaders): boolean =>
  (headers.accept ?? '').includes('text/html') && !notPages.some((each) => path.startsWith(each));

/** Names of files below assets/ hold their content's hash, so these never change; all else is asked for again each time. */
function storedFiles(folder: string): Map<string, Stored> {
  const names = globSync('**/*', { cwd: folder }).filter((name) => types[extname(name)] !== undefined);
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => {
        const path = join(folder, name);
        const packed = (ending: string): Buffer | undefined =>
          existsSync(`${path}${ending}`) ? readFileSync(`${path}${ending}`) : undefined;
        const [br, gzip] = [packed('.br'), packed('.gz')];
        return [
          `/${name.replaceAll('\\', '/')}`,
          {
            ...stored(readFileSync(path), types[extname(name)] ?? ''),
            cacheControl: name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
            ...(br && { br }),
            ...(gzip && { gzip }),
          },
        ] as const;
      }),
  );
}

/** Where the build put the words of a language. */
function dictionaries(folder: string): (language: string) => string | undefined {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, { file: string }>;
  return (language) => manifest[`text/${language}.ts`]?.file;
}

/** The page knows language and theme before its first script runs: nothing flashes. Its words are fetched beside the scripts. */
const pageVariants = (index: string, dictionary: (language: string) => string | undefined): Map<string, Stored> =>
  new Map(
    languages.flatMap((language) =>
      themes.map((theme) => {
        const words = dictionary(language);
        const page = index
          .replace(/<html[^>]*>/, `<html lang="${language}" data-theme="${theme}">`)
          .replace('</head>', words ? `<link rel="modulepreload" crossorigin href="/${words}"></head>` : '</head>');
        return [`${language} ${theme}`, stored(Buffer.from(page), 'text/html; charset=utf-8')] as const;
      }),
    ),
  );

const stored = (plain: Buffer, type: string): Stored => ({
  type,
  plain,
  etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
  cacheControl: 'no-cache',
});

/** A file that the build has made and compressed beside it. */
export function builtFile(path: string, type: string): (headers: IncomingHttpHeaders) => WebAnswer {
  const file: Stored = { ...stored(readFileSync(path), type), gzip: readFileSync(`${path}.gz`) };
  return (headers) => fileAnswer(file, headers);
}

function fileAnswer(file: Stored, headers: IncomingHttpHeaders, more: Record<string, string> = {}): WebAnswer {
  const shared = { etag: file.etag, 'cache-control': file.cacheControl, vary: 'accept-encoding', ...more };
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (known.includes(file.etag)) return { status: 304, headers: shared, body: Buffer.alloc(0) };
  const accepted = headers['accept-encoding']?.toString() ?? '';
  const [encoding, body] =
    file.br && /\bbr\b/.test(accepted)
      ? (['br', file.br] as const)
      : file.gzip && /\bgzip\b/.test(accepted)
        ? (['gzip', file.gzip] as const)
        : ([undefined, file.plain] as const);
  return {
    status: 200,
    headers: { ...shared, 'content-type': file.type, ...(encoding && { 'content-encoding': encoding }) },
    body,
  };
}

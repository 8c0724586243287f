// Builds web/dist from web/ when a source is newer than it. Does nothing otherwise, so that `npm ci` and every start may simply call it.
// Plain JavaScript: it runs within `npm ci`, when the only Node at hand may be one that cannot read TypeScript.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const web = dirname(fileURLToPath(import.meta.url));
const output = join(web, 'dist');

const isSource = (file) => !file.startsWith('dist') && !file.startsWith('.dist-') && !file.endsWith('.test.ts');
const fingerprint = createHash('sha256');
for (const file of globSync('**/*', { cwd: web }).filter(isSource).sort()) {
  const path = join(web, file);
  if (statSync(path).isFile()) fingerprint.update(file).update(readFileSync(path));
}
fingerprint.update(readFileSync(join(web, '../package-lock.json')));
const stamp = fingerprint.digest('hex');
const isCurrent = () => existsSync(join(output, '.stamp')) && readFileSync(join(output, '.stamp'), 'utf8') === stamp;

/** Texts of the component library in other languages than ours are left out. */
const ourLanguages = {
  name: 'our-languages',
  enforce: 'pre',
  resolveId(name, importer = '') {
    const [, language] = /\/([a-z]{2}-[A-Z]{2})\.m?js$/.exec(name) ?? [];
    const isOther = language && language !== 'ko-KR' && language !== 'en-US';
    return isOther && /[/\\]react-(aria|stately|aria-components)[/\\]/.test(importer) ? '\0no-texts' : null;
  },
  load: (id) => (id === '\0no-texts' ? 'export default {}' : null),
};

/** Their order is that of their first mention; in the one sheet, the parts of any page may come first. */
const layersFirst = {
  name: 'layers-first',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const { fileName, type, source } of Object.values(bundle))
      if (type === 'asset' && fileName.endsWith('.css')) bundle[fileName].source = `@layer base,kit,page;${source}`;
  },
};

/**
 * What every page needs and seldom changes: one file, which a browser keeps when only ours change. Parts of a library that only some
 * pages use come with those.
 */
const libraries = {
  name: 'libraries',
  test: /[\\/]node_modules[\\/](?:react|react-dom|scheduler|use-sync-external-store|@tanstack)[\\/](?!.*[\\/](?:use(?:Mutation|Queries|InfiniteQuery)|mutationObserver|queriesObserver|infiniteQueryObserver)\.)/,
};

/** All else that every page needs, with what these import: one file compresses better than ten. */
const core = {
  name: 'core',
  test: /[\\/]web[\\/](?:app[\\/](?:shell|preferences|crashed)\.tsx|businesses[\\/]\w+[\\/]wish\.ts|orders[\\/]search\.ts)$/,
};

/** Built aside and moved into place whole: a second start at the same time never sees half of it. */
async function buildAside(vite) {
  const aside = mkdtempSync(join(web, '.dist-'));
  try {
    await vite.build({
      configFile: false,
      root: web,
      logLevel: 'error',
      plugins: [ourLanguages, layersFirst],
      oxc: { jsx: { runtime: 'automatic' } },
      build: {
        outDir: aside,
        emptyOutDir: true,
        target: 'es2022',
        cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        manifest: 'manifest.json',
        reportCompressedSize: false,
        // One sheet, so that the order of the layers and of the rules in them never depends on the order in which pages were visited.
        cssCodeSplit: false,
        rolldownOptions: { output: { codeSplitting: { groups: [libraries, core] } } },
      },
    });
    compress(aside);
    chmodSync(aside, 0o755); // only its maker may enter a temporary folder
    writeFileSync(join(aside, '.stamp'), stamp);
    rmSync(output, { recursive: true, force: true });
    try {
      renameSync(aside, output);
    } catch (error) {
      if (!isCurrent()) throw error; // another process was first, and wrote the same
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function compress(folder) {
  for (const file of globSync('**/*.{js,css,svg,webmanifest}', { cwd: folder })) {
    const path = join(folder, file);
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    );
  }
}

if (!isCurrent()) {
  const vite = await import('vite').catch(() => undefined);
  if (vite) await buildAside(vite);
  else console.log('The web pages are not built: that needs the development dependencies (npm install).');
}

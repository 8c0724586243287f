// Writes gen/ from the protos: TypeScript for the services, one descriptor set for gateways, reflection and validation, and openapi.json
// with its types.
// Does nothing while gen/ is as new as its sources, so that `npm ci` and every start may simply call it.
// Plain JavaScript: it runs within `npm ci`, when the only Node at hand may be one that cannot read TypeScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'gen');

const fingerprint = createHash('sha256');
const sources = ['buf.yaml', 'buf.gen.yaml', 'package-lock.json', 'services/callers.json'];
for (const file of [...globSync('proto/**/*.{proto,mjs}', { cwd: root }).sort(), ...sources])
  fingerprint.update(file).update(readFileSync(join(root, file)));
// Only development installs what makes the types of openapi.json.
const typed = existsSync(join(root, 'node_modules/openapi-typescript'));
const stamp = fingerprint.update(String(typed)).digest('hex');
const isCurrent = () => existsSync(join(output, '.stamp')) && readFileSync(join(output, '.stamp'), 'utf8') === stamp;

if (!isCurrent()) {
  // Generated aside and moved into place whole: a second start at the same time never sees half of it.
  const aside = mkdtempSync(join(root, '.gen-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(aside, 'node_modules'));
    buf('generate', '--template', join(root, 'buf.gen.yaml'), '--output', aside);
    buf('build', '--exclude-source-info', '--as-file-descriptor-set', '-o', join(aside, 'gen', 'descriptors.binpb'));
    await describe(aside);
    writeFileSync(join(aside, 'gen', '.stamp'), stamp);
    rmSync(output, { recursive: true, force: true });
    try {
      renameSync(join(aside, 'gen'), output);
    } catch (error) {
      if (!isCurrent()) throw error; // another process was first, and wrote the same
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** From the descriptor set with its comments, which nobody needs while running. */
async function describe(aside) {
  const commented = join(aside, 'commented.binpb');
  buf('build', '--as-file-descriptor-set', '-o', commented);
  const { openApi } = await import('./openapi/document.mjs');
  const document = openApi({
    descriptorSet: readFileSync(commented),
    callers: JSON.parse(readFileSync(join(root, 'services/callers.json'), 'utf8')),
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  });
  const text = JSON.stringify(document);
  writeFileSync(join(aside, 'gen', 'openapi.json'), text);
  writeFileSync(join(aside, 'gen', 'openapi.json.gz'), gzipSync(text, { level: 9 })); // as gateways send it
  if (!typed) return;
  const { astToString, default: typesOf } = await import('openapi-typescript');
  const made = astToString(await typesOf(document));
  writeFileSync(join(aside, 'gen', 'openapi.ts'), `// Made from openapi.json.\n${made}`);
}

function buf(...args) {
  const { status, error, stderr } = spawnSync(join(root, 'node_modules/.bin/buf'), args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    console.error(`buf ${args[0]} failed:\n${stderr ?? ''}${error ?? ''}`);
    process.exit(1);
  }
}

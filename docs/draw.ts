// `npm run docs` writes what the code says into the documents, between `<!-- drawn: NAME -->` and `<!-- end -->`, and into services/{rights,callers}.json.
// `node docs/draw.ts --check` changes nothing, and fails when a document is not what the code says.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callers } from './draw/callers.ts';
import { board, hexagons, map } from './draw/diagrams.ts';
import { modelOf, type Model } from './draw/model.ts';
import { contexts, edges, endings, words } from './draw/readmes.ts';
import { rights } from './draw/rights.ts';
import { drawnIn, redraw } from './draw/redraw.ts';
import { withServices } from './draw/services.ts';
import { catalogue, messagesByEdge, sagas, settings } from './draw/tables.ts';
import { unexplained } from './draw/unexplained.ts';

const drawings: Readonly<Record<string, (model: Model) => string>> = {
  board,
  catalogue,
  contexts,
  edges,
  endings,
  hexagons,
  map,
  messagesByEdge,
  sagas,
  settings,
  words,
};

const root = dirname(import.meta.dirname);
const files: Readonly<Record<string, (model: Model) => string>> = {
  'services/rights.json': rights,
  'services/callers.json': callers,
};
const isCheck = process.argv.includes('--check');
const problems: string[] = [];

await withServices(root, (services) => {
  const model = modelOf(root, services);
  const draw = (name: string): string => drawings[name]?.(model) ?? `There is no drawing ${name}.`;
  const shown = new Set<string>();
  for (const path of globSync('docs/**/*.md', { cwd: root }).sort()) {
    const text = readFileSync(join(root, path), 'utf8');
    const redrawn = redraw(text, draw);
    for (const name of drawnIn(text)) shown.add(name);
    if (text === redrawn) continue;
    if (isCheck) problems.push(`${path} is not what the code says: run \`npm run docs\``);
    else writeFileSync(join(root, path), redrawn);
  }
  for (const [path, write] of Object.entries(files)) {
    const written = readFileSync(join(root, path), 'utf8');
    if (written === write(model)) continue;
    if (isCheck) problems.push(`${path} is not what the code says: run \`npm run docs\``);
    else writeFileSync(join(root, path), write(model));
  }
  problems.push(
    ...Object.keys(drawings).flatMap((name) => (shown.has(name) ? [] : [`no document shows the drawing ${name}`])),
    ...unexplained(model),
  );
});

for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);

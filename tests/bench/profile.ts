// `node tests/bench/profile.ts FOLDER`: where the time went, from what `NODE_OPTIONS="--cpu-prof --cpu-prof-dir=FOLDER" npm run bench -- …` left there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Frame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface Profile {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

const lines = 30;
const idle = new Set(['(idle)', '(program)', '(root)']);

/** `adapters/grpc/answer.ts`, `node_modules/pg`; undefined for what is Node's own. */
function place(url: string): string | undefined {
  const [, dependency] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url) ?? [];
  const [, ours] = /\/((?:services|adapters|kernel|gen|tests|deploy)\/[^?]*)$/.exec(url) ?? [];
  return dependency ? `node_modules/${dependency}` : ours;
}

/** Milliseconds at work, by what `key` makes of a sample's frames (innermost first); most first. */
function tally({ nodes, samples, timeDeltas }: Profile, key: (stack: readonly Frame[]) => string): [string, number][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const keys = new Map<number, string | undefined>();
  const keyOf = (id: number): string | undefined => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at))
      stack.push((byId.get(at) as Profile['nodes'][number]).callFrame);
    return idle.has(stack[0]?.functionName ?? '') ? undefined : key(stack);
  };
  const sums = new Map<string, number>();
  samples.forEach((id, nth) => {
    if (!keys.has(id)) keys.set(id, keyOf(id));
    const name = keys.get(id);
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + (timeDeltas[nth] ?? 0) / 1_000);
  });
  return [...sums].sort(([, a], [, b]) => b - a);
}

const [folder = ''] = process.argv.slice(2);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const byPlace = tally(
    profile,
    (stack) => stack.map(({ url }) => place(url)).find((found) => found !== undefined) ?? stack[0]?.functionName ?? '',
  );
  const all = byPlace.reduce((sum, [, ms]) => sum + ms, 0);
  const main = profile.nodes
    .map(({ callFrame }) => place(callFrame.url))
    .find((found) => /^services\/[a-z]+\/main\.ts$/.test(found ?? ''));
  const show = (title: string, sums: [string, number][]): void => {
    console.log(`\n${title}`);
    for (const [name, ms] of sums.slice(0, lines))
      console.log(`${((100 * ms) / all).toFixed(1).padStart(6)} %  ${ms.toFixed(0).padStart(7)} ms  ${name}`);
  };
  console.log(`\n== ${file}: ${(all / 1_000).toFixed(1)} s at work${main ? `, ${main}` : ''}`);
  show('by file; what Node itself does counts for whoever asked for it', byPlace);
  show(
    'by function',
    tally(
      profile,
      ([frame]) =>
        `${frame?.functionName || '(anonymous)'}  ${place(frame?.url ?? '') ?? frame?.url}:${(frame?.lineNumber ?? 0) + 1}`,
    ),
  );
}

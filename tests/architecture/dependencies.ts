import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';

export interface Dependencies {
  /** How many files were read. None means that nothing was checked, not that all is well. */
  modules: number;
  violations: { rule: string; from: string; to: string }[];
}

const folders = ['kernel', 'services', 'adapters', 'web'];

/** Checks who imports whom in `root`, by the rules of .dependency-cruiser.mjs. */
export async function checkDependencies(root: string): Promise<Dependencies> {
  const rules = (await import(pathToFileURL(join(import.meta.dirname, '../../.dependency-cruiser.mjs')).href)) as {
    default: { forbidden: []; options: ICruiseOptions };
  };
  const { options, ...ruleSet } = rules.default;
  const { output } = await cruise(folders, { ...options, baseDir: root, validate: true, ruleSet });
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`))).length,
    violations: [
      ...summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...folderCycles(modules),
    ],
  };
}

const forTests = /\.test\.ts$|\.fixture\.ts$|\/testing\.ts$|\/contract\.ts$/;

/** Folders of adapters/ that need each other, types included: none of them could be read, or left out, alone. */
function folderCycles(modules: ICruiseResult['modules']): Dependencies['violations'] {
  const folderOf = (path: string): string | undefined => /^adapters\/[^/]+(?=\/)/.exec(path)?.[0];
  const needs = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules.filter((each) => !forTests.test(each.source))) {
    const from = folderOf(source);
    for (const to of from ? dependencies.map(({ resolved }) => folderOf(resolved)) : [])
      if (from && to && from !== to) needs.set(from, (needs.get(from) ?? new Set()).add(to));
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(needs.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return [...needs].flatMap(([from, all]) =>
    [...all].filter((to) => reaches(to, from)).map((to) => ({ rule: 'no-folder-cycles', from, to })),
  );
}

if (import.meta.main) {
  const { modules, violations } = await checkDependencies(process.argv[2] ?? join(import.meta.dirname, '../..'));
  console.log(`${modules} modules`);
  for (const { rule, from, to } of violations) console.log(`${rule}: ${from} → ${to}`);
  process.exit(violations.length || modules === 0 ? 1 : 0);
}

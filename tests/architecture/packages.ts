export interface Lockfile {
  packages: Readonly<Record<string, { version?: string; license?: string; integrity?: string }>>;
}

export interface Allowed {
  licences: readonly string[];
  /** Below these a package has a known hole. There is no audit server to ask, so they are written down. */
  minimumVersions: Readonly<Record<string, string>>;
}

export interface Manifest {
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  optionalDependencies: Readonly<Record<string, string>>;
}

/** Installed packages that are too old, have no hash or come under terms that we have not agreed to, and wishes that leave the version open. */
export function packageProblems(
  lockfile: Lockfile,
  manifest: Manifest,
  { licences, minimumVersions }: Allowed,
): string[] {
  const installed = Object.entries(lockfile.packages).flatMap(
    ([path, { version = '', license = '', integrity = '' }]) => {
      const name = path.split('node_modules/').at(-1) ?? '';
      return name ? [{ name, version, license, integrity }] : [];
    },
  );
  const missing = Object.keys(minimumVersions).filter((name) => !installed.some((each) => each.name === name));
  const wishes = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  return [
    ...(installed.length ? [] : ['package-lock.json names no package']),
    ...missing.map((name) => `${name} has a minimum version and is not installed`),
    ...installed.flatMap(({ name, version }) => {
      const minimum = minimumVersions[name];
      return minimum && isBelow(version, minimum) ? [`${name} ${version} is below ${minimum}`] : [];
    }),
    ...installed
      .filter(({ license }) => !isAllowed(license, licences))
      .map(({ name, license }) => `${name} comes under ${license || 'no licence'}`),
    // npm leaves it out where it took what it knows of a package from node_modules. Mend: take the entries out of the lockfile, and in a folder
    // without node_modules run `npm install --package-lock-only`.
    ...installed
      .filter(({ integrity }) => !integrity.startsWith('sha512-'))
      .map(({ name, version }) => `${name} ${version} has no integrity`),
    ...wishes
      .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name} ${version} is not an exact version`),
  ];
}

/** A prerelease counts as below its release. */
function isBelow(version: string, minimum: string): boolean {
  const [numbers = '', prerelease] = version.split('-');
  const [have, need] = [numbers, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = need.findIndex((part, index) => part !== have[index]);
  return at < 0 ? prerelease !== undefined : (have[at] ?? 0) < (need[at] ?? 0);
}

/** SPDX expressions as packages write them: names with AND or OR between them. */
function isAllowed(expression: string, licences: readonly string[]): boolean {
  const names = expression.replaceAll(/[()]/g, '').split(/ AND | OR /);
  return expression.includes(' OR ')
    ? names.some((name) => licences.includes(name))
    : names.every((name) => licences.includes(name));
}

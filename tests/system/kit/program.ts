import { spawn } from 'node:child_process';

export interface Program {
  readonly pid: number;
  /** All that it has printed, on either stream. */
  output(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  isRunning(): boolean;
  /** To it and to all that it started, as a terminal does it. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves once it has printed `text`; rejects when it ends before. */
  says(text: string, withinMs: number): Promise<void>;
}

export interface Start {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to ours; what is undefined is taken away. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** A program in a process group of its own, as a shell starts one; it does not outlive the tests. */
export function startProgram({ command, args, cwd, env }: Start): Program {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let running = true;
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      for (const listener of listeners) listener();
    });
  const signal = (name: NodeJS.Signals): void => {
    if (running && child.pid) process.kill(-child.pid, name);
  };
  const lastResort = (): void => signal('SIGKILL');
  process.once('exit', lastResort);
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, by) => {
      running = false;
      process.off('exit', lastResort);
      resolve(code ?? by ?? 0);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    ended,
    isRunning: () => running,
    signal,
    says: (text, withinMs) =>
      new Promise((resolve, reject) => {
        const fail = (why: string): void =>
          done(() => reject(new Error(`${command} ${args.join(' ')} ${why} before it said "${text}":\n${printed}`)));
        const done = (settle: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const look = (): void => {
          if (printed.includes(text)) done(resolve);
        };
        const timer = setTimeout(() => fail(`took over ${withinMs} ms`), withinMs);
        listeners.add(look);
        ended.then((how) => fail(`ended (${how})`), reject);
        look();
      }),
  };
}

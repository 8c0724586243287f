import { spawn } from 'node:child_process';
import { eventually } from './eventually.ts';

/** A command that a document tells to type, and the word in its comment that the answer must contain (`# PAID`). */
export interface Typed {
  command: string;
  promises: string | undefined;
}

/** The commands of the shell blocks below a heading, one for each line that does not continue the one before. */
export function commandsIn(markdown: string, heading: string): Typed[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  if (!section) throw new Error(`The document has no section "${heading}".`);
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block as string);
  return blocks.flatMap(commandsOf);
}

/** The commands before the first heading: what the sections share. */
export const preparation = (markdown: string): Typed[] =>
  [...(markdown.split(/^## /m)[0] ?? '').matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) =>
    commandsOf(block as string),
  );

const commandsOf = (block: string): Typed[] =>
  joined(block.split('\n')).map((text) => {
    const [, command = '', comment = ''] = /^(.*?)(?:\s+# (.*))?$/s.exec(text) ?? [];
    return { command, promises: /\b[A-Z]{4,}(?:_[A-Z]+)*\b/.exec(comment)?.[0] };
  });

/** Lines whose quotes are open belong together. */
function joined(lines: readonly string[]): string[] {
  const whole: string[] = [];
  let open = '';
  for (const line of lines) {
    open = open ? `${open}\n${line}` : line;
    if (!open.trim() || open.startsWith('#')) open = '';
    else if ((open.replace(/ # .*$/, '').match(/'/g) ?? []).length % 2 === 0) {
      whole.push(open);
      open = '';
    }
  }
  return whole;
}

export interface Shell {
  /** Types a command; answers with what it printed. */
  type(command: string): Promise<string>;
  close(): void;
}

/** An interactive reader's shell, in the checkout. It echoes nothing but what the commands print. */
export function shell(program: 'bash' | 'zsh', cwd: string, env: Readonly<Record<string, string>>): Shell {
  const options = program === 'zsh' ? ['-f', '-s', '-o', 'interactivecomments'] : ['--norc', '-s'];
  const child = spawn(program, options, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (printed += text));
  let nth = 0;
  return {
    async type(command) {
      const mark = `--- done ${nth++} ---`;
      const from = printed.length;
      child.stdin.write(`${command}\necho; echo "${mark}"\n`);
      await eventually(
        async () => printed.indexOf(mark, from),
        (at) => at >= 0,
        60_000,
      );
      return printed.slice(from, printed.indexOf(mark, from));
    },
    close: () => void child.kill(),
  };
}

/** Types every command, each again until it answers what its comment promises; answers with those that never did. */
export async function walk(typed: readonly Typed[], { type }: Shell): Promise<string[]> {
  const wrong: string[] = [];
  for (const { command, promises } of typed) {
    const isRight = (printed: string): boolean => !refused.test(printed) && (!promises || printed.includes(promises));
    await eventually(() => type(bounded(command)), isRight, 30_000).catch((error: Error) =>
      wrong.push(`${command}\n${error.message}`),
    );
    if (wrong.length) break; // what follows rests on it
  }
  return wrong;
}

/** What a reader ends by Ctrl-C ends by itself after a moment; answers are printed without curl's meter. */
const bounded = (command: string): string =>
  command.replace(/^curl -N /, 'curl --max-time 2 -N ').replace(/^curl /, 'curl -sS ');

const refused =
  /"code": ?\d|command not found|no matches found|bad substitution|SyntaxError|TypeError|parse error|Failed to (dial|list)|Code: [A-Z]/;

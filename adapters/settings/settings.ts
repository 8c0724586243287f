import { accessSync, constants } from 'node:fs';
import {
  customCleanEnv,
  EnvError,
  EnvMissingError,
  makeValidator,
  type OptionalValidatorSpec,
  type RequiredValidatorSpec,
  type ValidatorSpec,
} from 'envalid';

/** Environment variables by name, each with its kind, default and description. */
export type Specs = Record<string, ValidatorSpec<unknown>>;

export type Settings<S extends Specs> = {
  readonly [Name in keyof S]: S[Name] extends OptionalValidatorSpec<infer Value>
    ? Value | undefined
    : S[Name] extends RequiredValidatorSpec<infer Value>
      ? Value
      : never;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment variables, a line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads all variables, or throws a `SettingsError` that names every one that is bad or missing. An empty one counts as not given. */
export function readSettings<S extends Specs>(specs: S, env: Environment = process.env): Settings<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return customCleanEnv(given, specs, (settings) => settings, {
    reporter({ errors }) {
      const lines = Object.entries(errors).map(([name, error]) =>
        problem(name, given[name], specs[name]!, error as Error),
      );
      if (lines.length > 0)
        throw new SettingsError(
          `these settings (environment variables) are wrong:\n${lines.map((line) => `  ${line}`).join('\n')}`,
        );
    },
  }) as Settings<S>;
}

function problem(name: string, value: string | undefined, spec: ValidatorSpec<unknown>, error: Error): string {
  if (error instanceof EnvMissingError || value === undefined)
    return `${name} is missing: ${spec.desc ?? 'it has no default'}`;
  return `${name}=${withoutPassword(value)} is not ${spec.choices ? `one of ${spec.choices.join(', ')}` : expected(error)}`;
}

/** envalid says `Invalid url: "…"`; ours say what they want. */
const expected = ({ message }: Error): string =>
  /^Invalid (.+?)(?: input)?: "/.exec(message)?.[1]?.replace(/^/, 'a valid ') ?? message;

const withoutPassword = (value: string): string => value.replace(/(\/\/[^/:@]*:)[^/@]*@/, '$1***@');

const numberWhere = (fits: (value: number) => boolean, what: string) =>
  makeValidator<number>((input) => {
    const value = /^\d+(\.\d+)?$/.test(input) ? Number(input) : NaN;
    if (!fits(value)) throw new EnvError(what);
    return value;
  });

/** A length of time in seconds, more than none. */
export const seconds = numberWhere((value) => value > 0, 'a number of seconds, more than 0');

/** A length of time in days, more than none. */
export const days = numberWhere((value) => value > 0, 'a number of days, more than 0');

/** A port to listen on; 0 is any free one. */
export const port = numberWhere((value) => Number.isInteger(value) && value <= 65_535, 'a port, 0 to 65535');

/** A path to a file that is there already. */
export const file = makeValidator<string>((path) => {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new EnvError('a file that can be read');
  }
  return path;
});

/** A whole number of something. */
export const count = numberWhere((value) => Number.isSafeInteger(value), 'a whole number, 0 or more');

/** A rate limit; 0 turns it off. */
export const perSecond = numberWhere((value) => value >= 0, 'a number per second, 0 or more');

/** How many times as much. */
export const times = numberWhere((value) => value > 1, 'a number, more than 1');

/** The most that there may be of something; 0 is no limit. */
export const most = numberWhere(
  (value) => Number.isInteger(value) && value <= 1_000,
  'a whole number, 0 (no limit) to 1000',
);

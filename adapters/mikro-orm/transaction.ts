import type { Connection, PoolClient, Submittable } from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { queryTimeoutMs } from './database.ts';
import type { Statement } from './sessions.ts';

/**
 * Works off the statements in one transaction, and their answers do not matter. PostgreSQL gets them in one write and answers once, at
 * the closing Sync, which also commits; where one fails it skips those after it and rolls back. As queries of their own they would be
 * answered one by one, each with a system call on both sides, and need a `begin` and a `commit` besides.
 */
export const transaction = (client: PoolClient, statements: readonly Statement[]): Promise<void> =>
  new Promise((resolve, reject) =>
    client.query(new Pipeline(statements, (error) => (error ? reject(error as Error) : resolve()))),
  );

/** What pg's types leave out of a connection. */
type Wire = Connection & {
  /** Texts of the statements that PostgreSQL has prepared on this connection, by name. */
  parsedStatements: Record<string, string>;
  bind(portal: { statement: string; values: readonly (string | Buffer | null)[] }): void;
  parse(statement: { name: string; text: string }): void;
  close(what: { type: 'S'; name: string }): void;
  execute(portal: object): void;
};

/** A query in pg's eyes: it says what goes out, and hears what comes back. */
class Pipeline implements Submittable {
  /** pg sees to it, and puts a callback of its own before ours. */
  readonly query_timeout = queryTimeoutMs;
  callback: (error?: unknown) => void;
  readonly #statements: readonly Statement[];
  readonly #prepared: string[] = [];

  constructor(statements: readonly Statement[], callback: (error?: unknown) => void) {
    this.#statements = statements;
    this.callback = callback;
  }

  submit(connection: Connection): void {
    const wire = connection as Wire;
    // All at first: a value that cannot be sent must not leave half of them on the wire.
    const ready = this.#statements.map(({ name, text, values }) => ({
      name,
      text,
      values: values.map((value) => prepareValue(value)),
    }));
    wire.stream.cork();
    for (const { name, text, values } of ready) {
      if (!wire.parsedStatements[name]) this.#prepare(wire, name, text);
      wire.bind({ statement: name, values });
      wire.execute({});
    }
    wire.sync();
    wire.stream.uncork();
  }

  /** Closed first, which is no error when it is not there: a failure does not tell which statements were prepared before it. */
  #prepare(wire: Wire, name: string, text: string): void {
    wire.close({ type: 'S', name });
    wire.parse({ name, text });
    wire.parsedStatements[name] = text;
    this.#prepared.push(name);
  }

  handleError(error: unknown, connection: Connection): void {
    for (const name of this.#prepared) delete (connection as Wire).parsedStatements[name];
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleDataRow(): void {}
  handleCommandComplete(): void {}
}

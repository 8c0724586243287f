import ts from 'typescript';
import type { Source } from './source.ts';

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

interface Declared {
  name: string;
  /** As written: `Promise<void>`, `Reservations`. */
  returns: string;
}

/** The functions that a file exports. */
export function functionsOf({ tree }: Source): Declared[] {
  const returned = (node: ts.FunctionLikeDeclaration): string => node.type?.getText() ?? '';
  return tree.statements.filter(isExported).flatMap((statement): Declared[] => {
    if (ts.isFunctionDeclaration(statement))
      return [{ name: statement.name?.text ?? '', returns: returned(statement) }];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isArrowFunction(initializer) ? [{ name: name.getText(), returns: returned(initializer) }] : [],
    );
  });
}

/** Interfaces of a file, and aliases of them, each with what it is made of. */
const namedIn = ({ tree }: Source): { name: string; isExported: boolean; bases: string[]; hasMethods: boolean }[] =>
  tree.statements.flatMap((statement) => {
    if (ts.isInterfaceDeclaration(statement)) {
      const { name, heritageClauses = [], members } = statement;
      const bases = heritageClauses.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
      return [
        { name: name.text, isExported: isExported(statement), bases, hasMethods: members.some(ts.isMethodSignature) },
      ];
    }
    if (!ts.isTypeAliasDeclaration(statement) || !ts.isTypeReferenceNode(statement.type)) return [];
    return [
      {
        name: statement.name.text,
        isExported: isExported(statement),
        bases: [statement.type.typeName.getText()],
        hasMethods: false,
      },
    ];
  });

/** What ports.ts exports that can be called, but for the bundle of all of them. */
export function portsOf(source: Source): string[] {
  const all = namedIn(source);
  const isPort = (name: string): boolean =>
    all.some((each) => each.name === name && (each.hasMethods || each.bases.some(isPort)));
  return all.filter(({ name, isExported }) => isExported && name !== 'Ports' && isPort(name)).map(({ name }) => name);
}

/** The functions of an adapter that answer with a port, or with something of its own that extends one. */
export function providersIn(source: Source, ports: readonly string[]): { provider: string; port: string }[] {
  const own = new Map(namedIn(source).map(({ name, bases }) => [name, bases]));
  const portOf = (type: string): string | undefined =>
    ports.includes(type) ? type : own.get(type)?.map(portOf).find(Boolean);
  return functionsOf(source).flatMap(({ name, returns }) => {
    const port = portOf(returns);
    return port ? [{ provider: name, port }] : [];
  });
}

export interface Setting {
  name: string;
  default: string;
  description: string;
}

/** Every `NAME: kind({…, desc: '…'})` in a file, as environment variables are declared. */
export function settingsIn({ tree }: Source): Setting[] {
  const settings: Setting[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAssignment(node) &&
      ts.isCallExpression(node.initializer) &&
      /^[A-Z][A-Z_]+$/.test(node.name.getText())
    ) {
      const [options] = node.initializer.arguments;
      const description = valueOf(options, 'desc');
      if (description !== undefined)
        settings.push({ name: node.name.getText(), default: valueOf(options, 'default') ?? '', description });
    }
    node.forEachChild(visit);
  };
  visit(tree);
  return settings;
}

/** The texts that a file exports by name: `export const audience = 'jari'`. */
export const textsIn = ({ tree }: Source): [name: string, text: string][] =>
  tree.statements
    .filter(isExported)
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ name, initializer }): [string, string][] =>
      initializer && ts.isStringLiteralLike(initializer) ? [[name.getText(), initializer.text]] : [],
    );

function valueOf(options: ts.Expression | undefined, name: string): string | undefined {
  if (!options || !ts.isObjectLiteralExpression(options)) return undefined;
  const value = options.properties
    .filter(ts.isPropertyAssignment)
    .find((each) => each.name.getText() === name)?.initializer;
  if (!value) return undefined;
  return ts.isStringLiteralLike(value) ? value.text : value.getText().replaceAll('_', '');
}

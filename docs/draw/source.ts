import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** A TypeScript file, read without its types: for what is said in so many words. */
export interface Source {
  path: string;
  tree: ts.SourceFile;
}

export const parse = (path: string, text: string): Source => ({
  path,
  tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true),
});

/** Files that match, without tests. */
export const readSources = (root: string, pattern: string): Source[] =>
  globSync(pattern, { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .sort()
    .map((path) => parse(join(root, path), readFileSync(join(root, path), 'utf8')));

/** The `type`s of a union of object types: `type Input = {type: 'A'} | {type: 'B'}` → A, B. */
export function unionOf({ tree }: Source, aliasEnding: string): string[] {
  const alias = tree.statements.filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text.endsWith(aliasEnding));
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && node.name.getText() === 'type' && node.type) names.push(...literals(node.type));
    else if (!ts.isPropertySignature(node)) node.forEachChild(visit);
  };
  if (alias) visit(alias.type);
  return names;
}

/** `'A'`, `'A' | 'B'`, `x ? 'A' : 'B'` */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (ts.isLiteralTypeNode(node)) return literals(node.literal);
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literals);
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return [];
}

/** An object written down in a function's body: `{type: 'ReleaseStay', to: 'property'}`, its texts by name. */
export type Literal = Readonly<Record<string, readonly string[]>>;

/**
 * Every object literal that functions of a file can reach when their argument's `type` is `trigger`: of a switch on `.type` only the
 * case that fits, of `x.type === 'A' ? … : …` only the branch that fits, and the functions of the same folder called on the way.
 */
export function reached(source: Source, functionNames: readonly string[], trigger: string): Literal[] {
  const found: Literal[] = [];
  const entered = new Set<ts.Node>();
  for (const name of functionNames) enter(source, name);
  return found;

  function enter(from: Source, name: string): void {
    if (name.startsWith('waitingIn')) return; // what is asked again follows from a state, not from an event
    const place = declarationOf(from, name);
    if (!place || entered.has(place.node)) return;
    entered.add(place.node);
    visit(place.node, place.source);
  }

  function visit(node: ts.Node, within: Source): void {
    const next = (child: ts.Node): void => visit(child, within);
    if (ts.isSwitchStatement(node) && isType(node.expression)) {
      return fitting(node.caseBlock.clauses, trigger).forEach(next);
    }
    if (ts.isConditionalExpression(node)) {
      const fits = comparesWith(node.condition, trigger);
      if (fits !== undefined) return next(fits ? node.whenTrue : node.whenFalse);
    }
    if (ts.isObjectLiteralExpression(node)) found.push(textsOf(node));
    if (ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent)) enter(within, node.text);
    node.forEachChild(next);
  }
}

const isType = (node: ts.Expression): boolean => ts.isPropertyAccessExpression(node) && node.name.text === 'type';

/** What a switch does for `trigger`: the statements at its label, or at the label that it falls through to. */
function fitting(clauses: readonly ts.CaseOrDefaultClause[], trigger: string): readonly ts.Node[] {
  const start = clauses.findIndex((clause) => ts.isCaseClause(clause) && literals(clause.expression)[0] === trigger);
  return start < 0 ? [] : (clauses.slice(start).find(({ statements }) => statements.length > 0)?.statements ?? []);
}

function comparesWith(node: ts.Expression, trigger: string): boolean | undefined {
  if (
    !ts.isBinaryExpression(node) ||
    node.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken ||
    !isType(node.left)
  )
    return undefined;
  return literals(node.right)[0] === trigger;
}

function textsOf(node: ts.ObjectLiteralExpression): Literal {
  const texts: Record<string, string[]> = {};
  for (const property of node.properties)
    if (ts.isPropertyAssignment(property)) texts[property.name.getText()] = literals(property.initializer);
  return texts;
}

/** The functions and constants that a file exports. */
export const exportedBy = ({ tree }: Source): string[] =>
  tree.statements.flatMap((statement) => {
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    if (ts.isFunctionDeclaration(statement)) return statement.name?.text ?? [];
    return ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText())
      : [];
  });

/** Where a name that `source` uses is declared: in itself, or in a file of the same folder that it imports. */
function declarationOf(source: Source, name: string): { source: Source; node: ts.Node } | undefined {
  for (const statement of source.tree.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return { source, node: statement };
    if (ts.isVariableStatement(statement)) {
      const variable = statement.declarationList.declarations.find((each) => each.name.getText() === name);
      if (variable?.initializer) return { source, node: variable.initializer };
    }
    if (ts.isImportDeclaration(statement)) {
      const imported = importedBy(statement, name);
      const path = imported && siblingOf(source, statement);
      if (path) return declarationOf(parse(path, readFileSync(path, 'utf8')), imported);
    }
  }
  return undefined;
}

function importedBy({ importClause }: ts.ImportDeclaration, name: string): string | undefined {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return undefined;
  const specifier = bindings.elements.find((each) => each.name.text === name);
  return specifier && (specifier.propertyName ?? specifier.name).text;
}

function siblingOf(source: Source, { moduleSpecifier }: ts.ImportDeclaration): string | undefined {
  if (!ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith('./')) return undefined;
  const path = resolve(dirname(source.path), moduleSpecifier.text);
  return existsSync(path) ? path : undefined;
}

import type { ProtoFile } from '../../docs/draw/protos.ts';
import { kindOf, publishedLanguage } from './contexts.ts';

/** What is wrong with our contracts beyond what buf sees. */
export function protoProblems(files: readonly ProtoFile[]): string[] {
  return [
    ...(files.length ? [] : ['no proto was read']),
    ...files.flatMap((file) => [...importProblems(file), ...commentProblems(file)]),
  ];
}

/** A context's protos say their own words and the published language. Above all no capability learns a core service's words. */
const importProblems = ({ path, context, imports }: ProtoFile): string[] =>
  imports.flatMap((imported) => {
    const [root, other = ''] = imported.split('/');
    if (root !== 'jari' || other === context || other === publishedLanguage) return [];
    return [
      `${path} imports ${imported}: ${kindOf(other) === 'core' ? 'a core context is known to nobody' : 'contexts do not share their protos'}`,
    ];
  });

const codes =
  /\b(CANCELLED|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|UNIMPLEMENTED|UNAVAILABLE|UNAUTHENTICATED)\b/;
const who = /\b[Rr]oles? `|\bAnyone\b/;

const commentProblems = ({ path, rpcs }: ProtoFile): string[] =>
  rpcs
    .filter(({ comment }) => !codes.test(comment) && !who.test(comment))
    .map(({ name }) => `${path}: the comment of ${name} names neither its failure codes nor who may call it`);

/** A path template of google.api.http, `/v1/rooms/{room_id}/nights/*:block`. */
export interface Template {
  segments: readonly string[];
  /** After the colon; empty where there is none. */
  verb: string;
  variables: readonly Variable[];
}

export interface Variable {
  /** `room_id`, or `thing.id` as two. */
  field: readonly string[];
  /** The segments that it takes: from `start` to before `end`, or to the end of the path where it holds `**`. */
  start: number;
  end: number | undefined;
}

export function parseTemplate(template: string): Template {
  const [, path = '', verb = ''] = /^\/(.*?)(?::([^/{}:]+))?$/.exec(template) ?? [];
  const segments: string[] = [];
  const variables: Variable[] = [];
  for (const [part, name, pattern] of path.matchAll(/\{([^}=]+)(?:=([^}]+))?\}|[^/]+/g)) {
    const taken = name === undefined ? [part] : (pattern ?? '*').split('/');
    if (name !== undefined) {
      const end = taken.includes('**') ? undefined : segments.length + taken.length;
      variables.push({ field: name.split('.'), start: segments.length, end });
    }
    segments.push(...taken);
  }
  if (segments.slice(0, -1).includes('**')) throw new Error(`${template}: ** is only understood at the end of a path`);
  return { segments, verb, variables };
}

/** By the methods that a path takes. */
export type ByMethod<Route> = ReadonlyMap<string, Route>;

interface Node<Route> {
  literals: Map<string, Node<Route>>;
  /** Under `*`. */
  any?: Node<Route>;
  /** At `**`. */
  rest?: Map<string, Route>;
  /** Where the path may end. */
  end?: Map<string, Route>;
}

/** Finds the routes of a path: a literal before `*`, and `*` before `**`, as far to the left as they differ. */
export class Routes<Route> {
  readonly #roots = new Map<string, Node<Route>>();
  readonly #verbs = new Set<string>();

  add(method: string, { segments, verb }: Template, route: Route): void {
    this.#verbs.add(verb);
    let node = this.#roots.get(verb) ?? empty<Route>();
    this.#roots.set(verb, node);
    for (const segment of segments) {
      if (segment === '**') {
        node.rest = new Map(node.rest).set(method, route);
        return;
      }
      node = segment === '*' ? (node.any ??= empty()) : child(node, segment);
    }
    node.end = new Map(node.end).set(method, route);
  }

  /** With the segments as they came, still encoded. A colon that no route knows belongs to the segment. */
  find(path: string): { routes: ByMethod<Route>; segments: readonly string[] } | undefined {
    const colon = path.lastIndexOf(':');
    const suffix = colon > path.lastIndexOf('/') ? path.slice(colon + 1) : '';
    const verb = this.#verbs.has(suffix) ? suffix : '';
    const plain = verb === '' ? path : path.slice(0, colon);
    const segments = plain
      .replace(/^\/|\/$/g, '')
      .split('/')
      .filter((segment) => segment !== '');
    const root = this.#roots.get(verb);
    const routes = root && search(root, segments, 0);
    return routes && { routes, segments };
  }
}

const empty = <Route>(): Node<Route> => ({ literals: new Map() });

function child<Route>(node: Node<Route>, segment: string): Node<Route> {
  const next = node.literals.get(segment) ?? empty<Route>();
  node.literals.set(segment, next);
  return next;
}

function search<Route>(node: Node<Route>, segments: readonly string[], at: number): ByMethod<Route> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.end ?? node.rest;
  const literal = node.literals.get(segment);
  return (
    (literal && search(literal, segments, at + 1)) ?? (node.any && search(node.any, segments, at + 1)) ?? node.rest
  );
}

/** What a variable took of the path, decoded. Over several segments, what is reserved in an address stays as it came. */
export function taken(variable: Variable, segments: readonly string[]): string {
  const parts = segments.slice(variable.start, variable.end);
  const [only] = parts;
  if (variable.end === variable.start + 1 && only !== undefined) return unescape(only);
  return parts.map((part) => unescape(part, /[:/?#[\]@!$&'()*+,;=]/g)).join('/');
}

/** Percent-decodes; what is no escape is left, and so is `+`. Throws URIError where the bytes are no UTF-8. */
export function unescape(text: string, keep?: RegExp): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const decoded = decodeURIComponent(run);
    return keep ? decoded.replace(keep, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`) : decoded;
  });
}

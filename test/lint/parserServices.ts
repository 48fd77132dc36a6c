/** Types for rules that oxlint runs without any: as much of typescript-eslint's parser services as they use. */
import ts from 'typescript';

/** A node of the syntax tree that rules walk through. */
export type SyntaxNode = { readonly type: string; readonly range: readonly [start: number, end: number] };

type ParserServices = {
  readonly program: {
    readonly getTypeChecker: () => Pick<ts.TypeChecker, 'getSymbolAtLocation' | 'getTypeAtLocation'>;
  };
  readonly esTreeNodeToTSNodeMap: { readonly get: (node: SyntaxNode) => ts.Node | undefined };
  readonly tsNodeToESTreeNodeMap: ReadonlyMap<ts.Node, SyntaxNode>;
};

const options: ts.CompilerOptions = { module: ts.ModuleKind.Node16, noLib: true, types: [] };

/** Names are looked up in the file alone, which is quick; only the type of an import needs the files behind it. */
export function parserServicesFor(path: string): ParserServices {
  const host = ts.createCompilerHost(options, true);
  const alone = once(() => ts.createProgram([path], { ...options, noResolve: true }, host));
  const whole = once(() => ts.createProgram([path], options, host));
  const checker = {
    getSymbolAtLocation: (node: ts.Node) => alone().getTypeChecker().getSymbolAtLocation(node),
    getTypeAtLocation: (node: ts.Node) => {
      const same = nodeAt(whole().getSourceFile(path), node.getStart(), node.end);
      return whole()
        .getTypeChecker()
        .getTypeAtLocation(same ?? node);
    },
  };
  return {
    program: { getTypeChecker: () => checker },
    esTreeNodeToTSNodeMap: { get: ({ range }) => nodeAt(alone().getSourceFile(path), ...range) },
    tsNodeToESTreeNodeMap: new Map(),
  };
}

/** The outermost node that fills the range. */
function nodeAt(node: ts.Node | undefined, start: number, end: number): ts.Node | undefined {
  if (node === undefined || (node.getStart() === start && node.end === end)) return node;
  return ts.forEachChild(node, (child) =>
    child.pos <= start && end <= child.end ? nodeAt(child, start, end) : undefined,
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

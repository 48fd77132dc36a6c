/**
 * eslint-plugin-sf-plugin 1.x for oxlint: its rules are given what they know from older versions of ESLint, and the
 * types that two of them ask for. test/unit/contracts/lint.test.ts proves that each one fires.
 */
import { createRequire } from 'node:module';
import { parserServicesFor, type SyntaxNode } from './parserServices.ts';

type MethodDefinition = SyntaxNode & {
  readonly type: 'MethodDefinition';
  readonly parent: { readonly parent: TypedClass };
  readonly value: { readonly returnType: { readonly typeAnnotation: TypeReference } | null };
};
type TypedClass = { readonly superTypeArguments: unknown; superTypeParameters?: unknown };
type TypeReference = { readonly typeArguments?: unknown; typeParameters?: unknown };

type SourceCode = { readonly getAncestors: (node: SyntaxNode | undefined) => SyntaxNode[] };
type Context = { readonly filename: string; readonly sourceCode: SourceCode };
type Visitors = Readonly<Record<string, (node: SyntaxNode) => void>>;
type Rule = { readonly meta: object; readonly create: (context: Context) => Visitors };

type SfPlugin = {
  readonly configs: { readonly recommended: { readonly rules: Readonly<Record<string, 'error' | 'off' | 'warn'>> } };
  readonly rules: Readonly<Record<string, Rule>>;
};

const { configs, rules } = createRequire(import.meta.url)('eslint-plugin-sf-plugin') as SfPlugin;

/** The recommended set, its warnings raised to errors. */
export const sfRecommended = Object.fromEntries(
  Object.entries(configs.recommended.rules).map(([name, level]) => [name, level === 'off' ? 'off' : 'error'] as const),
);

function withLegacyContext({ meta, create }: Rule): Rule {
  return {
    meta,
    create: (context) => {
      let current: SyntaxNode | undefined;
      const legacy: Context = Object.create(context, {
        getAncestors: { value: () => context.sourceCode.getAncestors(current) },
        sourceCode: { value: withParserServices(context) },
      }) as Context;
      const follow = (visit: (node: SyntaxNode) => void) => (node: SyntaxNode) => {
        current = node;
        if (isMethod(node)) addLegacyTypeParameters(node);
        visit(node);
      };
      return Object.fromEntries(
        Object.entries(create(legacy)).map(([selector, visit]) => [selector, follow(visit)] as const),
      );
    },
  };
}

function withParserServices({ filename, sourceCode }: Context): unknown {
  return Object.create(sourceCode, { parserServices: { value: parserServicesFor(filename) } });
}

function isMethod(node: SyntaxNode): node is MethodDefinition {
  return node.type === 'MethodDefinition';
}

function addLegacyTypeParameters({ parent, value }: MethodDefinition): void {
  const commandClass = parent.parent;
  commandClass.superTypeParameters ??= commandClass.superTypeArguments;
  const returnType = value.returnType?.typeAnnotation;
  if (returnType !== undefined) returnType.typeParameters ??= returnType.typeArguments;
}

export default {
  meta: { name: 'sf-plugin' },
  rules: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, withLegacyContext(rule)])),
};

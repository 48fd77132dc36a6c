/** What ESLint demands: strict types, the arrows between the layers, small files, and sf's conventions for commands. */
import { defineConfig, globalIgnores } from 'eslint/config';
import sfPlugin from 'eslint-plugin-sf-plugin';
import tseslint from 'typescript-eslint';

/**
 * Gives the rules of eslint-plugin-sf-plugin 1.x the context methods and node properties that ESLint 10 and
 * typescript-eslint 8 took away; without them most find nothing. test/unit/contracts/lint.test.ts proves that each one
 * fires. Not needed from 3.x on.
 */
function withLegacyContext(rule) {
  const create = (context) => {
    let current;
    const legacy = Object.create(context, {
      getAncestors: { value: () => context.sourceCode.getAncestors(current) },
      getPhysicalFilename: { value: () => context.physicalFilename },
      getSourceCode: { value: () => context.sourceCode },
    });
    const follow = (visit) => (node) => {
      current = node;
      if (node.type === 'MethodDefinition') addLegacyTypeParameters(node);
      visit(node);
    };
    return Object.fromEntries(
      Object.entries(rule.create(legacy)).map(([selector, visit]) => [selector, follow(visit)]),
    );
  };
  return { ...rule, create };
}

function addLegacyTypeParameters(method) {
  const commandClass = method.parent.parent;
  commandClass.superTypeParameters ??= commandClass.superTypeArguments;
  const returnType = method.value.returnType?.typeAnnotation;
  if (returnType !== undefined) returnType.typeParameters ??= returnType.typeArguments;
}

const sfRules = Object.fromEntries(
  Object.entries(sfPlugin.rules).map(([name, rule]) => [name, withLegacyContext(rule)]),
);
/** The recommended set, its warnings raised to errors. */
const sfRecommended = Object.fromEntries(
  Object.entries(sfPlugin.configs.recommended.rules).map(([name, level]) => [name, level === 'off' ? 'off' : 'error']),
);

const inputOutput = ['fs', 'http', 'https', 'http2', 'net', 'tls', 'dns', 'sqlite', 'child_process', 'worker_threads'];
const sqliteAndCsv = '^(node:sqlite|csv-parse|csv-stringify|@inquirer/select)(/|$)';

/** The folders of src/, from the lowest: a file imports from its own folder and from lower ones, types too. */
const layers = [
  'model',
  'org',
  'store',
  'engine',
  'kinds',
  'files',
  'preflight',
  'selection',
  'list',
  'operations',
  'run',
  'report',
  'cli',
  'commands',
  'hooks',
];

/** Forbids imports of the folders (`src/<name>/`) and of the packages that match; type imports too. */
function noImportOf(folders, packages = []) {
  const above = {
    regex: `^\\.{1,2}/(.*/)?(${[...folders, 'test'].join('|')})/`,
    message: 'This import goes against the arrows of CONTRIBUTING.md: from a folder to lower ones only.',
  };
  const others = packages.map((regex) => ({ regex, message: 'This layer does no input or output.' }));
  return { 'no-restricted-imports': ['error', { patterns: [above, ...others] }] };
}

/** `report` is above all that writes words, and reads nothing but results, events and faults. */
const forbidden = (layer) =>
  layer === 'report'
    ? layers.filter((other) => !['model', 'report'].includes(other))
    : layers.slice(layers.indexOf(layer) + 1);

/** Packages that are needed at run time only in another way, or later. */
function noRuntimeImportOf(patterns) {
  const everywhere = [
    { regex: '^@oclif/core(/|$)', message: 'Take it from @salesforce/sf-plugins-core.', allowTypeImports: true },
    { regex: '^@salesforce/sf-plugins-core/', message: 'Import the package from its root.', allowTypeImports: false },
    { regex: '(^|/)node_modules/|^(@[^/]+/)?[^./][^/]*/lib/', message: 'Not from inside a package.' },
  ];
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...everywhere, ...patterns] }] };
}

const typeScript = {
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-console': 'error',
    'object-shorthand': 'error',
    'prefer-template': 'error',
    '@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
    '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
    '@typescript-eslint/consistent-type-imports': [
      'error',
      { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
    ],
    '@typescript-eslint/no-confusing-void-expression': [
      'error',
      { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
    ],
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-floating-promises': 'error',
    // Strings are spread where code points are meant.
    '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
    '@typescript-eslint/no-unused-vars': [
      'error',
      { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
    ],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  },
};

export default defineConfig(
  globalIgnores(['lib/', 'coverage/', 'portal-users/', 'demo-results/', 'test/**/fixtures/']),
  {
    files: ['src/**/*.ts'],
    ...typeScript,
    plugins: { 'sf-plugin': { rules: sfRules } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...typeScript.rules,
      ...sfRecommended,
      ...noImportOf([]),
      ...noRuntimeImportOf([]),
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  ...layers
    .filter((layer) => layer !== 'commands')
    .map((layer) => ({
      files: [`src/${layer}/**/*.ts`],
      rules: noImportOf(
        forbidden(layer),
        layer === 'model' ? [`^(node:)?(${inputOutput.join('|')})(/|$)`, '^@salesforce/', '^@oclif/'] : [],
      ),
    })),
  {
    files: ['src/commands/**/*.ts'],
    rules: noRuntimeImportOf([
      { regex: sqliteAndCsv, message: 'Slow to load: import it where it is needed.', allowTypeImports: true },
    ]),
  },
  {
    files: ['test/**/*.ts'],
    ...typeScript,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...typeScript.rules,
      'no-console': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['bin/**/*.js', 'eslint.config.js', 'test/**/*.js'],
    extends: [tseslint.configs.recommended],
  },
);

/** What oxlint demands: strict types, the arrows between the layers, small files, and sf's conventions for commands. */
import { defineConfig, type DummyRuleMap } from 'oxlint';
import { layers } from './test/lint/layers.ts';
import { sfRecommended } from './test/lint/sfPlugin.ts';

/** What typescript-eslint recommends for every file. */
const recommended: DummyRuleMap = {
  'no-array-constructor': 'error',
  'no-unused-expressions': 'error',
  'no-unused-vars': 'error',
  'typescript/ban-ts-comment': 'error',
  'typescript/no-duplicate-enum-values': 'error',
  'typescript/no-empty-object-type': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-extra-non-null-assertion': 'error',
  'typescript/no-misused-new': 'error',
  'typescript/no-namespace': 'error',
  'typescript/no-non-null-asserted-optional-chain': 'error',
  'typescript/no-require-imports': 'error',
  'typescript/no-this-alias': 'error',
  'typescript/no-unnecessary-type-constraint': 'error',
  'typescript/no-unsafe-declaration-merging': 'error',
  'typescript/no-unsafe-function-type': 'error',
  'typescript/no-wrapper-object-types': 'error',
  'typescript/prefer-as-const': 'error',
  'typescript/prefer-namespace-keyword': 'error',
  'typescript/triple-slash-reference': 'error',
};

/** What typescript-eslint calls strict, with types; oxlint lacks its no-unsafe-(class-instance|enum)-assignment. */
const strict: DummyRuleMap = {
  'no-useless-constructor': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-rest-params': 'error',
  'prefer-spread': 'error',
  'typescript/await-thenable': 'error',
  'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
  'typescript/no-array-delete': 'error',
  'typescript/no-base-to-string': 'error',
  'typescript/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  'typescript/no-deprecated': 'error',
  'typescript/no-duplicate-type-constituents': 'error',
  'typescript/no-dynamic-delete': 'error',
  'typescript/no-extraneous-class': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-for-in-array': 'error',
  'typescript/no-generated-empty-object-type': 'error',
  'typescript/no-implied-eval': 'error',
  'typescript/no-invalid-void-type': 'error',
  'typescript/no-meaningless-void-operator': 'error',
  'typescript/no-misused-promises': 'error',
  // Strings are spread where code points are meant.
  'typescript/no-misused-spread': ['error', { allow: ['string'] }],
  'typescript/no-mixed-enums': 'error',
  'typescript/no-non-null-asserted-nullish-coalescing': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-redundant-type-constituents': 'error',
  'typescript/no-unnecessary-boolean-literal-compare': 'error',
  'typescript/no-unnecessary-condition': 'error',
  'typescript/no-unnecessary-template-expression': 'error',
  'typescript/no-unnecessary-type-arguments': 'error',
  'typescript/no-unnecessary-type-assertion': 'error',
  'typescript/no-unnecessary-type-conversion': 'error',
  'typescript/no-unnecessary-type-parameters': 'error',
  'typescript/no-unsafe-argument': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-enum-comparison': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/no-unsafe-unary-minus': 'error',
  'typescript/no-useless-default-assignment': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/prefer-literal-enum-member': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/prefer-reduce-type-parameter': 'error',
  'typescript/prefer-return-this-type': 'error',
  'typescript/related-getter-setter-pairs': 'error',
  'typescript/require-await': 'error',
  'typescript/restrict-plus-operands': [
    'error',
    { allowAny: false, allowBoolean: false, allowNullish: false, allowNumberAndString: false, allowRegExp: false },
  ],
  'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
  'typescript/return-await': ['error', 'error-handling-correctness-only'],
  'typescript/unbound-method': 'error',
  'typescript/unified-signatures': 'error',
  'typescript/use-unknown-in-catch-callback-variable': 'error',
};

/** What typescript-eslint calls stylistic, with types. */
const stylistic: DummyRuleMap = {
  'no-empty-function': 'error',
  'typescript/adjacent-overload-signatures': 'error',
  'typescript/array-type': ['error', { default: 'array-simple' }],
  'typescript/ban-tslint-comment': 'error',
  'typescript/class-literal-property-style': 'error',
  'typescript/consistent-generic-constructors': 'error',
  'typescript/consistent-indexed-object-style': 'error',
  'typescript/consistent-type-assertions': 'error',
  'typescript/consistent-type-definitions': ['error', 'type'],
  'typescript/dot-notation': 'error',
  'typescript/no-confusing-non-null-assertion': 'error',
  'typescript/no-inferrable-types': 'error',
  'typescript/non-nullable-type-assertion-style': 'error',
  'typescript/prefer-find': 'error',
  'typescript/prefer-for-of': 'error',
  'typescript/prefer-function-type': 'error',
  'typescript/prefer-includes': 'error',
  'typescript/prefer-nullish-coalescing': 'error',
  'typescript/prefer-optional-chain': 'error',
  'typescript/prefer-regexp-exec': 'error',
  'typescript/prefer-string-starts-ends-with': 'error',
};

const typeScript: DummyRuleMap = {
  ...recommended,
  ...strict,
  ...stylistic,
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
  ],
  'object-shorthand': 'error',
  'prefer-template': 'error',
  'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const inputOutput = ['fs', 'http', 'https', 'http2', 'net', 'tls', 'dns', 'sqlite', 'child_process', 'worker_threads'];
const sqliteAndCsv = '^(node:sqlite|csv-parse|csv-stringify|@inquirer/select)(/|$)';

/** `report` is above all that writes words, and reads nothing but results, events and faults. */
const forbiddenFolders = (layer: string): string[] =>
  layer === 'report'
    ? layers.filter((other) => !['model', 'report'].includes(other))
    : layers.slice(layers.indexOf(layer) + 1);

type Pattern = { readonly regex: string; readonly message: string; readonly allowTypeImports?: boolean };

/** Packages that are needed at run time only in another way, or later. */
function packagesAtRunTime(layer: string): Pattern[] {
  const everywhere = [
    { regex: '^@oclif/core(/|$)', message: 'Take it from @salesforce/sf-plugins-core.', allowTypeImports: true },
    { regex: '^@salesforce/sf-plugins-core/', message: 'Import the package from its root.' },
    { regex: '(^|/)node_modules/|^(@[^/]+/)?[^./][^/]*/lib/', message: 'Not from inside a package.' },
  ];
  const later = { regex: sqliteAndCsv, message: 'Slow to load: import it where it is needed.', allowTypeImports: true };
  return layer === 'commands' ? [...everywhere, later] : everywhere;
}

/** Packages whose types are forbidden, too. */
function packagesOfNoUse(layer: string): Pattern[] {
  const regexes = [`^(node:)?(${inputOutput.join('|')})(/|$)`, '^@salesforce/', '^@oclif/'];
  return layer === 'model' ? regexes.map((regex) => ({ regex, message: 'This layer does no input or output.' })) : [];
}

/** The arrows: what a layer does not import, folders (`src/<name>/`) and packages. */
function noImportOf(folders: readonly string[], packages: readonly Pattern[]): DummyRuleMap {
  const above = {
    regex: `^\\.{1,2}/(.*/)?(${[...folders, 'test'].join('|')})/`,
    message: 'This import goes against the arrows of CONTRIBUTING.md: from a folder to lower ones only.',
  };
  return { 'no-restricted-imports': ['error', { patterns: [above, ...packages] }] };
}

export default defineConfig({
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['typescript'],
  jsPlugins: ['./test/lint/sfPlugin.ts'],
  categories: { correctness: 'off' },
  ignorePatterns: ['lib/', 'coverage/', 'portal-users/', 'demo-results/', 'test/**/fixtures/'],
  overrides: [
    {
      files: ['src/**/*.ts'],
      rules: {
        ...typeScript,
        ...sfRecommended,
        ...noImportOf([], packagesAtRunTime('')),
        'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
        'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
        'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
        'typescript/explicit-module-boundary-types': 'error',
      },
    },
    ...layers.map((layer) => ({
      files: [`src/${layer}/**/*.ts`],
      rules: noImportOf(layer === 'commands' ? [] : forbiddenFolders(layer), [
        ...packagesOfNoUse(layer),
        ...packagesAtRunTime(layer),
      ]),
    })),
    {
      files: ['test/**/*.ts', 'oxlint.config.ts'],
      rules: {
        ...typeScript,
        'no-console': 'off',
        'no-unused-expressions': 'off',
        'typescript/consistent-type-definitions': 'off',
        'typescript/no-non-null-assertion': 'off',
        'typescript/require-await': 'off',
      },
    },
    { files: ['bin/**/*.js', 'test/**/*.js'], rules: recommended },
  ],
});

const stylistic = require('@stylistic/eslint-plugin');
const { defineConfig, globalIgnores } = require('eslint/config');
const jsdoc = require('eslint-plugin-jsdoc');
const importSort = require('eslint-plugin-simple-import-sort');
const tseslint = require('typescript-eslint');

/** Blank lines and comments aside: docstrings are a third of a file and must not be saved on. */
const codeOnly = { skipBlankLines: true, skipComments: true };

const noAny = {
  selector: 'TSAnyKeyword:not(TSIndexSignature TSAnyKeyword)',
  message: '`any` stands for free-form JSON alone: `{ [key: string]: any }`, which jsii has no other type for.',
};
const readonlyProperties = {
  selector: 'TSInterfaceBody > TSPropertySignature:not([readonly=true])',
  message: 'Properties of structs are readonly.',
};
const noSkippedTest = {
  selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
  message: 'Tests run, or say visibly what they lack.',
};

const undocumentedDefault = {
  context: 'TSPropertySignature[optional=true]',
  comment: 'JsdocBlock:not(:has(JsdocTag[tag="default"]))',
  message: 'Optional properties have a @default.',
};

/** What has a docstring: whatever a file exports, and its members; behind the barrel, names may speak for properties. */
const documented = [
  'ExportNamedDeclaration > VariableDeclaration', 'FunctionDeclaration', 'ClassDeclaration', 'MethodDefinition:not([kind=constructor])', 'PropertyDefinition',
  'TSEnumDeclaration', 'TSEnumMember', 'TSInterfaceDeclaration', 'TSMethodSignature', 'TSTypeAliasDeclaration',
];
const requireDocstrings = contexts => ['error', { publicOnly: true, enableFixer: false, contexts, require: { FunctionDeclaration: false } }];

module.exports = defineConfig(
  globalIgnores(['coverage/', 'dist/', 'imports/', 'lib/', '.jsii-out/']),
  {
    files: ['**/*.{js,ts}'],
    extends: [stylistic.configs.customize({ semi: true, braceStyle: '1tbs', quoteProps: 'consistent-as-needed' })],
    plugins: { 'import-sort': importSort },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'eqeqeq': 'error',
      'no-restricted-syntax': ['error', noAny, noSkippedTest],
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'prefer-const': 'error',
      'max-lines': ['error', { max: 220, ...codeOnly }],
      'import-sort/exports': 'error',
      'import-sort/imports': ['error', { groups: [['^node:', '^@?\\w', '^\\.\\.', '^\\.']] }],
      '@stylistic/arrow-parens': ['error', 'as-needed', { requireForBlockBody: false }],
      '@stylistic/max-len': ['error', { code: 160, ignoreTemplateLiterals: true, ignoreStrings: true, ignoreUrls: true, ignoreRegExpLiterals: true }],
      '@stylistic/max-statements-per-line': ['error', { max: 2 }],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: 'avoidEscape' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: __dirname } },
    rules: {
      // `noAny` admits free-form JSON, and whoever reads it checks what it finds
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // props of their own keep an API extensible, also where they add nothing yet
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // an implementation of an asynchronous interface need not wait for anything
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 25, ...codeOnly }] },
  },
  {
    files: ['src/**/*.ts'],
    extends: [jsdoc.configs['flat/recommended-typescript-error']],
    rules: {
      'max-lines': ['error', { max: 200, ...codeOnly }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noAny, readonlyProperties],
      'jsdoc/match-description': ['error', { mainDescription: '/^[A-Z`][^]*[.:]\\s*$/u', contexts: ['any'], message: 'Docstrings are sentences.' }],
      'jsdoc/no-restricted-syntax': ['error', { contexts: [undocumentedDefault] }],
      'jsdoc/require-jsdoc': requireDocstrings([...documented, 'TSPropertySignature']),
      // names and types say it; a sentence where they do not
      'jsdoc/require-param': 'off',
      'jsdoc/require-returns': 'off',
      'jsdoc/tag-lines': ['error', 'never', { startLines: 1 }],
    },
  },
  {
    files: ['src/private/**/*.ts'],
    rules: { 'jsdoc/no-restricted-syntax': 'off', 'jsdoc/require-jsdoc': requireDocstrings(documented) },
  },
  {
    // the one place that skips, and says so
    files: ['test/support/conditional-test.ts'],
    rules: { 'no-restricted-syntax': ['error', noAny] },
  },
);

import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' };
const noBarrel = {
  selector: ':matches(ExportAllDeclaration, ExportNamedDeclaration[source])',
  message: 'Only src/core/index.ts passes on what others export.',
};

export default defineConfig(
  globalIgnores(['dist/', 'dist-test/', '.cache/', 'coverage/', 'shots/', '**/.harness*/', 'test/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  regexp.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      // `modified`: a switch over the kinds of event is one decision, however many kinds there are.
      complexity: ['error', { max: 20, variant: 'modified' }],
      'max-depth': ['error', 4],
      'max-lines': ['error', 400],
      'max-params': ['error', 5],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noEnum, noBarrel],
      // Logs are full of control characters, and so are the patterns that read them.
      'no-control-regex': 'off',
      'regexp/no-control-character': 'off',
      // Terminal protocols are defined by ranges of ASCII, and `[\dA-Fa-f]` says more than a flag on the whole pattern.
      'regexp/no-obscure-range': 'off',
      'regexp/use-ignore-case': 'off',
    },
  },
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An explicit `default` is a decision to ignore the rest; without one, a new kind of event asks for an answer.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `async` without `await` is how a function that must return a promise turns its throws into rejections.
      '@typescript-eslint/require-await': 'off',
      // It recommends the `!` that no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
    },
  },
  {
    files: ['src/core/index.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noEnum] },
  },
  {
    files: ['src/cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // A test that dereferences nothing fails, as it should; and it may call what it spies on.
    files: ['test/**/*.{ts,mts}'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'clearTimeout', 'console', 'fetch', 'performance', 'process', 'setTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },
  {
    files: ['*.config.{mjs,mts}'],
    rules: { 'no-restricted-syntax': ['error', noEnum, noBarrel] },
  },
);

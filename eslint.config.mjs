import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const anywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'One way to import a thing: by its name.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels.' },
];

const message = 'server/src/project/fileId.ts alone builds, cuts and compares addresses.';
const noAddresses = [
  'Identifier[name=/^(fileURLToPath|pathToFileURL|encodeURI|decodeURI)$/]',
  "CallExpression[callee.property.name='startsWith'][arguments.0.value=/^file:/]",
  "CallExpression[callee.property.name=/^(lastIndexOf|split)$/][arguments.0.value='/']",
].map((selector) => ({ selector, message }));

export default defineConfig(
  globalIgnores(['.build/', 'dist/', 'artifacts/', 'node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      'no-restricted-syntax': ['error', ...anywhere],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['server/src/lsp/**', 'server/src/features/**', 'server/src/main/nodeEnvironment.ts'],
    rules: { 'no-restricted-syntax': ['error', ...anywhere, ...noAddresses] },
  },
  // An exception gives its reason.
  { files: ['server/src/**', 'client/src/**', 'protocol/**'], rules: { 'max-params': ['error', 5] } },
  { files: ['server/src/main/**', 'tools/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
);

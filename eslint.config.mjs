import playwright from 'eslint-plugin-playwright';
import tseslint from 'typescript-eslint';

const layering = (...patterns) => ['error', { patterns }];
const labStaysBelow = {
  group: ['**/lab/**'],
  message: 'A scenario speaks the words of fixtures/ only: add what is missing there.',
};
const fixturesStayAbove = {
  group: ['**/fixtures/**', '**/scenarios/**', '**/reporters/**'],
  message: 'lab/ owns the machine and knows nothing of drills.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'results/', 'tests/recorded/'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Playwright reads a fixture's dependencies from the destructured first parameter; one without any is written {}.
      'no-empty-pattern': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['lab/**'], rules: { 'no-restricted-imports': layering(fixturesStayAbove) } },
  { files: ['scenarios/**'], rules: { 'no-restricted-imports': layering(labStaysBelow) } },
  {
    files: ['scenarios/**', 'tests/**/*.spec.ts'],
    ...playwright.configs['flat/recommended'],
    rules: {
      ...playwright.configs['flat/recommended'].rules,
      'playwright/no-skipped-test': 'error',
      'playwright/no-wait-for-timeout': 'error',
    },
  },
  // Drills that are run to see what verdict they get.
  { files: ['tests/lab/drills/**'], rules: { 'playwright/expect-expect': 'off' } },
  // What a scenario expects may be in scenarios/claims/.
  {
    files: ['scenarios/*.spec.ts'],
    rules: { 'playwright/expect-expect': 'off' },
  },
  // Property tests, and what every kind of host promises, assert with holds().
  {
    files: ['tests/unit/fuzz/*.spec.ts', 'tests/lab/host-conformance.spec.ts'],
    rules: { 'playwright/expect-expect': ['error', { assertFunctionNames: ['holds'] }] },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);

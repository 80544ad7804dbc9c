import { testSabotages } from '../sabotage/sabotage-tests.ts';

// All of them: npm run sabotage.
testSabotages('quick');

import { testSabotages } from './sabotage-tests.ts';

testSabotages('all');

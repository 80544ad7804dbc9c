// The same words as in reporters/lab-trouble.ts, which plain Node.js cannot import.
const labTrouble =
  /^(?:Error: )?(?:Lab|Transport|Command|Observation|Fault|Lock|Usage)Error:|timeout of \d+ms exceeded|exceeded the test timeout of \d+ms|worker process exited unexpectedly/;

/** A failure that is known has a label that says which finding it is. */
const isKnownFinding = ({ status, labels = [] }) =>
  status === 'failed' && labels.some(({ name }) => name === 'known finding');

/** Allure calls a drill that ran out of time broken; an interrupted one is failed, without a message. */
const isInconclusive = ({ status, message = '' }) =>
  status === 'broken' || status === 'unknown' || (status === 'failed' && (message === '' || labTrouble.test(message)));

// Paths count from the folder in which Allure is started: the project's. (Importing Allure's defineConfig would run its
// command line once more.)
export default {
  name: 'Pacemaker guest-node drills',
  resultsDir: 'results/allure-results',
  output: 'results/report',
  historyPath: 'results/history.jsonl',
  historyLimit: 200,
  categories: [
    {
      id: 'broken-promise',
      name: 'Pacemaker broke a promise',
      matchers: (result) => result.status === 'failed' && !isInconclusive(result) && !isKnownFinding(result),
      groupByMessage: true,
      expand: true,
    },
    {
      id: 'inconclusive',
      name: 'Inconclusive: lab trouble, or the fault is not proven',
      matchers: (result) => isInconclusive(result) && !isKnownFinding(result),
      groupByMessage: true,
    },
    { id: 'known-finding', name: 'Known findings', matchers: isKnownFinding, groupByMessage: true },
    { id: 'skipped', name: 'Skipped', matchers: { statuses: ['skipped'] }, groupByMessage: true },
  ],
  plugins: {
    awesome: { options: { singleFile: true, reportLanguage: 'en', groupBy: ['epic', 'feature'] } },
  },
};

import { writeFileSync } from 'node:fs';
import { timelineFile, timelineText } from './recorded-timeline.ts';

writeFileSync(timelineFile, await timelineText());

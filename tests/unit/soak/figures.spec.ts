import { expect, test } from '@playwright/test';
import { LabError } from '../../../lab/errors.ts';
import { readHostFigures } from '../../soak/figures.ts';

const printed = 'hostMemoryMiB=133.4\nhostFiles=434\nhostProcesses=29\nhostRules=116\nhostLeases=0\nhostDiskMiB=19\n';

test('what the host prints is read by name', () => {
  expect(readHostFigures(printed)).toEqual({
    ...{ hostMemoryMiB: 133.4, hostFiles: 434, hostProcesses: 29, hostRules: 116, hostLeases: 0, hostDiskMiB: 19 },
  });
});

for (const missing of ['hostMemoryMiB=133.4\n', 'hostDiskMiB=19\n'])
  test(`figures without ${missing.trim()} are none`, () => {
    expect(() => readHostFigures(printed.replace(missing, ''))).toThrow(LabError);
    expect(() => readHostFigures(printed.replace(/=[\d.]+/, '='))).toThrow('The host did not say its hostMemoryMiB');
  });

import { chmod, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { pcsCommands } from '../../../lab/cluster/pcs.ts';

/** Stands where pcs would be found, and says how it was called and whether that is a process of its own. */
const caller = `#!/usr/bin/python3
import os, sys
loaded_by = os.getpid()
def main():
    print(sys.argv[1:], "in a process of its own" if os.getpid() != loading else "", flush=True)
    return 3 if sys.argv[1] == "fail" else 0
loading = int(os.environ.setdefault("LOADED_BY", str(loaded_by)))
if __name__ == "__main__":
    sys.exit(main())
`;

test('commands of pcs are run one after another, each in a process of its own, to the first that fails', async ({}, testInfo) => {
  const path = testInfo.outputPath('pcs');
  await writeFile(path, caller);
  await chmod(path, 0o755);
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', pcsCommands(["set 'a b'=c", 'fail now', 'never'])], {
    reject: false,
    env: { PATH: `${dirname(path)}:${process.env.PATH ?? ''}` },
  });
  expect(stdout.split('\n')).toEqual([
    `['set', 'a b=c'] in a process of its own`,
    `['fail', 'now'] in a process of its own`,
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('pcs fail now: it ended with 3');
});

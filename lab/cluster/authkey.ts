import { hostAuthkey } from './membership.ts';

/** What there is to know of an authkey without telling it. */
export interface AuthkeyFacts {
  readonly sha256: string;
  /** Owner, group and mode of the key and of its directory: `root:haclient 640`. */
  readonly file: string;
  readonly directory: string;
}

/** A POSIX shell script, for a host or a guest, and how to read what it prints. */
export const authkeyFacts = {
  script: `sha256sum <${hostAuthkey}; stat -c '%U:%G %a' ${hostAuthkey} "$(dirname ${hostAuthkey})"`,
  parse(stdout: string): AuthkeyFacts {
    const [sum = '', file = '', directory = ''] = stdout.split('\n');
    return { sha256: sum.replace(/\s.*/, ''), file, directory };
  },
} as const;

import { UsageError } from '../../errors.ts';

/** Where a machine's sshd listens, and as whom to log in. */
export interface SshAddress {
  readonly username: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an address as LAB_HOST and LAB_HOST_JUMP have it: `ssh://[user@]host[:port]`; root and 22 unless it says otherwise.
 * @param variable The variable that it stands in, for the message.
 * @throws UsageError that says what is wrong with it.
 */
export const parseSshAddress = (text: string, variable: string): SshAddress => {
  const refuse = (why: string, next: string): UsageError =>
    new UsageError(`${variable} is "${withoutPassword(text)}": ${why}.`, { next });
  const form = `set ${variable} to ssh://[user@]host[:port], such as ssh://root@lab.example.org:2222.`;
  if (!text.startsWith('ssh://')) throw refuse('it does not begin with ssh://', form);
  if (!URL.canParse(text)) throw refuse('it is no address', form);
  const url = new URL(text);
  if (url.hostname === '') throw refuse('it names no host', form);
  if (url.password !== '')
    throw refuse(
      'it has a password in it, and passwords are not used',
      'log in with a key: put it into the agent, or name its file in LAB_HOST_IDENTITY.',
    );
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname))
    throw refuse('there is more in it than user, host and port', form);
  const username = decodeURIComponent(url.username) || 'root';
  if (!/^[a-z_][\w.-]*\$?$/iu.test(username)) throw refuse(`"${username}" is no name of a user`, form);
  return { username, host: url.hostname.replace(/^\[(.*)\]$/u, '$1'), port: Number(url.port || 22) };
};

/** The machine's name as known_hosts has it: with its port where that is not 22. See sshd(8). */
export const knownHostsName = ({ host, port }: SshAddress): string => (port === 22 ? host : `[${host}]:${port}`);

/** The address as people write it. */
export const describeAddress = ({ username, host, port }: SshAddress): string =>
  `ssh://${username}@${host.includes(':') ? `[${host}]` : host}${port === 22 ? '' : `:${port}`}`;

const withoutPassword = (text: string): string => text.replace(/:[^:@/]*@/u, ':…@');

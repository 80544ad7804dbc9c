import { quote } from '../transport/host-shell.ts';

/** What the name of a secret holds, in whatever case. */
const named = '(passw|secret|token|credential|api[_.-]?key|private[_.-]?key)';
const whole = `[[:alnum:]_.-]*${named}[[:alnum:]_.-]*`;
const removed = '(removed)';

/** Each leaves the name and takes out the value. */
const replacements = [
  // An option in the CIB, and what Pacemaker's log tells of a change of one.
  `s/(name="[^"]*${named}[^"]*"[^>]* value=")[^"]*/\\1${removed}/Ig`,
  `s/(value=")[^"]*("[^>]* name="[^"]*${named})/\\1${removed}\\2/Ig`,
  `s/((@id='[^']*${named}[^']*'|@name=[^,]*${named}).*@value=).*/\\1${removed}/I`,
  // An attribute of a node, in crm_mon's table.
  `s/^([[:space:]*]*${whole}[[:space:]]+: ).*/\\1${removed}/I`,
  // An attribute of XML, and an option as pcs and command lines have it.
  `s/(${whole}=)"(\\\\.|[^"\\])*"/\\1"${removed}"/Ig`,
  `s/(${whole}=)'[^']*'/\\1'${removed}'/Ig`,
  `s/(${whole}=)[^[:space:]"'][^[:space:]]*/\\1${removed}/Ig`,
];

/** A shell command that hands on what it reads, without the values of what is named like a secret. */
export const withoutSecrets = `LC_ALL=C sed -E ${quote(`/${named}/I{${replacements.join(';')}}`)}`;

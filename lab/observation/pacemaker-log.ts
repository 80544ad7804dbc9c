import type { HostShell } from '../transport/host-shell.ts';

/** A line of pacemaker.log. */
export interface LogLine {
  /** Milliseconds since the epoch on the host's clock. */
  readonly atMs: number;
  /** Who wrote it, such as `pacemaker-controld` or `pacemakerd`. */
  readonly daemon: string;
  readonly text: string;
}

/** How exact the stamps of a log have to be for what it is read for. Before 2.1.0 they are exact to the second. */
export type StampPrecision = 'milliseconds' | 'seconds';

/** `Nov 21 22:46:27.264 example-host pacemaker-controld  [264] (function) \tlevel: text` */
const logLine =
  /^(\w{3} [ \d]\d \d\d:\d\d:\d\d(\.\d{3})?) \S+ (pacemakerd|pacemaker-\w+) *\[\d+\] \([^)]*\) *\t\w+: (.*)/s;

/** A moment, to the second, as the log writes it: `Nov 21 22:46:27`. */
function writeStamp(atMs: number): string {
  const [, day = '', month = '', , time = ''] = new Date(atMs).toUTCString().split(' ');
  return `${month} ${day.replace(/^0/, ' ')} ${time}`;
}

/**
 * A stamp has no year: it is of the year that brings it closest to a moment that is known. Undefined for a moment that
 * there is in none of them, which Date.parse would take for another one or for none.
 */
function stampOf(text: string, nearMs: number): number | undefined {
  const year = new Date(nearMs).getUTCFullYear();
  return [year - 1, year, year + 1]
    .map((each) => Date.parse(`${each} ${text}Z`))
    .filter((each) => text.startsWith(writeStamp(each)))
    .sort((one, other) => Math.abs(one - nearMs) - Math.abs(other - nearMs))[0];
}

/**
 * Reads the lines of a pacemaker.log, as Pacemaker writes them on a host whose zone is UTC. Lines whose stamp is not exact
 * enough or of no moment that there is, and those of other programs are left out.
 *
 * @param nearMs a moment within half a year of the log, milliseconds since the epoch
 */
export function readLogLines(
  log: string,
  nearMs: number,
  precision: StampPrecision = 'milliseconds',
): readonly LogLine[] {
  return log.split('\n').flatMap((line) => {
    const found = logLine.exec(line);
    if (!found) return [];
    const [, stamp = '', milliseconds, daemon = '', text = ''] = found;
    if (precision === 'milliseconds' && milliseconds === undefined) return [];
    const atMs = stampOf(stamp, nearMs);
    return atMs === undefined ? [] : [{ atMs, daemon, text }];
  });
}

const minuteMs = 60_000;
/** Of one drill a few hundred kilobytes are more than everything it logs. */
const mostBytes = 1_000_000;

/** The minutes of a span of time (milliseconds since the epoch) as the log writes them: `Nov 21 22:46`. */
export function minutesOf(fromMs: number, untilMs: number): readonly string[] {
  const first = Math.floor(fromMs / minuteMs);
  const count = Math.floor(untilMs / minuteMs) - first + 1;
  return Array.from({ length: count }, (_, at) => writeStamp((first + at) * minuteMs).slice(0, 'Nov 21 22:46'.length));
}

/**
 * Reads from a host's pacemaker.log the lines of a span of time that hold one of the phrases, with one command.
 * Throws a CommandError where the log can't be read, and a TransportError when the way to the host breaks.
 *
 * @param span its ends in milliseconds since the epoch on the host's clock
 * @param phrases plain text, without quotes or anything else that an extended regular expression reads
 */
export async function readPacemakerLog(
  shell: HostShell,
  span: { readonly fromMs: number; readonly untilMs: number },
  phrases: readonly string[],
  precision: StampPrecision = 'milliseconds',
): Promise<readonly LogLine[]> {
  const minutes = minutesOf(span.fromMs, span.untilMs).join('|');
  const { stdout } = await shell.run(
    `LC_ALL=C grep -hE '^(${minutes}):.*: .*(${phrases.join('|')})' /var/log/pacemaker/pacemaker.log | tail -c ${mostBytes}
    found=\${PIPESTATUS[0]}; ((found <= 1)) || exit "$found"`,
    { timeoutMs: 10_000 },
  );
  const fromMs = precision === 'seconds' ? Math.floor(span.fromMs / 1_000) * 1_000 : span.fromMs;
  return readLogLines(stdout, span.fromMs, precision).filter(({ atMs }) => atMs >= fromMs && atMs <= span.untilMs);
}

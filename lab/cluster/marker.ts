import { LabError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** The cluster property by which a cluster is known as a lab; its value is the lab's name. */
export const markerName = 'pacemaker-guest-drills-lab';

/** Where Pacemaker keeps the cluster's configuration on a host, whether or not it runs; an element a line. */
const savedConfiguration = '/var/lib/pacemaker/cib/cib.xml';

/**
 * A bash function that prints what is configured on a host whose cluster is not marked as a lab, a finding a line; nothing of one that is.
 * A cluster of one node with nothing in it is what a package brings.
 */
export const listUnmarkedFunction = `
list_unmarked() {
  local cib=${savedConfiguration} nodes
  [ -s "$cib" ] && ! grep -q 'name="${markerName}"' "$cib" || return 0
  sed -n '/<resources>/,/<\\/resources>/s/.*<\\(primitive\\|group\\|clone\\|master\\|bundle\\|template\\) id="\\([^"]*\\)".*/the resource \\2 (\\1)/p' "$cib"
  sed -n '/<constraints>/,/<\\/constraints>/s/.*<\\(rsc_[a-z]*\\) id="\\([^"]*\\)".*/the constraint \\2 (\\1)/p' "$cib"
  sed -n 's/.*<fencing-level id="\\([^"]*\\)".*/the fencing level \\1/p' "$cib"
  nodes=$(sed -n '/<nodes>/,/<\\/nodes>/s/.*<node .*uname="\\([^"]*\\)".*/\\1/p' "$cib" | sort -u)
  [ "$(wc -w <<<"$nodes")" -lt 2 ] || sed 's/^/the cluster node /' <<<"$nodes"
}`;

/**
 * Checks that a cluster is marked as a lab, as `lab up` does, before anything is done to it that could harm one that is not.
 * Nothing turns that off. Throws a LabError otherwise, with a list of what is configured there.
 */
export const requireMarker = async (shell: HostShell): Promise<void> => {
  const { stdout, exitCode } = await shell.run(
    `${listUnmarkedFunction}
    grep -qs 'name="${markerName}"' ${savedConfiguration} || { list_unmarked; exit 3; }`,
    { accept: [0, 3] },
  );
  if (exitCode === 0) return;
  const found = stdout.split('\n').flatMap((line) => (line === '' ? [] : [`\n  ${line}`]));
  throw new LabError(
    `The cluster on ${shell.hostName} is not marked as a lab (property ${markerName}); nothing was done to it.` +
      (found.length === 0 ? '' : ` It has:${found.join('')}`),
    {
      next: `if it is the lab, and only its mark is gone, mark it again there: "crm_attribute --type crm_config --name ${markerName} --update NAME". If not, see LAB_HOST.`,
    },
  );
};

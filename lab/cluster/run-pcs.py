# Runs commands of pcs one after another, one from each argument, and ends with the first that fails. Each has a process of
# its own, which has pcs loaded already: that takes pcs far longer than what it is asked for.
import os
import runpy
import shlex
import shutil
import sys

pcs = shutil.which("pcs")
runpy.run_path(pcs)
for command in sys.argv[1:]:
    if os.fork() == 0:
        sys.argv = [pcs, *shlex.split(command)]
        runpy.run_path(pcs, run_name="__main__")
        sys.exit()
    status = os.waitstatus_to_exitcode(os.wait()[1])
    if status != 0:
        sys.exit(f"pcs {command}: it ended with {status}")

/** A word on the command line of the kernel of each machine that a lab boots itself; the kernel makes nothing of it. */
export const machineMark = 'guest_drills.machine=1';

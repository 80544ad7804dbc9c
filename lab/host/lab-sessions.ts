/** How many commands a host made by a lab lets run at once: half of what lab/images/host/sshd_config allows. */
export const labSessions = 100;

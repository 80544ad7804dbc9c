/** Reads the status of a large cluster of as many nodes as told; for a process with little memory. */
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { largeCluster } from './large-cluster.ts';
import { writeStatus } from './write-status.ts';
import { writeXml } from './xml-tree.ts';

const { nodes, resources } = readCrmMon(writeXml(writeStatus(largeCluster(Number(process.argv[2])), '2.38')).text);
process.stdout.write(`${nodes.length} nodes, ${resources.length} resources`);

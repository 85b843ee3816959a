/** The end of the bridge in the container's network, which has loopback alone: `bridge.mjs <port>...` listens for the recorder. */
import { multiplex } from './mux.mjs';

const mux = multiplex(process.stdin, process.stdout, { firstId: 1 });
for (const port of process.argv.slice(2)) await mux.listen(Number(port), Number(port));
mux.ready();
// Nobody is left to talk to when the pipe ends, however the other end ended.
process.stdin.on('end', () => process.exit());

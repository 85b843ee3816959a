/**
 * Loaded before the user's code on both sides: nothing but loopback can be reached. HTTP connections are led to the recorder's
 * door on loopback (`?door=`), all else is refused and written to the file that `log=` names; `layer=` names the folders of
 * Lambda layers, `perturb=` the file that makes waits uneven, `keepers=` the one that asks for variables. Plain JavaScript without dependencies: it runs inside the user's process, also inside its image.
 */
import { syncBuiltinESMExports } from 'node:module';
import { tellSdk } from './aws-sdk-v2.mjs';
import { guardConnections } from './connections.mjs';
import { tellKeepers } from './keepers.mjs';
import { mountLayers } from './layers.mjs';
import { guardNames } from './names.mjs';
import { perturbWaits } from './perturb.mjs';
import { moveNamedPorts } from './ports.mjs';
import { withoutProxy } from './proxy.mjs';
import { refusal } from './refusal.mjs';

const { searchParams } = new URL(import.meta.url);
const refuse = refusal(searchParams.get('log'));

guardConnections(Number(searchParams.get('door')), refuse);
guardNames(refuse);
withoutProxy();
moveNamedPorts();
mountLayers(searchParams.getAll('layer'));
tellSdk();
perturbWaits(searchParams.get('perturb'));
if (searchParams.has('keepers')) tellKeepers(searchParams.get('keepers'));
syncBuiltinESMExports();

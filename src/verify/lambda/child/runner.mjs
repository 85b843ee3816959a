/**
 * Runs one handler as the managed runtime does, over the Runtime API of its environment.
 * Usage: node runner.mjs <generation>. Plain JavaScript without dependencies: it runs inside the function's process.
 */
import { defineGlobal } from './stream.mjs';

const generation = process.argv[2];
const { run } = await import(`./generation-${generation}.mjs`);

console.fatal ??= console.error;
defineGlobal();
const running = run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
// Whether the runtime awaits itself decides the exit code when the top level of a module never settles: 13 or 0.
if (generation === '3') await running;

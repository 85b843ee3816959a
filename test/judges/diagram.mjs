/** Asks the parser of Mermaid itself whether it takes each of the diagrams on standard input (a JSON list); writes what it says. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder] = process.argv;
const load = (file) => import(pathToFileURL(join(folder, 'node_modules', file)).href);
const { default: purify } = await load('dompurify/dist/purify.es.mjs');
// It cleans text for a page, and there is none.
Object.assign(purify, { addHook: () => {}, sanitize: (text) => text });
const { default: mermaid } = await load('mermaid/dist/mermaid.core.mjs');

let input = '';
for await (const chunk of process.stdin) input += chunk;
const told = [];
for (const text of JSON.parse(input)) {
  const { diagramType } = await mermaid.parse(text).catch((error) => ({ diagramType: String(error.message) }));
  const { db } = diagramType === 'flowchart-v2' ? await mermaid.mermaidAPI.getDiagramFromText(text) : {};
  told.push({ diagramType, labels: db ? [...db.getVertices().values()].map((each) => each.text) : [] });
}
console.log(JSON.stringify(told));

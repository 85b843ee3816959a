/** Which functions of a file the handler transforms look at. */
import { type ExportedFunction, exportedFunctions } from './exported-functions.js';
import { type FunctionNode, lineOf, type Node, parameterName } from './syntax.js';
import type { HandlerSite, TransformContext } from './transform.js';

export interface FoundHandler {
  node: FunctionNode;
  /** Null when jscodeshift runs the transform by itself. */
  site: HandlerSite | null;
  exported: ExportedFunction;
}

/** Handlers of the file with their functions, and the sites for which no plain exported function was found. */
export function handlerFunctions(program: Node, context: TransformContext): { found: FoundHandler[]; missing: HandlerSite[] } {
  const exported = exportedFunctions(program);
  if (!context.handlers)
    return {
      found: unique(exported.filter(({ node }) => looksLikeHandler(node)).map((each) => ({ node: each.node, site: null, exported: each }))),
      missing: [],
    };
  const found: FoundHandler[] = [];
  const missing: HandlerSite[] = [];
  for (const site of context.handlers) {
    const match = exported.find((each) => each.name === site.name) ?? exported.find((each) => isDeclaredAt(each, site));
    if (match) found.push({ node: match.node, site, exported: match });
    else missing.push(site);
  }
  return { found: unique(found), missing };
}

function isDeclaredAt(each: ExportedFunction, site: HandlerSite): boolean {
  return site.line !== null && (each.line === site.line || lineOf(each.node) === site.line);
}

function unique(found: FoundHandler[]): FoundHandler[] {
  return found.filter((each, index) => found.findIndex(({ node }) => node === each.node) === index);
}

/** Without a project there is only the shape: an event first, then a context, by their usual names. */
function looksLikeHandler(node: FunctionNode): boolean {
  const [event, context, callback] = node.params.map(parameterName);
  if (context === undefined || context === null) return false;
  if (callback === null || (callback !== undefined && !/^_*(?:callback|cb|done|respond)$/i.test(callback))) return false;
  return /^_*(?:context|ctx)$/i.test(context) || /^_*(?:e|ev|evt|event|input|payload)_*$/i.test(event ?? '');
}

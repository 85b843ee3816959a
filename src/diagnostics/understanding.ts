import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "understanding". */
export const understanding: DiagnosticEntries = {
  HANDLER_NOT_FOUND: {
    severity: 'error',
    message: 'The handler {handler} of {function} was not found (looked for {looked}).',
    advice:
      'Check the handler and the code folder in the definition. When a build of your own makes the file, name its source in the definition.',
    detail:
      'The handler string is resolved as Lambda does it: the last path segment is split at its first dot, and the module is tried as it is, with .js, .mjs and .cjs, then as a folder. Sources of TypeScript, of bundlers and of build folders are tried as well. None of these files exists.',
  },
  HANDLER_MALFORMED: {
    severity: 'error',
    message: 'The handler {handler} of {function} cannot be a handler: Lambda wants "path/module.export" without "..".',
    advice: 'Write the path of the module relative to the code folder, a dot, and the name of its export.',
    detail:
      'The runtime of Lambda refuses a handler string without an export or with two dots in a row, so this function cannot run as it is declared.',
  },
  HANDLER_OUTSIDE_REPOSITORY: {
    severity: 'error',
    message: 'The handler {handler} of {function} leads out of the folder that was given ({looked}).',
    advice: 'Run the command on the folder that holds all of the code, or replace the link by the file.',
    detail: 'Files outside the folder are never read, also not through symbolic links: the definition of a project is untrusted input.',
  },
  HANDLER_CASE_DIFFERS: {
    severity: 'warning',
    message: 'The handler {handler} of {function} was found as {file}: upper and lower case differ.',
    advice: 'Write the handler as the file is named.',
    detail:
      'File systems of macOS and Windows do not tell upper from lower case, Lambda and containers do. The function fails on Lambda unless its build renames the file.',
  },
  HANDLER_FOUND_BY_NAME: {
    severity: 'warning',
    message: 'The handler {handler} of {function} was found by its name alone: {file}.',
    advice: 'Check that this is the source of the function; if it is not, correct the handler or the code folder in the definition.',
    detail:
      'Neither the code folder nor a known build leads to the file, but exactly one source of the project has this path. A build of the project probably moves it.',
  },
  HANDLER_OF_VENDOR: {
    severity: 'info',
    message: '{function} declares the handler of a monitoring vendor; the real one is {original}, as {variable} says.',
    advice: "Start the service with the vendor's agent for Node.js servers instead.",
    detail:
      'Monitoring vendors replace the handler by their own, which calls the real one. In a service the real handler is called directly; traces need the agent that the vendor offers for servers.',
  },
  HANDLER_OF_VENDOR_UNKNOWN: {
    severity: 'error',
    message: '{function} declares the handler of a monitoring vendor ({handler}), and {variable} does not tell the real one.',
    advice: 'Give the variable the real handler in the definition.',
    detail: "The vendor's handler reads the real one from an environment variable. The variable is missing or only known at deployment.",
  },
  EXPORT_NOT_FOUND: {
    severity: 'error',
    message: '{file} has no export {export}, which is the handler of {function}.',
    advice: 'Export the handler under this name, or correct the handler in the definition.',
    detail: 'All the usual ways to export were looked through: export, exports.x, module.exports, re-exports, spreads and compiled forms.',
  },
  HANDLER_NOT_A_FUNCTION: {
    severity: 'error',
    message: 'The export {export} of {file} is {kind}, not a function, so {function} cannot be called.',
    advice: 'Export a function.',
    detail: 'The runtime of Lambda refuses a handler that is not a function.',
  },
  SOURCE_NOT_PARSED: {
    severity: 'error',
    message: '{file} does not parse: {problem}',
    advice: 'Mend the syntax at the place given. Other functions were migrated.',
    detail:
      'The file is neither valid JavaScript nor, by its ending, valid TypeScript. What it does and what it imports is not known, so the functions that reach it are not migrated.',
  },
  SOURCE_NOT_READ: {
    severity: 'error',
    message: '{file} cannot be read as source ({problem}).',
    advice: 'Sources are text files of at most 5 MB inside the folder that was given.',
    detail: 'The file is imported, but it is too large, binary, unreadable or outside the folder.',
  },
  INLINE_CODE_NOT_PARSED: {
    severity: 'error',
    message: 'The inline code of {function} does not parse: {problem}',
    advice: 'Mend the code in the definition, or move it to a file.',
    detail: 'Code that stands in the definition is read like a JavaScript file.',
  },
  MODULE_NOT_FOUND: {
    severity: 'warning',
    message: '{file} imports {specifier}, which was not found.',
    advice:
      'If a build makes it or an alias of a bundler names it, see that the new build does the same; otherwise the import fails when the service starts.',
    detail:
      'The import was tried as Node and TypeScript resolve it: with endings and index files, through tsconfig paths, package.json imports, workspaces and layers.',
  },
  IMPORT_CASE_DIFFERS: {
    severity: 'info',
    message:
      '{file} imports {specifier}, but the file is {found}: on Linux the names differ. A migration writes the import as the file is named.',
    advice: 'Nothing has to be done: the import then leads to the same file everywhere.',
    detail:
      'macOS and Windows take upper and lower case in names of files as the same, so the import worked where the code was bundled. In the container image it would fail.',
  },
  MODULE_OUTSIDE_REPOSITORY: {
    severity: 'warning',
    message: '{file} imports {specifier}, which lies outside the folder that was given.',
    advice: 'Run the command on the folder that holds all of the code.',
    detail: 'Files outside the folder are neither read nor part of the container image, so the import fails when the service starts.',
  },
  LAYER_IMPORT: {
    severity: 'info',
    message: '{file} imports {specifier} from a layer; the service takes it from {found}.',
    advice: 'Nothing has to be done: the build of the service finds the source, and code that stays on Lambda goes on finding the layer.',
    detail:
      'Lambda mounts layers at /opt and looks for modules there. A container has no layers, so the build script of the service leads these imports to the sources of the layer, and package.json gets the dependencies of the layer.',
  },
  LAYER_NOT_FOUND: {
    severity: 'warning',
    message: '{file} imports {specifier} from a layer whose source is not in the folder that was given.',
    advice:
      'Run the command on the folder that holds the source of the layer; or copy what the layer has into the project (aws lambda get-layer-version gives its archive), and import it from there.',
    detail:
      'Lambda mounts layers at /opt. A container has no layers: the code must come from the project. A layer that the definition only names by its ARN is not there to be read, so the import fails when the service starts.',
  },
  DYNAMIC_IMPORT: {
    severity: 'info',
    message: '{file} imports a module whose name is only known when it runs: {expression}',
    advice: 'Check that the file is in the image; a bundler does not see it.',
    detail: 'What such an import loads cannot be followed, so it is missing from the reachable files and packages.',
  },
  WEB_ADAPTER_START_UNKNOWN: {
    severity: 'error',
    message: '{function} runs behind the Lambda Web Adapter, and its start command ({command}) was not understood: {problem}.',
    advice:
      'Let the command, or the script that it names, end in "exec node <file>" or in a script of package.json that does, without anything else but variables before.',
    detail:
      'The Lambda Web Adapter turns events into HTTP requests for a server that the function starts. Without the adapter the same server runs in a container as it is, once it is known how it is started. ' +
      'Shell scripts are read, never run: variables, folders below /tmp and one program are understood, conditions and loops are not.',
  },
  WEB_ADAPTER_SETTING_LOST: {
    severity: 'warning',
    message: 'Behind {setting} of {function} the Lambda Web Adapter {did}; in the service nothing does.',
    advice: 'Do it in the server or in what stands before it (a rule of the load balancer, say).',
    detail:
      'In the container the server gets requests as they come. What the adapter changed in them, or in the answers, has to be done by the server itself or by the load balancer.',
  },
  ANALYSIS_FAILED: {
    severity: 'error',
    message: 'The code of {function} could not be analysed: {problem}',
    advice: 'This is a fault of migrate-lambda; please report it with the source of the function. Other functions were migrated.',
    detail: 'Reading the sources of this function ended in an unexpected error. The failure is charged to this function alone.',
  },
};

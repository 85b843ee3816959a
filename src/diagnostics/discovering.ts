import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of finding projects, reading package.json, and reading serverless.yml. */
export const discovering: DiagnosticEntries = {
  DEFINITION_UNREADABLE: {
    severity: 'error',
    message: '{file} looks like an infrastructure definition but cannot be read ({reason}).',
    advice: 'Check the file: a definition is a text file of at most 5 MB that you may read. Other projects of the folder were read.',
    detail:
      'The name or the first lines of the file say that it declares Lambda functions, but it is larger than 5 MB, binary, or not readable. It was left alone and its functions are not in the report.',
  },
  DEFINITION_FAILED: {
    severity: 'error',
    message: '{file} could not be read: {reason}',
    advice: 'This is a fault of migrate-lambda; please report it with the file. Other projects of the folder were read.',
    detail: 'Reading this definition ended in an unexpected error. The failure is charged to this definition alone.',
  },
  DIALECT_NOT_READ: {
    severity: 'error',
    message: '{file}:{line} declares Lambda functions with {dialect}, which is not read yet.',
    advice: '{advice}',
    detail:
      'The file declares Lambda functions in a way that migrate-lambda recognises but cannot read, because it would have to run your code or because the dialect comes later. Nothing was changed for these functions.',
  },
  PACKAGE_JSON_UNREADABLE: {
    severity: 'warning',
    message: '{file} is not a valid package.json ({reason}).',
    advice:
      'Mend the JSON at the place given and run again; until then the file is not edited and its scripts and dependencies are not known.',
    detail:
      'npm refuses a package.json that is not strict JSON. The tool treats it as empty and never writes to it, so dependencies and start scripts must be added by hand.',
  },
  CONVENTION_RUNTIME_ASSUMED: {
    severity: 'info',
    message: 'No Node.js version is stated for this function; {runtime} is assumed.',
    advice: 'State the version in package.json ("engines": { "node": ">=22" }) when another one is meant.',
    detail:
      'A project without an infrastructure definition says nothing about its runtime. The current long-term version is used unless engines.node names one.',
  },
  RUNTIME_NOT_NODE: {
    severity: 'info',
    message: 'The function {function} runs on {runtime}, not on Node.js.',
    advice: 'Nothing to do: only Node.js functions are migrated.',
    detail: 'Functions of other runtimes are listed so that none is missing from the report; their code is not read.',
  },
  SERVERLESS_NOT_A_SERVICE: {
    severity: 'error',
    message: '{file} does not hold a Serverless service.',
    advice:
      'Check that the file is a mapping with `service`, `provider` and `functions`; a serverless.ts must export an object that can be told without running it.',
    detail:
      'The file is named like a service definition, but what it holds or exports is not an object. A serverless.ts or serverless.js is never run: its export must be an object literal, possibly put together from imports, constants and spreads.',
  },
  SERVERLESS_PROVIDER_NOT_AWS: {
    severity: 'info',
    message: 'The service is deployed to {provider}, not to AWS Lambda.',
    advice: 'Nothing to do: only services with `provider.name: aws` are migrated.',
    detail: 'Serverless Framework deploys to several clouds. Functions of other providers have other events and are not touched.',
  },
  SERVERLESS_FUNCTIONS_UNRESOLVED: {
    severity: 'error',
    message: 'The functions of {file} are not written in it and could not be resolved.',
    advice: 'Write `functions:` as a mapping, or include it as a YAML file; a JavaScript include is not run.',
    detail:
      'The `functions` section is a variable that only Serverless itself can resolve, so no function of this service is in the report.',
  },
  SERVERLESS_FUNCTION_INVALID: {
    severity: 'error',
    message: 'The function {name} is not a mapping.',
    advice: 'Give it at least a `handler`, or check the variable that should bring it in.',
    detail:
      'Every entry under `functions` is a mapping with a handler or an image. This one is empty, text, or a variable that could not be resolved.',
  },
  SERVERLESS_HANDLER_MISSING: {
    severity: 'error',
    message: 'The function {function} has no handler.',
    advice: 'Add `handler: path/to/module.export` to the function.',
    detail: 'Without a handler and without an image there is no code to migrate. The function is listed with its triggers only.',
  },
  SERVERLESS_HANDLER_UNRESOLVED: {
    severity: 'error',
    message: 'The handler of {function} depends on something that is not known here: {handler}',
    advice: 'Write the handler as plain text, or give the value with --param or --stage.',
    detail: 'The handler string holds a variable that only exists at deployment, so the source file cannot be found.',
  },
  SERVERLESS_VARIABLE_CIRCULAR: {
    severity: 'warning',
    message: 'The variable {name} leads back to itself.',
    advice: 'Break the circle at the place given; the text was left as it is.',
    detail:
      'Following this variable (or file include) comes back to where it started, so it has no value. Serverless would refuse it as well.',
  },
  SERVERLESS_TOO_LARGE: {
    severity: 'warning',
    message: 'The value of {name} grows without bound and was cut.',
    advice: 'Check the variables and aliases at the place given.',
    detail: 'Variables or YAML aliases that repeat each other multiply into more data than any service has. Reading stops at a fixed size.',
  },
  SERVERLESS_FILE_MISSING: {
    severity: 'warning',
    message: 'The file of {path} does not exist and there is no fallback.',
    advice: 'Add the file (it may be left out by .gitignore), or give the variable a fallback.',
    detail: 'A variable includes a file that is not in the repository. What depends on it stays unresolved.',
  },
  SERVERLESS_FILE_REFUSED: {
    severity: 'warning',
    message: 'The file {path} lies outside the folder given and was not read.',
    advice: 'Run migrate-lambda on a folder that holds this file as well.',
    detail: 'Files are read inside the repository only, also when a definition or a symlink points out of it.',
  },
  SERVERLESS_FILE_NOT_RUN: {
    severity: 'warning',
    message: 'The value comes from running {path}, which migrate-lambda never does.',
    advice: 'Check the values that depend on it in the generated files, or move them into a YAML or JSON file.',
    detail: 'A JavaScript include can compute anything. User code is not executed while reading, so the variable stays as written.',
  },
  SERVERLESS_FILE_UNREADABLE: {
    severity: 'warning',
    message: 'The file {path} cannot be read.',
    advice: 'Check that it is a text file of at most 5 MB.',
    detail: 'A variable includes a file that is binary, too large or not readable. What depends on it stays unresolved.',
  },
  SERVERLESS_EXPRESSION_NOT_STATIC: {
    severity: 'info',
    message: 'The expression "{expression}" is only known when the file runs.',
    advice: 'Check the values that depend on it in the generated files.',
    detail:
      'A serverless.ts or serverless.js is read without running it: literals, constants, imports, spreads and simple functions are followed, anything else stays a reference.',
  },
  SERVERLESS_EVENT_UNKNOWN: {
    severity: 'warning',
    message: 'The event "{event}" of {function} is not known.',
    advice: 'If a plugin adds it, wire that event source by hand; the function itself is read.',
    detail: 'Plugins can add event types. What this one delivers is not known, so it does not become a trigger.',
  },
  SERVERLESS_SCHEDULE_INPUT: {
    severity: 'warning',
    message: 'A schedule of {function} shapes its event with inputPath or inputTransformer, which is not carried over.',
    advice: 'Give the event that the function expects as `input` of the schedule, or build it in the handler.',
    detail:
      'EventBridge would cut or rewrite the scheduled event before it calls the function. The job gets the constant `input` when there is one, else the standard scheduled event as it is before that rewriting.',
  },
  SERVERLESS_ARTIFACT: {
    severity: 'warning',
    message: '{function} is deployed from the artifact {artifact}, not from the folder of the service.',
    advice: 'Check that the handler below the folder of the service is the source of the artifact.',
    detail:
      'With `package.artifact` Serverless uploads a file that something else built. It is not opened; the handler is looked for in the folder of the service, where the sources usually are.',
  },
  SERVERLESS_SHADOWED: {
    severity: 'info',
    message: '{file} is not read: {other} beside it takes precedence.',
    advice: 'Remove the file that is no longer used.',
    detail: 'Serverless reads the first it finds of serverless.yml, .yaml, .json, .js and .ts in a folder, and so does migrate-lambda.',
  },
  SERVERLESS_EVENT_INVALID: {
    severity: 'warning',
    message: 'The event "{event}" of {function} cannot be read as it stands.',
    advice: 'Check it against the documentation of Serverless, or resolve the variable it depends on.',
    detail: 'The event lacks what it needs (a path, an ARN, an expression), or depends on a variable that only exists at deployment.',
  },
};

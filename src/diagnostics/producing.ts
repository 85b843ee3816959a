import type { DiagnosticEntries } from './diagnostic.js';

/** Findings about an edit of package.json or of code. The next run finds nothing left to edit, so a file that must stay the same leaves them out. */
export const editFindings: ReadonlySet<string> = new Set([
  'SDK_DEPENDENCY_ADDED',
  'SDK_DEPENDENCY_MOVED',
  'SDK_NOT_SUPPLIED',
  'DEPENDENCY_ADDED',
  'ENGINES_CHANGED',
  'HAZARD_MENDED',
  'EVENT_LOG_CHANGED',
  'QUERY_STILL_REQUIRED',
  'EVENT_IN_ANSWER',
  'EVENT_FIELD_READ',
  'SDK_CONVERTED',
]);

/** Diagnostics of the stage "producing". */
export const producing: DiagnosticEntries = {
  HAZARD_MENDED: {
    severity: 'info',
    message: '{what}: {transform} has mended what check calls {hazard}.',
    advice: 'Nothing has to be done; look at the edit in the diff.',
    detail:
      'Code that is only right while a process serves one request at a time is rewritten where the edit certainly keeps what the code does for one request. The same analysis as that of `check` then finds the hazard no more, and no other.',
  },
  EVENT_LOG_CHANGED: {
    severity: 'info',
    message: '{function} logs its request where it logged the event or the context.',
    advice: 'Look at what reads the log; add fields to that line when it needs more of the request.',
    detail:
      'A handler that is rewritten into a route has no event any more. A statement that only logged the whole event logs method, URL and body of the request; one that only logged the context is left out.',
  },
  EVENT_IN_ANSWER: {
    severity: 'info',
    message: '{function} writes out the whole event, which its route has as request.event.',
    advice: 'Write out what its clients need of the request in its place; nothing else needs the event then.',
    detail:
      'A handler that answers with its whole event, or sends it on as JSON, tells more than any request says: ids of the gateway, times, every header twice. Its route has that event as `request.event`, made by the service as the front made it, so that the answer stays the same.',
  },
  EVENT_FIELD_READ: {
    severity: 'info',
    message: '{function} reads a field that only the event of its front has; its route reads it from request.event.',
    advice: 'Look whether the code needs it in a service: ids of the gateway and of its caller say little there.',
    detail:
      'Ids of the API, the account and the resource, times as the gateway writes them, stage variables, and what IAM told of a caller have no equal in a request. The route reads them from `request.event`, the event that the service makes as the front made it, so that the value stays the same.',
  },
  HANDLER_KEPT: {
    severity: 'info',
    message: 'A handler for Lambda, made of the route, stays beside each route: {functions}.',
    advice:
      'When nothing calls a function any more, delete its handler and the import of onLambda; the module it comes from goes with the last of them.',
    detail:
      'With --keep-handler the name that the definition gives goes on working on Lambda: a small module beside the handlers makes the request of the event and the result of the reply, so the same code runs in both places during the cut-over. What a route answers is compared by `verify`; on Lambda it answers the same, with the content type written out where the front had added it. `request.id` is the id that the gateway gave the request.',
  },
  QUERY_STILL_REQUIRED: {
    severity: 'info',
    message: '{function} fails for a request without a query, as it did on Lambda.',
    advice: 'Answer such a request with a status of its own (400, say) in place of the error that is thrown there.',
    detail:
      'The event of a request without a query had null (nothing in format 2.0) where the query would be, so that reading from it threw and the gateway answered with its own failure. A request of Fastify always has an object there: a statement in front of the first read throws in its place.',
  },
  CALLBACK_KEPT: {
    severity: 'info',
    message: 'The handler keeps its callback form ({reason}).',
    advice:
      'Nothing has to be done: the service calls it with a callback. Return a promise instead when you next work on it; Node.js 24 on Lambda refuses callback handlers.',
    detail:
      'A handler that answers through its third parameter is rewritten into an async function only where that certainly gives the same answer: the call is the last thing on its path, its error is certainly an error, ' +
      'nothing is left running that Lambda would have waited for, and nobody else calls the handler. Otherwise the source stays as it is and the generated service feeds the callback form with the rules of the Lambda runtime: ' +
      'the first completion wins, a synchronous throw fails the invocation, and the value that a synchronous handler returns is ignored.',
  },
  CONTEXT_DONE_KEPT: {
    severity: 'info',
    message: 'The handler keeps ending through context.succeed, context.fail or context.done ({reason}).',
    advice:
      'Nothing has to be done: the context of the service has the three functions. Return or throw instead when you next work on it; Node.js 24 on Lambda no longer has them.',
    detail:
      'context.succeed, context.fail and context.done end an invocation at once. They are rewritten into return and throw only where nothing else would run after them. Otherwise the source stays as it is, and the context that the ' +
      'generated service passes to the handler offers the same three functions.',
  },
  SERVER_NOT_UNWRAPPED: {
    severity: 'warning',
    message: 'The server behind {adapter} was not unwrapped: {because}.',
    advice:
      'The handler is fed Lambda events by the service, which answers the same. To let the server listen by itself, export it under its own name from a module that does nothing Lambda-specific when it is imported.',
    detail:
      'A handler that only wraps an HTTP server (Express, Fastify, Koa, Hono …) is best migrated by letting that server listen. This needs a variable at the top level of the module that holds the server, an adapter without options that ' +
      'change requests or answers, and no other effects on import. Where one of these is missing, the handler is kept behind the event adapter.',
  },
  SERVER_ALREADY_LISTENS: {
    severity: 'info',
    message: 'The module of the server calls listen() by itself when it is imported.',
    advice:
      'Run it only when the file is started directly (`if (require.main === module)`), or leave it: PORT is kept from it, as on Lambda. It must not take 8080 itself.',
    detail:
      'Some modules start a local server whenever they are imported, on Lambda too. The service imports the same module, and keeps PORT from it, so the local server listens beside it on a port of its own.',
  },
  LAMBDA_TEST_WIDENED: {
    severity: 'info',
    message: 'The code asks for {name} to tell whether it runs on Lambda; the condition now holds in the service too ({variable}).',
    advice:
      'Nothing has to be done. Where the way of other machines is the better one for a container, take {variable} out of the condition.',
    detail:
      'Lambda sets variables of its own in every function, and code often asks for one: to start a local server when it is not there, to choose a pool, to stand in for a database. The service goes the way that the function went, so it sets a variable of its own, and conditions ask for either. On Lambda and on a desk nothing changes.',
  },
  TRANSFORM_FAILED: {
    severity: 'warning',
    message: 'The file could not be read as JavaScript or TypeScript ({problem}); it was left as it is.',
    advice: 'Check that the file parses. Its handlers are migrated as they are.',
    detail:
      'Code edits work on a syntax tree. A file that cannot be parsed, or that a code edit cannot cope with, keeps every byte; the handlers in it are still called by the service.',
  },
  SDK_DEPENDENCY_ADDED: {
    severity: 'info',
    message: '{package} is added to dependencies at {range}: the Lambda runtime or a layer supplied it.',
    advice: 'Install it to update the lockfile, and pin the version that your function ran with if that matters.',
    detail:
      'Lambda puts the AWS SDK (v2 up to Node.js 16, v3 from Node.js 18) beside the function, so that many projects never list it. A container holds only what package.json names. Versions follow the other packages of the same family in ' +
      'the project, otherwise a recent release.',
  },
  SDK_CONVERTED: {
    severity: 'info',
    message: '{file} uses version 3 of the AWS SDK: the codemod of AWS has converted it.',
    advice: 'Look at the diff and run the tests; drop aws-sdk from package.json when nothing else imports it.',
    detail:
      'With --sdk-v3 the codemod aws-sdk-js-codemod runs over the files that migrated functions reach. It converts clients, their creation and their calls. Errors have a `name` where they had a `code`, and some results have another form, ' +
      'so that its conversion is for a person to look at: `verify` without --sdk-v3 tells whether the migration itself answers the same.',
  },
  SDK_NOT_CONVERTED: {
    severity: 'warning',
    message: 'What --sdk-v3 does not convert: {problem}.',
    advice: 'Convert it by hand.',
    detail:
      'The codemod of AWS leaves some code to a person: calls that version 3 has no counterpart for (the file then stays as it is), `.promise()` on what it does not know, global settings of AWS.config, and results that have another form in version 3. ' +
      'See https://github.com/aws/aws-sdk-js-v3/blob/main/UPGRADING.md.',
  },
  SDK_DEPENDENCY_MOVED: {
    severity: 'info',
    message: '{package} moves from devDependencies to dependencies: the code imports it when it runs.',
    advice: 'Install once to update the lockfile.',
    detail:
      'An image installs production dependencies only. A package that the running code imports and that was listed for development worked on Lambda because the runtime supplied it or a bundler included it.',
  },
  SDK_NOT_SUPPLIED: {
    severity: 'warning',
    message:
      '{package} is added to dependencies at {range}; on Lambda nothing supplied it: {runtime} does not have it, and no layer or package.json of {function} does.',
    advice: 'Check that the function works on Lambda today. Move to the other version of the AWS SDK when you next work on it.',
    detail:
      'The Lambda runtime has the AWS SDK v2 up to Node.js 16 and v3 from Node.js 18. A function that imports the other one without listing it fails there when it loads. The service has the package, so it works where the function failed.',
  },
  DEPENDENCY_ADDED: {
    severity: 'info',
    message: '{package} is imported but the package.json of the service does not list it; it is added at {range}, as {source} has it.',
    advice: 'Install it to update the lockfile, and check the version.',
    detail:
      'A package that is not listed came from a layer, from a folder above, or because another package needs it and it lay beside that. The package.json of a layer or of another folder, or the lockfile, tells which version it was.',
  },
  DEPENDENCY_NOT_LISTED: {
    severity: 'warning',
    message: '{package} is imported but no package.json of the project lists it.',
    advice:
      'Run "{command}" beside the package.json of the service, with the version that the function runs with (look in its layers if it is not installed locally).',
    detail:
      'A package that is neither listed nor part of the Lambda runtime came from a layer, from a folder above, or is missing. Neither a package.json nor the lockfile tells its version, so none is written. The service fails to start until it is listed.',
  },
  FILE_EXISTS: {
    severity: 'info',
    message: '{file} exists and was not generated; {instead} is written instead.',
    advice: 'Compare the two, and keep what you need of each.',
    detail:
      'Generated files say so in their first lines. A file or folder of the same name without that line is yours and is never overwritten: the generated one gets another name, and everything that refers to it uses that name.',
  },
  DEPENDENCY_CONFLICT: {
    severity: 'warning',
    message: '{package} is wanted as {first} ({firstFile}) and as {second} ({secondFile}), which have no version in common.',
    advice: 'Bring both to one version, or split the functions into services of their own.',
    detail:
      'Functions that were packaged alone could each have their own version of a package. In one image they are installed once, at the root of the service. The first range was kept; code that was written for the other one may fail.',
  },
  BUNDLED_FILE_PATHS: {
    severity: 'warning',
    message: '{file} finds files by its own place (__dirname, import.meta.url), and is compiled into dist/ for the service.',
    advice: 'Read the file by a path from the project root (the working directory of the service), or import it.',
    detail:
      'Sources whose decorators need types are compiled by tsc into dist/. There __dirname and import.meta.url name the folder of the output, so a path built from them points elsewhere. The working directory of the service is ' +
      'the folder of package.json, in the image as on your machine. Where esbuild makes the service, source files keep their own place and nothing has to be done.',
  },
  PROGRAM_NOT_BUILT: {
    severity: 'warning',
    message: 'A server of your own needs the script "{script}" of its package.json, and the image of all services does not run it.',
    advice:
      'Run it in the build stage of the Dockerfile, or migrate that function alone with --only: then its package is built as a whole.',
    detail:
      'A project can have handlers and, behind the Lambda Web Adapter, servers that are started as they are. One image is built for all of them, by bundling the handlers; what a script of a package makes besides is not part of it.',
  },
  IMPORT_ORDER_CHANGES: {
    severity: 'warning',
    message: '{file} runs something before its last import; in the service all imports run first.',
    advice: 'Move that statement into a module of its own and import it first, for example "import \'./environment.js\'".',
    detail:
      'On Lambda this source ran as tsc compiles it to CommonJS: each import where it stands. A service of CommonJS keeps that order. This one is an ES module (its package.json, its format or an await at the top level asks for it), and there ' +
      'all imports run before anything else in the file. Settings that are loaded between imports (dotenv.config(), say) come too late for the modules that are imported after them.',
  },
  LAYER_IMPORT_NOT_BUILT: {
    severity: 'warning',
    message: '{file} imports from a layer, and is compiled by tsc, which leaves the import as it is.',
    advice: 'Import the source of the layer by a relative path, or make a package of it.',
    detail:
      'The build of a service leads imports from layers to their sources where esbuild makes it. Sources whose decorators need types are compiled by tsc, which cannot; the import then fails when the service starts.',
  },
  ALIAS_NOT_BUILT: {
    severity: 'warning',
    message: '{file} imports by an alias of the bundler, and is compiled by tsc, which leaves the import as it is.',
    advice: 'Write the alias into "paths" of tsconfig.json, or import by a relative path.',
    detail:
      'The build of a service follows the aliases of webpack, Babel and module-alias where esbuild makes it. Sources whose decorators need types are compiled by tsc, which knows only those of tsconfig.json; the import then fails when the service starts.',
  },
  SECRET_FILE_KEPT: {
    severity: 'warning',
    message: '{file} is read by the code and therefore part of the image.',
    advice:
      'Give what is secret in it as environment variables or secrets of the task, and take the file out of the image in .dockerignore.',
    detail:
      'Files of this name often hold secrets and are left out of images. This one lies where the code of a function reads it by a path beside itself, and was part of the package on Lambda, so the function would not work without it.',
  },
  HANDLER_NOT_PRODUCED: {
    severity: 'error',
    message: '{function} is planned for the service {service}, but its handler file is not known; the service does not have it.',
    advice: 'Correct the handler in the definition, or take the function out of the plan.',
    detail:
      'A generated entry file imports the handler from its source file. Without that file there is nothing to import; the other functions of the service are not affected.',
  },
  PACKAGE_JSON_NOT_EDITED: {
    severity: 'error',
    message: '{file} is not valid JSON and was not edited.',
    advice: 'Correct it and run migrate-lambda again: the service needs dependencies and scripts there.',
    detail:
      'Dependencies and start scripts are added to the package.json of the service. A file that cannot be parsed cannot be edited without risk, so it is left as it is and the Dockerfile will not build.',
  },
  INLINE_CODE_EXTRACTED: {
    severity: 'info',
    message: 'The inline code of {function} is now the file {file}.',
    advice: 'Edit the file from now on; the code in the definition still serves the function on Lambda.',
    detail:
      'Code that stands in the definition itself (`InlineCode`, `ZipFile`) has no source file to import. It is written to a file of the service, unchanged.',
  },
  TSCONFIG_NOT_EDITED: {
    severity: 'warning',
    message: '{file} would compile the service folder too and could not be edited.',
    advice: 'Add the service folder to its "exclude" list; the service has a tsconfig.json of its own.',
    detail:
      'The service has its own tsconfig.json that extends yours. Where yours includes everything below it, the folder must be excluded, or a rootDir that does not hold it fails the build.',
  },
  ENGINES_CHANGED: {
    severity: 'info',
    message: '"engines" excluded the Node.js of the image: {before} is now {after}.',
    advice: 'Run your tests with the Node.js that the image has.',
    detail:
      'The image never has an older Node.js than 22, because older ones get no security fixes. Package managers warn or refuse to install when "engines" of the package excludes the version that they run on, so the range is widened.',
  },
  LOCKFILE_STALE: {
    severity: 'warning',
    message: '{file} does not list what was added to package.json.',
    advice:
      'Run "{command}" in {folder}, commit {file}, and run migrate-lambda again: the Dockerfile then installs from the lockfile alone.',
    detail:
      'A frozen install refuses to work when the lockfile does not agree with package.json, and only the package manager itself can bring the lockfile up to date, with a network. Until then the Dockerfile tries the frozen install first and ' +
      'falls back to one that resolves the added packages, so that the image can be built. Once the lockfile agrees, the next run leaves the fallback out.',
  },
  PEER_DEPENDENCIES_RELAXED: {
    severity: 'info',
    message: 'The Dockerfile installs with {option}: {because}.',
    advice:
      'Nothing has to be done for the image. Install with the same option on your machine, or bring the packages to versions that agree and run migrate-lambda again.',
    detail:
      'From version 7 on npm installs peer dependencies and refuses packages whose peers conflict. A lockfile that was made with --legacy-peer-deps, with --force or by npm 6 can only be installed in the same way, so the Dockerfile does that. ' +
      'With legacy-peer-deps=true in the .npmrc of the project no option is needed.',
  },
  PRISMA_IN_IMAGE: {
    severity: 'warning',
    message: 'The image needs the generated client of Prisma, and OpenSSL for its engine; {state}.',
    advice:
      'Have prisma in "dependencies" of {file} and "prisma generate" in its "postinstall". In a Dockerfile of your own (--templates) add "RUN apt-get update && apt-get install -y openssl" to the stage of the dependencies and to the last one. Then start the image and let it ask the database once.',
    detail:
      'Up to version 6 the client of Prisma is written into node_modules by "prisma generate", together with an engine for the machine that ran it. On Lambda a plugin or a script of the deployment did that. ' +
      'Without a client the service ends at its start or at its first query. Without OpenSSL in the image Prisma takes an engine for another release of it, which cannot be loaded: https://www.prisma.io/docs/orm/reference/system-requirements.',
  },
  LOCKFILE_MISSING: {
    severity: 'info',
    message: 'There is no lockfile beside {file}: each build of the image may get other versions.',
    advice:
      'Run "{command}" in {folder}, commit the lockfile, and run migrate-lambda again: the Dockerfile then installs exactly what it lists.',
    detail:
      'A frozen install needs a lockfile. Without one the Dockerfile installs what the ranges of package.json allow on the day of the build. Where npm refuses them because their peer dependencies conflict, it installs them with --legacy-peer-deps.',
  },
};

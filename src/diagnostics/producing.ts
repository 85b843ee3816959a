import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "producing". */
export const producing: DiagnosticEntries = {
  CALLBACK_KEPT: {
    severity: 'info',
    message: 'The handler keeps its callback form ({reason}).',
    advice: 'Nothing has to be done: the service calls it with a callback. Return a promise instead when you next work on it; Node.js 24 on Lambda refuses callback handlers.',
    detail:
      'A handler that answers through its third parameter is rewritten into an async function only where that certainly gives the same answer: the call is the last thing on its path, its error is certainly an error, ' +
      'nothing is left running that Lambda would have waited for, and nobody else calls the handler. Otherwise the source stays as it is and the generated service feeds the callback form with the rules of the Lambda runtime: ' +
      'the first completion wins, a synchronous throw fails the invocation, and the value that a synchronous handler returns is ignored.',
  },
  CONTEXT_DONE_KEPT: {
    severity: 'info',
    message: 'The handler keeps ending through context.succeed, context.fail or context.done ({reason}).',
    advice: 'Nothing has to be done: the context of the service has the three functions. Return or throw instead when you next work on it; Node.js 24 on Lambda no longer has them.',
    detail:
      'context.succeed, context.fail and context.done end an invocation at once. They are rewritten into return and throw only where nothing else would run after them. Otherwise the source stays as it is, and the context that the ' +
      'generated service passes to the handler offers the same three functions.',
  },
  SERVER_NOT_UNWRAPPED: {
    severity: 'warning',
    message: 'The server behind {adapter} was not unwrapped: {because}.',
    advice: 'The handler is fed Lambda events by the service, which answers the same. To let the server listen by itself, export it under its own name from a module that does nothing Lambda-specific when it is imported.',
    detail:
      'A handler that only wraps an HTTP server (Express, Fastify, Koa, Hono …) is best migrated by letting that server listen. This needs a variable at the top level of the module that holds the server, an adapter without options that ' +
      'change requests or answers, and no other effects on import. Where one of these is missing, the handler is kept behind the event adapter.',
  },
  SERVER_ALREADY_LISTENS: {
    severity: 'warning',
    message: 'The module of the server calls listen() by itself when it is imported outside Lambda.',
    advice: 'Run it only when the file is started directly (`if (require.main === module)`), or make sure that it uses another port than PORT.',
    detail:
      'Many projects start a local server when no Lambda variable is set. The generated service imports the same module, where these variables are not set either, so the local server would start beside it; on the same port the second ' +
      'listen() fails with EADDRINUSE.',
  },
  TRANSFORM_FAILED: {
    severity: 'warning',
    message: 'The file could not be read as JavaScript or TypeScript ({problem}); it was left as it is.',
    advice: 'Check that the file parses. Its handlers are migrated as they are.',
    detail: 'Code edits work on a syntax tree. A file that cannot be parsed, or that a code edit cannot cope with, keeps every byte; the handlers in it are still called by the service.',
  },
  SDK_DEPENDENCY_ADDED: {
    severity: 'info',
    message: '{package} is added to dependencies at {range}: the Lambda runtime or a layer supplied it.',
    advice: 'Install it to update the lockfile, and pin the version that your function ran with if that matters.',
    detail:
      'Lambda puts the AWS SDK (v2 up to Node.js 16, v3 from Node.js 18) beside the function, so that many projects never list it. A container holds only what package.json names. Versions follow the other packages of the same family in ' +
      'the project, otherwise a recent release.',
  },
  SDK_DEPENDENCY_MOVED: {
    severity: 'info',
    message: '{package} moves from devDependencies to dependencies: the code imports it when it runs.',
    advice: 'Install once to update the lockfile.',
    detail: 'An image installs production dependencies only. A package that the running code imports and that was listed for development worked on Lambda because the runtime supplied it or a bundler included it.',
  },
  DEPENDENCY_NOT_LISTED: {
    severity: 'warning',
    message: '{package} is imported but no package.json of the project lists it.',
    advice: 'Add it to dependencies at the version that the function runs with; look in the layers of the function if it is not installed locally.',
    detail:
      'A package that is neither listed nor part of the Lambda runtime came from a layer, from a folder above, or is missing. Its version cannot be known from the sources, so none is written. The service fails to start until it is listed.',
  },
};

import type { DiagnosticEntries } from './diagnostic.js';

/**
 * Diagnostics of the stage "understanding" about many requests in one process. `error`: data of one request reaches another, or one
 * request ends others. `warning`: it breaks or slows them down. `info`: worth knowing, no hazard.
 */
export const concurrency: DiagnosticEntries = {
  SHARED_VARIABLE_REASSIGNED: {
    severity: 'error',
    message:
      '{name} (declared at {declared}) is set to {data} and read at {read}, where another request may have set it anew: {consequence}.',
    advice: 'Declare it inside the handler and pass it on as a parameter; when many functions read it, keep it in an AsyncLocalStorage.',
    detail:
      'Lambda gave each request a process of its own, so a variable of the module belonged to one request at a time. In a service many requests share it: while request A waits (for a database, an HTTP call, a timer), request B sets the variable, and A goes on with what belongs to B. Variables that are set once (clients, configuration, promises of them) are not reported.',
  },
  SHARED_OBJECT_CHANGED: {
    severity: 'error',
    message: '{name} of an object that all requests share (declared at {declared}) is set to {data} and read at {read}: {consequence}.',
    advice: 'Make the object anew in each request, for example { ...defaults, Key: … }, and leave the shared one as it is.',
    detail:
      'The object is made once, when the module is loaded, and every request changes the same one. What one request has put in is still there for the next, and changes while the first waits. Objects for parameters and responses are often written in this way.',
  },
  INSTANCE_FIELD_SHARED: {
    severity: 'error',
    message:
      '{name} is set to {data} and read at {read}, but the object (class at {declared}) is made once for all requests: {consequence}.',
    advice: 'Pass the value as a parameter from method to method, or make the object in each request.',
    detail:
      'An object that the module makes when it is loaded, or that a framework injects, serves all requests. Its fields are shared like variables of the module: while request A waits, request B sets the field.',
  },
  SHARED_COLLECTION_FILLED: {
    severity: 'error',
    message: '{name} (declared at {declared}) collects {data} and is read at {read}, but all requests share it: {consequence}.',
    advice: 'Declare the collection inside the handler and pass it to the functions that fill it.',
    detail:
      'A list or map of the module keeps what every request has put in. Requests that run at the same time see the entries of each other, and emptying it at the start of a request takes away what another one is still collecting. Caches whose values depend on their keys alone are not reported.',
  },
  CACHE_KEY_INCOMPLETE: {
    severity: 'error',
    message: "{name} caches what depends on {data} under a key of {key} alone (read at {read}): request B can be answered with A's data.",
    advice: 'Put everything that the value depends on into the key, above all the user or tenant.',
    detail:
      'A cache in the module answers every request that has the same key. When the value was fetched with more of the request than the key holds, such as a token or a tenant, another user gets it.',
  },
  COLLECTION_GROWS: {
    severity: 'warning',
    message: '{name} gets an entry with every request, and nothing takes entries out: the memory of the service grows until it ends.',
    advice: 'Take entries out when their request is done, or keep the collection inside the handler.',
    detail: 'Lambda ends processes after some hours at most, and with them such leaks. A service runs for weeks.',
  },
  CACHE_UNBOUNDED: {
    severity: 'info',
    message: '{name} is a cache without a bound: it keeps an entry for every key it has ever seen.',
    advice: 'Give it a maximum size or age (lru-cache, or a Map from which the oldest entry is deleted) when there can be many keys.',
    detail:
      'The cache is right under concurrency: its values depend on its keys alone. But a service lives for weeks, so that it may grow, and its entries may be old.',
  },
  VARIABLE_COULD_BE_LOCAL: {
    severity: 'info',
    message: '{name} (declared at {declared}) is only used between its write and the next wait; it can be declared where it is set.',
    advice: 'Declare it inside the function.',
    detail:
      'Each request writes this state of the module before it reads it, and no other request can run between. That is safe as long as nobody adds an await between the two.',
  },
  ENVIRONMENT_WRITTEN: {
    severity: 'error',
    message:
      '{name} is set to {data} in a request; the environment is one for all requests of {where}, so request B works with the value of A.',
    advice: 'Pass the value to what needs it: a parameter, an option of the client, or the env option of a child process.',
    detail:
      'The environment of a process was private to one request at a time on Lambda. In a service all requests read the same one. Values that are the same for all requests belong into the start of the service.',
  },
  PROCESS_EXIT_IN_REQUEST: {
    severity: 'error',
    message: '{call} ends {what} in the middle of a request, and with it every other request that is being served.',
    advice: 'Throw an error, or answer with one. To restart a broken service, let its health check fail.',
    detail:
      'On Lambda ending the process costs one request and gives the next a fresh environment. In a service all requests that run at the time are lost, and their clients see broken connections.',
  },
  SIGNAL_HANDLED_IN_CODE: {
    severity: 'error',
    message: '{call} acts on the end of the process by itself: {consequence}.',
    advice:
      'Do it after the last request: with globalThis[Symbol.for("shutdownWork")] in a service of migrate-lambda, else after server.close().',
    detail:
      'A platform announces the end of a process with SIGTERM, at every deployment and when it scales in, while requests are being answered. The service stops taking new ones and finishes those; code that ends the process, or closes connections, on the same signal does not wait for it. The services of migrate-lambda call each function of the set globalThis[Symbol.for("shutdownWork")] after the last request, and wait for its promise. Worker threads of Managed Instances get no signals: https://nodejs.org/api/worker_threads.html#class-worker.',
  },
  BEFORE_EXIT_NOT_CALLED: {
    severity: 'warning',
    message: '{call} is never called in a service: a server always waits for something, and it ends by a signal.',
    advice:
      'Do it after the last request: with globalThis[Symbol.for("shutdownWork")] in a service of migrate-lambda, else on SIGTERM after server.close().',
    detail:
      'Node.js emits beforeExit when nothing is left to wait for, not when process.exit() or a signal ends the process. What is flushed or closed there is lost.',
  },
  PROCESS_STATE_CHANGED: {
    severity: 'error',
    message: '{call} changes state of the whole process in a request: {consequence}.',
    advice: 'Use absolute paths and the cwd option of child processes.',
    detail:
      'The working folder, the file mode mask and the user belong to the process. Requests that run at the same time share them; worker threads cannot change them at all.',
  },
  TMP_NAME_SHARED: {
    severity: 'error',
    message: '{call} writes {path}, a name that is the same {when}: request B can read, overwrite or delete the file of A.',
    advice: "Make a folder for each request with mkdtemp(join(tmpdir(), 'request-')) and remove it in finally.",
    detail:
      'Lambda gave each request a /tmp that no other used at the same time. In a service all requests write into one folder, and on Managed Instances all worker threads do. A name with the key of an object in it is still the same for two requests about that object.',
  },
  TMP_CACHE_NOT_ATOMIC: {
    severity: 'warning',
    message: '{call} fills {path}, which is looked for before: {consequence}.',
    advice: 'Write to a name of its own and rename it when it is complete; keep the promise of the download so that it runs once.',
    detail:
      'Files in /tmp that serve as a cache are fine in a service. Only the moment in which they are made is dangerous: other requests look for the file while it is on its way. On Managed Instances other worker threads do so even while it is written in one go.',
  },
  TMP_GROWS: {
    severity: 'warning',
    message: '{call} makes {path} with a name of its own in every request, and nothing removes it: the disk fills until writing fails.',
    advice: 'Remove it in finally: rm(path, { recursive: true, force: true }).',
    detail:
      'Lambda throws /tmp away with the environment, some hours later at most. A service runs for weeks on one disk, and on Managed Instances all requests of an environment share its /tmp. Files that a later request looks for are not reported.',
  },
  DATABASE_CONNECTION_SHARED: {
    severity: 'warning',
    message:
      '{name} (made at {declared}) is one connection for all requests: request B waits for the statements of A, and one error ends it for all.',
    advice: 'Use a pool instead ({pool}), large enough for the requests of one process and small enough for the database.',
    detail:
      'On Lambda each process served one request, so one connection was enough. In a service all requests queue behind each other on it, session settings and temporary tables mix, and after a lost connection every request fails.',
  },
  TRANSACTION_ON_SHARED_CONNECTION: {
    severity: 'error',
    message:
      '{name} (made at {declared}) begins a transaction on a connection that other requests use: statements of request B become part of it, or are rolled back with it.',
    advice: 'Take a connection of its own for the transaction ({pool}) and release it in finally.',
    detail:
      'BEGIN, the statements and COMMIT of a transaction must go over one connection that nobody else uses in between. On a connection of the module they mix with those of other requests; on a pool each may go over another connection.',
  },
  CLIENT_CLOSED_IN_REQUEST: {
    severity: 'error',
    message: '{call}() closes what all requests share (made at {declared}): request B fails in the middle of its work when A is done.',
    advice: 'Leave it open and close it when the service ends, or make it in the request that closes it.',
    detail:
      'On Lambda a connection was often closed at the end of a request so that the process could freeze. In a service other requests are using it at that time, and later ones find it closed.',
  },
  PROMISE_NOT_AWAITED: {
    severity: 'warning',
    message: 'Nobody waits for the promise of {call}: when it fails, the unhandled rejection ends the process and every request in it.',
    advice: 'Await it; or add a catch() and keep the promise in a set that is awaited when the service ends.',
    detail:
      'Lambda froze the process after the answer, so such work was done late, or never. In a service it runs to its end, but its failure is nobody’s: Node.js ends a process on an unhandled rejection. A forEach() with an async function waits for none of them.',
  },
  TIMER_LEFT_RUNNING: {
    severity: 'warning',
    message: '{call} in a request {what}.',
    advice: 'Clear it in finally, or start it once when the service starts; await work instead of putting it off.',
    detail:
      'On Lambda timers stood still between requests and ended with the process. In a service they run on, and each request adds another.',
  },
  LISTENER_ADDED_PER_REQUEST: {
    severity: 'warning',
    message:
      '{call} adds a listener with every request to something that outlives it: they pile up, and old ones run with the data of old requests.',
    advice: 'Add it once, where the object is made; or take it away in finally with off().',
    detail:
      'Each request leaves its listener behind, with everything that its closure holds. Node.js warns at eleven of them; an event then runs all, and may answer or log for requests that are long over.',
  },
  LAZY_START_RACES: {
    severity: 'warning',
    message: '{name} (declared at {declared}) is started on first use, and the start takes a while: {consequence}.',
    advice: 'Keep the promise, not its result: ready ??= start().catch((error) => { ready = undefined; throw error; }).',
    detail:
      'Lambda sends a process one request at a time, so the first one could start what the others use. In a service the first requests come together: each finds it missing. When the promise is stored at once, all wait for the same start; a failed one must be forgotten, because a service is not replaced after an error.',
  },
  EVENT_LOOP_BLOCKED: {
    severity: 'warning',
    message: '{what} keeps the process busy: no other request, and no health check, is answered until it is done.',
    advice: 'Use {instead}; for long computations worker threads (piscina).',
    detail:
      'On Lambda a request had the processor to itself, so blocking calls cost nothing. In a service all requests of the process stand still for that time.',
  },
  PARALLEL_WITHOUT_LIMIT: {
    severity: 'info',
    message: '{call} is called for all items of a request at once; all requests of the process share its connections.',
    advice: 'Where there can be many items, limit how many run at a time (p-limit).',
    detail:
      'On Lambda a request had the connections of its process to itself. In a service those of all requests add up: the AWS SDK opens 50 connections a client and lets the rest wait, databases refuse more than they allow. How many items a request brings is not in the code, so this is only told.',
  },
  POOL_SIZE_NOT_IN_CODE: {
    severity: 'info',
    message:
      '{library} opens a pool in every process of the service, and the code does not say how large; the address of the database may.',
    advice:
      'Look at connection_limit: one, as functions are told to have, makes requests wait for each other; processes times pool must fit the database.',
    detail:
      'Without connection_limit in the address Prisma opens two connections a processor and one more. Functions often set it to 1, because each process served one request: https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/connection-pool.',
  },
  SECRET_GOES_STALE: {
    severity: 'warning',
    message: '{name} keeps {what} for as long as the process lives: after a rotation or expiry every request fails until a restart.',
    advice: 'Fetch it anew after some minutes, or let the client ask for it (a password function, a credential provider).',
    detail:
      'Lambda replaces its processes every few hours, and with them what they had fetched at their start. A service runs for weeks. Values that are kept with a time of expiry are not reported.',
  },
  VALUE_OF_START: {
    severity: 'warning',
    message: '{name} is {what} of when the module was loaded, and requests read it: in a service it stays the same for weeks.',
    advice: 'Compute it inside the handler.',
    detail:
      'On Lambda processes were young, so the date at their start was nearly right, and an id made at the start differed from process to process. In a service all requests of weeks get the same value.',
  },
  REGEX_POSITION_SHARED: {
    severity: 'warning',
    message:
      '{name} (declared at {declared}) has the flag g or y and remembers where its last match ended: the next request searches from there and misses.',
    advice: 'Leave the flag out for test() and exec(), or set lastIndex to 0 before.',
    detail:
      'test() and exec() of such a regular expression begin at lastIndex, which the search before has set, also one in another request. match(), matchAll() and replace() begin at the start.',
  },
  STREAM_SHARED: {
    severity: 'error',
    message: '{name} (made at {declared}) {what}, but all requests use the same one: {consequence}.',
    advice: 'Make it inside the handler.',
    detail:
      'Streams, hashes, abort signals, batching loaders and documents under construction are of one use. Made by the module, they are shared by all requests that a process serves.',
  },
  SINGLETON_SET_PER_REQUEST: {
    severity: 'error',
    message: '{name} sets an object that all requests share to {data}: until the next request sets it, others work with that.',
    advice: 'Give it with the call (headers, options), or make an instance for the request.',
    detail:
      'Settings such as the token of an HTTP client, the language of a translator or the credentials of an SDK belong to the object, not to the call. While request A waits, request B changes them, and A goes on with the rights or the language of B.',
  },
  LOGGER_CONTEXT_SHARED: {
    severity: 'warning',
    message: '{call} puts data of the request on the one logger, metrics or tracer of the module: lines of request B carry the keys of A.',
    advice:
      'Make a child of the logger for the request (createChild(), child()), or keep the keys in an AsyncLocalStorage that the logger reads.',
    detail:
      'Loggers keep such keys until they are reset. With several requests at a time the keys of one stand on the lines of another, and resetting them takes away those of all. Powertools keeps them apart only where AWS_LAMBDA_MAX_CONCURRENCY is set and each request runs in its invoke store, as on Managed Instances and in services that migrate-lambda has made (logger from 2.35, metrics and tracer from 2.34 on); keys that are called persistent, and default dimensions, belong to all requests there too.',
  },
  LOGGER_LEVEL_SHARED: {
    severity: 'warning',
    message:
      '{name} is set as a request asks for it, but the logger is one for all: request B logs with the level of A, and so do all later ones.',
    advice:
      'Make a child for the request, with its own level: logger.child({}, { level }) with pino; or filter by the request in a format.',
    detail:
      'The level belongs to the logger. On Lambda it stayed for later requests of the same process too; in a service it changes for all customers at once.',
  },
  LIBRARY_KEEPS_REQUEST_STATE: {
    severity: 'warning',
    message: '{library} {what}.',
    advice: '{instead}',
    detail:
      'Libraries for Lambda may count on one request at a time. This version is known, from its source, to keep state of a request in its module.',
  },
  TRACE_ID_IN_ENVIRONMENT: {
    severity: 'warning',
    message: 'process.env._X_AMZN_TRACE_ID is not set where a process serves many requests.',
    advice: 'Take the trace id from the header x-amzn-trace-id in a service, or from context.xRayTraceId on Managed Instances.',
    detail:
      'The classic runtime of Lambda sets the variable anew for each request. The environment is one for all requests of a process, so neither a service nor Managed Instances have it.',
  },
  CALLBACK_HANDLER_REFUSED: {
    severity: 'error',
    message: '{function} answers through a callback; Managed Instances refuse to load such a handler.',
    advice: 'Make the handler async and return the answer.',
    detail:
      'The runtime of Managed Instances (and of Node.js 24) passes no callback, and refuses handlers with three parameters when they are loaded.',
  },
  CHECK_FAILED: {
    severity: 'warning',
    message: 'The code of {function} could not be looked through for hazards of concurrency: {problem}',
    advice: 'This is a fault of migrate-lambda; please report it with the source of the function.',
    detail: 'Looking through the code of this function ended in an unexpected error; the findings of other functions are complete.',
  },
};

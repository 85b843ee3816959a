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
  PROCESS_STATE_CHANGED: {
    severity: 'error',
    message: '{call} changes state of the whole process in a request: {consequence}.',
    advice: 'Use absolute paths and the cwd option of child processes.',
    detail:
      'The working folder, the file mode mask and the user belong to the process. Requests that run at the same time share them; worker threads cannot change them at all.',
  },
  CHECK_FAILED: {
    severity: 'warning',
    message: 'The code of {function} could not be looked through for hazards of concurrency: {problem}',
    advice: 'This is a fault of migrate-lambda; please report it with the source of the function.',
    detail: 'Looking through the code of this function ended in an unexpected error; the findings of other functions are complete.',
  },
};

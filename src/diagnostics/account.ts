import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of reading an account (`--from-aws`). */
export const account: DiagnosticEntries = {
  ACCOUNT_PART_UNREAD: {
    severity: 'warning',
    message: '{function}: {call} could not be read, because {reason}.',
    advice: 'Allow the call for the role and run again, or look at what it would have told.',
    detail:
      'A function is read with several calls: its configuration and code, aliases, provisioned concurrency, function URLs, policies, destinations, schedules and its role. One of them failed; what it would have told is not in the report, and callers or settings may be missing. The rest of the function, and the other functions, were read.',
  },
  ACCOUNT_CODE_UNREAD: {
    severity: 'error',
    message: '{function}: its deployed code could not be taken, because {reason}.',
    advice: 'Run again when the download failed; else get the sources from where the function is built, and migrate those.',
    detail:
      'The archive of the deployed code is fetched and unpacked within bounds: no path out of its folder, no symbolic links, no more than Lambda allows. An archive that breaks them, or is not whole, is given up as a whole, and nothing of it is kept.',
  },
  ACCOUNT_SOURCES_RESTORED: {
    severity: 'info',
    message: '{function}: the bundle was replaced by the {count} sources that its source map holds.',
    advice: 'Compare them with the repository that the function is built from, and prefer that one.',
    detail:
      'Bundlers can put the sources into the source map. They are easier to read and to migrate than the bundle, so they take its place when one of them clearly exports the handler. Files that the bundle did not need, and versions of packages that were bundled, are not known from it.',
  },
  ACCOUNT_SECRETS_LEFT_OUT: {
    severity: 'info',
    message: '{function}: {count} environment variables look like secrets; their values were not written.',
    advice: 'Put the secrets into Secrets Manager or Parameter Store and give the service references to them.',
    detail:
      'With --env-values the values of environment variables are written into the folder. What looks like a secret, by its name or its value, never is: only its name is kept, and it becomes a parameter.',
  },
  ACCOUNT_LIST_UNREAD: {
    severity: 'error',
    message: '{call} could not be read, because {reason}.',
    advice: 'Allow the call for the role and run again: without it, sources of events are missing.',
    detail:
      'Event source mappings are listed once for all functions of the account. Without the list it is not known which functions read queues and streams, and such a function counts as called directly.',
  },
  ACCOUNT_LAYER_UNREAD: {
    severity: 'warning',
    message: 'The layer {layer} could not be taken, because {reason}.',
    advice: 'Allow lambda:GetLayerVersion for it, or add what it holds to the code by hand.',
    detail:
      'Layers hold packages and modules that functions import. One that cannot be read, often because it belongs to another account, is missing, and imports from it are told as not found.',
  },
  ACCOUNT_API_UNREAD: {
    severity: 'warning',
    message: 'The API {api}, which may call functions, could not be read, because {reason}.',
    advice: 'Allow apigateway:GET for it and run again. Until then its routes count as guarded by what is not known, and are refused.',
    detail:
      "The policy of a function says that an API of API Gateway may call it, not which authorizers and validators stand in front. These are in the API's exported definition, which could not be had.",
  },
  ACCOUNT_RULE_UNREAD: {
    severity: 'warning',
    message: 'The EventBridge rule {rule} could not be read, because {reason}.',
    advice: 'Allow events:DescribeRule and events:ListTargetsByRule for it and run again.',
    detail:
      'The policy of a function says that a rule calls it, not whether it is a schedule or a pattern. Until it is read the function counts as called by events, and stays on Lambda.',
  },
  ACCOUNT_SCHEDULES_UNREAD: {
    severity: 'warning',
    message: 'Schedules of EventBridge Scheduler could not be read, because {reason}.',
    advice:
      'Allow scheduler:ListSchedules and scheduler:GetSchedule and run again: without them, functions that schedules call may be missed.',
    detail:
      'EventBridge Scheduler calls functions by a role of its own, so that nothing at the function tells of it. The schedules of the region are listed, and those that call a function are read. Without that list a function that only a schedule calls counts as called directly, and no schedule is made for its service.',
  },
  ACCOUNT_INPUT_LEFT_OUT: {
    severity: 'warning',
    message: 'The event that the rule or schedule {rule} sends holds a secret, and was not written.',
    advice: 'Take the secret out of it, and let the code read it from Secrets Manager.',
    detail:
      'A target of an EventBridge rule or schedule can have a constant event. This one holds what looks like a key, a token or a password, so it was left out of the folder. The function of a rule counts as called with an event that the rule makes; the event of a schedule became a parameter, to be given at deployment.',
  },
  ACCOUNT_METRICS_UNREAD: {
    severity: 'warning',
    message: 'CloudWatch could not be asked for the traffic, because {reason}.',
    advice: 'Allow cloudwatch:GetMetricData and run again, or give --traffic.',
    detail:
      'With --measured the requests and durations of the last 30 days are taken from CloudWatch. Without them the cost rests on assumptions, as it does without the flag.',
  },
};

import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "deciding". */
export const deciding: DiagnosticEntries = {
  TARGET_CLOSED: {
    severity: 'warning',
    message: '{target} takes no new customers, so only accounts that use it already can deploy this ({source}; {date}).',
    advice: 'Choose another target unless yours does: `migrate-lambda assess` compares them.',
    detail:
      'AWS has closed the service to accounts that did not use it before. Those that did can go on making services, without new features to come.',
  },
  TARGET_AVAILABILITY_UNKNOWN: {
    severity: 'warning',
    message: 'Whether {target} can be used in {where} is not known: nothing certain is known of {subject} ({source}; {date}).',
    advice: 'Look it up for your region before you rely on it; `migrate-lambda facts availability` prints what is known.',
    detail:
      'What a target requires is looked up in dated facts, by region where one is given and else by the partition that the values of the definition name. Facts that nobody has confirmed are told as unknown, never guessed; what is known to be missing is refused.',
  },
  ARCHITECTURE_CHANGED: {
    severity: 'warning',
    message: 'On Lambda these functions ran on {before}; their service runs on {architecture}: {functions}.',
    advice:
      'Build the image for {architecture}, and check that packages with native code, binaries of the repository and what layers brought exist for it.',
    detail:
      'With --arch, or by an edited plan, a service runs on another architecture than its functions had. JavaScript does not notice. What was compiled does: native packages are installed anew with the image, but a binary that was copied into the repository or came with a layer is still for the old one and cannot be run. `migrate-lambda verify --container` runs the image.',
  },
  ARCHITECTURE_UNKNOWN: {
    severity: 'warning',
    message: 'What {function} runs on cannot be read from the definition; its service is made for x86_64.',
    advice: 'Say it with --arch arm64 or --arch x86_64, or give the parameter that decides it with --param.',
    detail:
      'The architecture depends on a value that is only known at deployment. Image, task definition and instances must agree on one, so that one is chosen and told; an image for the other one does not start.',
  },
  ARCHITECTURES_MIXED: {
    severity: 'info',
    message: 'The services do not all run on the same architecture: {services}; the image is built for both.',
    advice: 'Build the image for both platforms, as the Dockerfile says, or move all services to one with --arch.',
    detail:
      'Functions of different architectures do not share a process, and all services share one image. An image that is built for both platforms runs everywhere, and takes about twice as long to build; --arch arm64 or --arch x86_64 makes services of one architecture, which can then share a process too.',
  },
  SPOT_INTERRUPTS: {
    severity: 'warning',
    message: 'Beyond their first task these services run on Spot capacity, which AWS takes back with two minutes of notice: {services}.',
    advice:
      'Check that a request or message may be cut off and tried again. An existing cluster needs the capacity providers FARGATE and FARGATE_SPOT; by hand, create the services with FARGATE (base 1) and FARGATE_SPOT (weight 1).',
    detail:
      'A task that is stopped gets SIGTERM with the notice, takes nothing new, and ends when it is done or its stop timeout is over, at most 120 seconds; what takes longer is lost. While nothing is spare, ECS does not buy ordinary capacity instead: the services run on with their first task alone, and the others come later. Scheduled jobs stay on ordinary capacity, because a run that is stopped is not started again.',
  },
  SPOT_UNUSED: {
    severity: 'info',
    message: '--spot changes nothing: there are only scheduled jobs, which stay on ordinary capacity.',
    advice: 'Leave --spot out.',
    detail: 'A run of a schedule that is stopped would not be started again, so that only web services and workers use Spot capacity.',
  },
  FUNCTION_STAYS: {
    severity: 'info',
    message: '{function} stays on Lambda: {reason}.',
    advice: '{advice}',
    detail:
      'Some event sources can only invoke Lambda functions, and some have no replacement in this version. The function is left as it is and goes on working on Lambda; only the functions that can move are migrated. The plan (`migrate-lambda plan`) shows every function with its reason.',
  },
  TRIGGER_STAYS: {
    severity: 'warning',
    message: '{function} is migrated, but its trigger {trigger} stays on Lambda: {reason}.',
    advice: '{advice}',
    detail:
      'The function has several triggers and only some of them can call a service. The supported ones become routes, queue consumers or jobs; for the others the function must go on existing on Lambda. Its handler keeps working there, so both can run side by side.',
  },
  TRIGGER_DISABLED: {
    severity: 'info',
    message: 'The {trigger} trigger of {function} is switched off in the definition.',
    advice: 'A queue that is switched off gets no consumer; a job is generated but needs no schedule until you want one.',
    detail:
      'A trigger with `Enabled: false` does not invoke the function today. Consuming its queue after the migration would change what the system does, so no consumer is generated; a scheduled function becomes a job that can be run by hand.',
  },
  ENVIRONMENT_FROM_DOTENV: {
    severity: 'warning',
    message: 'The functions of {project} get variables from .env files, and the code reads: {variables}.',
    advice:
      'Fill in what the deployed functions have where the generated files have a placeholder or a secret, and take out what they do not have.',
    detail:
      'serverless-dotenv-plugin gives every function the variables of the .env files beside serverless.yml. They stand in no definition and those files rarely in the repository, so their values are unknown here, and are never read. The variables that the code reads by name and that serverless.yml does not set are taken for them.',
  },
  TRIGGER_INFERRED: {
    severity: 'info',
    message: 'No definition says what calls {function}; its code says {trigger}, because {because}.',
    advice:
      'If that is wrong, or if it serves certain paths only, run `migrate-lambda plan`, correct front and routes, and give the plan back with --plan.',
    detail:
      'Without a definition (SAM, CloudFormation, serverless.yml, CDK output) the trigger is taken from the types or properties that the handler uses. An HTTP handler gets every path and method, because nothing tells which routes its gateway had.',
  },
  TRIGGER_GUESSED: {
    severity: 'warning',
    message: 'No definition says what calls {function}; it returns an HTTP result, so it is taken for an HTTP API handler (payload 2.0).',
    advice:
      'Check the front: run `migrate-lambda plan`, set front (rest-api, http-api, function-url, alb), payload and routes, and give the plan back with --plan.',
    detail:
      'The handler returns an object with a statusCode, which all HTTP fronts understand, but nothing tells which event it expects. REST APIs and HTTP APIs with payload 1.0 name the path `event.path`; payload 2.0 names it `event.rawPath`. With the wrong one the handler finds no path.',
  },
  QUEUE_INFERRED: {
    severity: 'warning',
    message: 'No definition says which queue {function} consumes; its code handles SQS messages, because {because}.',
    advice: 'Set the queue URL variable of the worker to the queue, and check batch size and partial batch responses in service/worker.',
    detail:
      'The handler reads SQS records, but there is no event source mapping to take the queue, the batch size, FIFO order or ReportBatchItemFailures from. The worker reads the URL from an environment variable and uses the defaults of Lambda: batches of 10 and no partial batch responses.',
  },
  TRIGGER_UNKNOWN: {
    severity: 'error',
    message: 'Neither a definition nor its code tells what calls {function}.',
    advice: 'Run `migrate-lambda plan`, set its workload to web, worker, job or stays, and give the plan back with --plan.',
    detail:
      'There is no definition in the project, and the handler uses its event in a way that no event source can be told from. It is not migrated until a person says what it is.',
  },
  HANDLER_IS_DURABLE: {
    severity: 'error',
    message: '{function} is a durable function: its checkpoints and waits are kept by Lambda.',
    advice: 'Leave it on Lambda, or move the workflow to Step Functions and its steps to services.',
    detail:
      'Durable functions suspend and resume with state that the Lambda service stores. Nothing outside Lambda replays that state, so running the handler in a container would run the workflow from its start each time.',
  },
  CODE_IS_INLINE: {
    severity: 'error',
    message: 'The code of {function} stands in the definition, not in a file.',
    advice: 'Move it to a file of the project, point the function to that file, and run the migration again.',
    detail: 'Inline code (`InlineCode`, `ZipFile`) has no source file that a service could import.',
  },
  FUNCTION_NOT_UNDERSTOOD: {
    severity: 'error',
    message: 'The code of {function} could not be analysed.',
    advice: 'Look for another diagnostic about its file; if there is none, report it as a bug, with the handler if you can.',
    detail:
      'The analysis of the code ended without a result for this function. It is left as it is; the other functions of the project are migrated.',
  },
  HANDLER_FILE_UNKNOWN: {
    severity: 'error',
    message: 'The source file of {function} was not found.',
    advice: 'Check its handler and code folder in the definition; sources that are made by a build must be made first.',
    detail: 'A service imports the handler from its source. Without the file there is nothing to import, so the function is not migrated.',
  },
  WEB_ADAPTER_GATEWAY: {
    severity: 'error',
    message: '{function} runs a server behind the Lambda Web Adapter that cannot listen by itself: {reason}.',
    advice:
      'Do in the server (or the load balancer) what the gateway did, and open the API to all paths (ANY /{proxy+}); then run the migration again.',
    detail:
      'A program behind the Lambda Web Adapter has no handler that could be fed events: in a container it gets every request, also those that the gateway refused, answered or changed. Where that would open a protected route or change answers, ' +
      'the function is left to a person.',
  },
  SERVER_STAYS_WRAPPED: {
    severity: 'info',
    message: '{function} keeps its {adapter} adapter: {reason}.',
    advice: 'Nothing has to be done: the generated service feeds the handler the event it expects.',
    detail:
      'A handler that only wraps an HTTP server can be replaced by that server listening itself. That is only done where every answer stays the same: the server takes every path of the API, nothing protects its routes, the gateway did not answer CORS, and the adapter has no options that change requests or answers.',
  },
  HANDLER_NOT_REWRITTEN: {
    severity: 'info',
    message: '{function} is not rewritten into a route: {reason}.',
    advice: 'Nothing has to be done: the generated service feeds the handler the event it expects. Change that code to have it rewritten.',
    detail:
      'A handler becomes a route of Fastify only when every use of the event, the context and the result is understood and answers the same. The line is that of the first use that is not. With --style adapter none is rewritten.',
  },
  ROUTES_LEAVE_LAMBDA: {
    severity: 'warning',
    message: '{functions} {become} of the service and will not run on Lambda any more.',
    advice:
      'Deploy the functions from the commit before the migration until the service has taken over. To deploy both from the same code, run again with --keep-handler or --style adapter.',
    detail:
      'A handler that is rewritten takes the request and the reply of Fastify, not an event of Lambda. Functions that are deployed go on working; deployed again from the rewritten code they would fail. ' +
      'Where the definition gets the resources of the service and so deploys both, the default style leaves a handler for Lambda beside each route.',
  },
  ROUTE_LEFT_OUT: {
    severity: 'warning',
    message: '{route} of {function} is not part of the service, and a wider route of {other} would answer its requests.',
    advice: 'Keep sending that path to Lambda (a rule of the load balancer or the API), or migrate {function} too.',
    detail:
      'On the gateway the more specific route wins. In the service that route is missing, so a catch-all of the same API takes its requests, which gives other answers than today.',
  },
  HTTP_AUTHORIZER_GUARDED: {
    severity: 'warning',
    message:
      '{route} of {function} was protected by the {type} authorizer {authorizer}; the service refuses every request to it: {reason}.',
    advice:
      'Put authentication in front of the service (API Gateway kept, or a load balancer with OIDC) or into it, then remove the guard of the route in service/web.',
    detail:
      'The gateway authenticated callers before the handler ran, and handed their claims over in the event. Behind a plain load balancer nobody does. A route that was protected is never open, so it answers 401 (403 for IAM) until a person has put the protection in place.',
  },
  HTTP_AUTHORIZER_IN_SERVICE: {
    severity: 'info',
    message: '{route} of {function} was protected by the {type} authorizer {authorizer}; the service does its work now: {check}.',
    advice:
      'Compare what is checked with what the gateway checked. Variables that the service gets for it need their values: until then every request is refused.',
    detail:
      'JWT authorizers of HTTP APIs and Cognito authorizers of REST APIs become a check of the token in the process: its RSA signature with the keys that the issuer publishes, its issuer, audience, times and scopes; the claims stand in the event as the gateway wrote them. The function of a Lambda authorizer is called with the event that it expects, its answers are kept as long as the gateway kept them, and its policy is applied to the ARN of the method; conditions in a policy never allow. ARNs name the account in AWS_ACCOUNT_ID and the API `service`. Everything that is not a clear yes is answered with 401 or 403, and an issuer that is not known refuses everybody.',
  },
  AUTHORIZER_IN_SERVICE: {
    severity: 'info',
    message: '{function} decides who may call {routes}; the service asks it before their handlers.',
    advice: 'Leave the function on Lambda as well while an API there asks it.',
    detail:
      'API Gateway calls a Lambda authorizer as a function. In the service the same code runs in the process of the routes that it protects, with the event that API Gateway made for it.',
  },
  HTTP_API_KEY_GUARDED: {
    severity: 'warning',
    message: '{route} of {function} required an API key; the service refuses every request to it.',
    advice: 'Keep API Gateway in front, or check keys in the service, then remove the guard of the route in service/web.',
    detail:
      'API keys and usage plans are checked by API Gateway. Without it nobody checks them, so the route answers 403 until a person has replaced the check.',
  },
  HTTP_DONE_BY_API: {
    severity: 'info',
    message: '{route} of {function} stays closed but for requests that come through its API: {what}.',
    advice: 'Let nothing but the VPC link of the API reach the service, as the generated security groups do.',
    detail:
      'With --front api-gateway the API goes on doing what it did before it called the function: keys and usage plans, resource policies, client certificates, validation. The service believes that only where BEHIND_API_GATEWAY is true, which the generated task definition sets together with the security groups that admit the API alone; started any other way it refuses these routes.',
  },
  FRONT_NOT_KEPT: {
    severity: 'warning',
    message:
      'The API in {file} does not stay in front of the services, although --front api-gateway asks for it: {reason}. They are behind a load balancer.',
    advice: 'Point its integrations at the load balancer by hand (HTTP proxy through a VPC link), or leave out --front api-gateway.',
    detail:
      'The integrations of an API can be changed in serverless.yml, whose `resources.extensions` reach what Serverless generates. Events of functions in SAM call nothing but these functions: SAM overwrites every other integration of the same route. Routes of function URLs and load balancers have no API.',
  },
  HTTP_RESOURCE_POLICY_GUARDED: {
    severity: 'warning',
    message: '{route} of {function} was protected by a resource policy; the service refuses every request to it.',
    advice: 'Restrict callers with security groups or an internal load balancer, then remove the guard of the route in service/web.',
    detail:
      'A resource policy of the API decided who may call it: accounts, VPCs or addresses. The service cannot see that policy, so the route answers 403 until a person has replaced it.',
  },
  HTTP_MUTUAL_TLS_GUARDED: {
    severity: 'warning',
    message: '{route} of {function} required client certificates; the service refuses every request to it.',
    advice: 'Turn on mutual TLS at the load balancer, then remove the guard of the route in service/web.',
    detail:
      'API Gateway verified client certificates. Application Load Balancers can do the same with a trust store; until that is in place the route answers 403.',
  },
  HTTP_SOURCE_ADDRESS_GUARDED: {
    severity: 'warning',
    message: '{route} of {function} was only open to some addresses ({conditions}); the service refuses every request to it.',
    advice: 'Keep the condition in the listener rule of the new target group, then remove the guard of the route in service/web.',
    detail:
      'The listener rule let only some source addresses through. The service does not know whether its new rule does, so the route answers 403 until a person has checked it.',
  },
  HTTP_LISTENER_CONDITIONS: {
    severity: 'warning',
    message: 'The listener rule of {route} ({function}) has conditions that the service does not check: {conditions}.',
    advice: 'Keep the conditions in the listener rule that forwards to the service.',
    detail:
      'Conditions on host, headers or query are the work of the load balancer, before and after the migration. Only the path and the method are routed by the service.',
  },
  HTTP_VALIDATION_IN_SERVICE: {
    severity: 'info',
    message: 'The gateway validated requests to {route} of {function} ({detail}); the service does it now.',
    advice: 'Nothing has to be done. The schemas stand in the entry file of the service and are yours to edit.',
    detail:
      'Bodies are validated when their media type has a model, with the keywords and formats of JSON schema draft 4, and required parameters must be there and not blank. What does not fit is answered with 400 in the words of API Gateway, and the handler is not called. How gateways count formats (`email`, `date-time`) and empty bodies is not documented: both are checked here, an empty body as `{}`.',
  },
  HTTP_VALIDATION_GUARDED: {
    severity: 'warning',
    message: 'The gateway validated requests to {route} of {function} ({detail}); the service refuses every request to it.',
    advice: 'Validate in the handler or keep API Gateway in front, then remove the guard of the route in service/web.',
    detail:
      'Request validation protects a handler from bodies and parameters it does not expect. The service repeats it when the definition tells all of it. Here the validator or a model stands outside the definition, depends on the deployment, or is no JSON schema of draft 4; so the route answers 501 until a person has put a validation in its place or decided that the handler needs none.',
  },
  HTTP_MAPPING_GUARDED: {
    severity: 'warning',
    message: 'The gateway rewrote requests or answers of {route} of {function} ({detail}); the service refuses every request to it.',
    advice: 'Write the mapping as code in the handler, or keep API Gateway in front; then remove the guard of the route in service/web.',
    detail:
      'Mapping templates and non-proxy integrations make the event that the handler expects, and the answer that clients get. The adapter makes proxy events only; the route answers 501 until a person has moved the mapping.',
  },
  HTTP_GATEWAY_RESPONSE_LOST: {
    severity: 'warning',
    message: 'A gateway response of the API of {route} ({function}) is lost: {detail}.',
    advice: 'If clients depend on it, answer the same in the service or at the load balancer.',
    detail:
      'Gateway responses change what API Gateway itself answers when something goes wrong before or after the handler. The service adds the headers of DEFAULT_4XX and DEFAULT_5XX to its own answers; templates, statuses and answers to one kind of error alone are not done, nor anything for a server that listens by itself.',
  },
  HTTP_FEATURE_LOST: {
    severity: 'warning',
    message: 'The gateway did something for {route} of {function} that the service does not do: {detail}.',
    advice: 'Check whether clients or the handler depend on it, and replace it in front of the service or in it.',
    detail: 'The definition configures a feature of the gateway that changes what clients see and that this version does not carry over.',
  },
  HTTP_THROTTLING_LOST: {
    severity: 'info',
    message: 'The gateway throttled {route} of {function}; the service does not.',
    advice: 'If the limit protects something, put a rate-based rule in front of the load balancer or a limiter into the service.',
    detail:
      'Rate and burst limits of stages, routes and usage plans belong to API Gateway. The number of tasks and their capacity are the limit afterwards.',
  },
  ENVIRONMENT_UNRESOLVED: {
    severity: 'info',
    message: 'The value of {variable} is known at deployment only: {reference}.',
    advice: 'Give the deployed value: as a parameter of the stack, or in the generated files, where a placeholder stands.',
    detail:
      'The variable refers to something that the definition alone does not tell: a parameter, a generated name, an import of another stack. Resources that are part of the definition go on reading the reference, so that nothing has to be given; a stack of its own has a parameter, and a task definition (`--infra none`) a placeholder that shows the reference.',
  },
  ENVIRONMENT_VARIABLE_LEFT_OUT: {
    severity: 'info',
    message: '{variable} of {function} is not carried over: it belongs to Lambda or to the service itself.',
    advice: 'Nothing has to be done, unless your code reads it.',
    detail:
      'Variables that Lambda reserves make libraries believe they run on Lambda, and PORT is given by the task definition. Region and credentials come from the task.',
  },
  SECRET_IN_ENVIRONMENT: {
    severity: 'warning',
    message: 'The environment variable {variable} looks like a secret and stands in the definition in plain text; its value is not copied.',
    advice:
      'Store it in Secrets Manager or Parameter Store and give its ARN: as a parameter of the stack, or in the generated files, which name it. If it is no secret, give its value in the plan.',
    detail:
      'Task definitions can be read by everyone who may describe them, and they stay in the history. The variable becomes an entry of `secrets`, which ECS reads at the start of the task with the execution role (ssm:GetParameters or secretsmanager:GetSecretValue).',
  },
  SECRET_TO_PROVIDE: {
    severity: 'info',
    message: 'The environment variable {variable} is a secret; the container gets it at its start.',
    advice: 'Check where the generated files read it from, and let the role that starts the container read it.',
    detail:
      'On Lambda the value was resolved at deployment and stored with the function. ECS reads it from Parameter Store or Secrets Manager when a task starts; a changed secret needs new tasks.',
  },
  SECRET_IN_TRIGGER: {
    severity: 'warning',
    message: 'The constant {name} in a trigger of {function} looks like a secret; its value is not copied.',
    advice: 'Read it from an environment variable that is filled from a stored secret.',
    detail:
      'Stage variables and constant inputs of schedules would be written into the generated code. What looks like a secret is left empty there.',
  },
  LAMBDA_VARIABLE_READ: {
    severity: 'warning',
    message: '{file} reads {name}, which only Lambda sets; for {functions} it is not there in the service.',
    advice: '{advice}; where the code asks for it to tell whether it runs on Lambda, check what it does when it does not.',
    detail:
      'Lambda sets variables of its own in the environment of every function. A task has none of them, and the image does not set them either: libraries that see them believe they run on Lambda. Code that reads one gets undefined (AWS_EXECUTION_ENV has another value), and code that asks for one takes the way for other machines.',
  },
  CONCURRENCY_LIMIT_LOST: {
    severity: 'info',
    message: '{function} had a reserved concurrency of {limit}; a service takes as many requests at a time as come.',
    advice:
      'If the limit protects something, limit the number of tasks and the concurrency inside the service; for 1, use a lock or a FIFO queue.',
    detail:
      'Reserved concurrency caps how many invocations run at the same time, 1 makes them run one after the other, and 0 switches the function off. A service runs several requests in one process and several tasks beside each other.',
  },
  VPC_TO_CONFIGURE: {
    severity: 'info',
    message: 'These functions were attached to a VPC: {functions}.',
    advice: 'Run the service in the same subnets, and let its security group into what their security groups could reach.',
    detail:
      'Subnets and security groups belong to the ECS service, not to the task definition. Rules that name the security group of the functions (databases, caches) must name that of the service too.',
  },
  PERMISSIONS_SHARED: {
    severity: 'info',
    message: 'The functions of the service {service} had different permissions; its task role needs all of them ({functions}).',
    advice: 'If some of them must not share a role, split them with --split function or in the plan.',
    detail:
      'On Lambda each function can have a role of its own. Functions that share a process share the task role, so each can do what any of them may. The plan can put a sensitive function into a service of its own.',
  },
};

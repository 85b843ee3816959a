import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stack that runs the services. */
export const infrastructure: DiagnosticEntries = {
  TEMPLATE_NOT_EDITED: {
    severity: 'warning',
    message: 'The resources of the services are not part of {file}, because {reason}; {instead} holds them as a stack of its own.',
    advice:
      'Deploy that stack beside the other one, and give it as parameters what it has to know of it; or copy its resources into the definition.',
    detail:
      'New resources are put into the text of SAM and CloudFormation templates, serverless.yml and serverless.json, so that references go on working. A definition that is a program (serverless.ts), that is generated (cdk.out), or whose `resources` come from elsewhere has no place for them. The stack of its own cannot refer to resources of another one: what the functions were given by reference becomes a parameter.',
  },
  PERMISSIONS_TO_GIVE: {
    severity: 'warning',
    message: 'The role of the tasks of {service} lacks permissions that the functions have: {reason}.',
    advice: 'Give the ARNs of policies with them at deployment (parameter TaskPolicies), or add them to the role in the stack.',
    detail:
      'The task role gets exactly what the definition grants to the functions: inline and managed policies, policy templates and connectors of SAM, statements of serverless.yml. A role that another stack declares, or a list that is made at deployment does not tell what it holds.',
  },
  CONDITIONS_DIFFER: {
    severity: 'warning',
    message: 'The functions of {service} depend on different conditions of the definition; the service depends on none of them.',
    advice: 'Give the functions services of their own (`migrate-lambda plan`), or remove references to what is not always created.',
    detail:
      'A service whose functions all have the same condition gets it too. Where they differ, the service is always created, and a reference to a resource that is not created in a stage makes the deployment fail.',
  },
  FUNCTIONS_NOT_EDITED: {
    severity: 'warning',
    message: '{file} was not edited for {target}: {reason}.',
    advice: 'Do it by hand: MIGRATION.md has the steps.',
    detail:
      'Functions that stay on Lambda are changed where they are declared, as text, so that every other byte stays. A definition that is a program or is generated has no such place, and some are written in a form that leaves none (one line, aliases of YAML, another file).',
  },
  FUNCTION_NOT_EDITED: {
    severity: 'warning',
    message: '{function} was not edited in {file}: {reason}.',
    advice: 'Write it by hand as the other functions have it, or leave it out with --only.',
    detail: 'The function is declared in another file, or has a setting of its own in the place of the new one. Nothing of it was changed.',
  },
  REFERENCE_NOT_MOVED: {
    severity: 'warning',
    message: '{path} in {file} still calls the function itself: its text has no place for a change.',
    advice: 'Let it call the alias instead.',
    detail:
      'A line that is changed has what it was in a comment beside it. In a text of several lines there is no place for a comment, so it stays as it was. What calls the function without its alias goes on as before, and uses no instance that stands ready.',
  },
  CALLER_NOT_MOVED: {
    severity: 'warning',
    message: '{by} still calls {function} itself and not its alias {alias}: {reason}.',
    advice: 'Let it call the alias, and allow it to, if its caller should not wait for a start; else nothing has to be done.',
    detail:
      'Provisioned concurrency belongs to an alias. What calls the function without one goes on as before, with instances that are started on demand. Calls that a permission of the function allows are moved; a call with a role needs that role changed, a name in a variable is read by code, and clients know the address of a URL, so these are left to a person.',
  },
  ALIAS_ADDRESS: {
    severity: 'warning',
    message: 'The URL of {function} becomes that of its alias, which has another address.',
    advice: 'Tell its clients before you deploy, put a domain of your own in front first, or leave the function out with --only.',
    detail:
      'A function URL belongs to the function or to one alias, each with an address of its own. SAM and the Serverless Framework make the URL of the alias when a function has one, and the earlier address goes.',
  },
  API_TO_DEPLOY: {
    severity: 'warning',
    message: 'The stage of the API goes on with its earlier integrations until {deployment} is made anew.',
    advice: 'Give the deployment another logical id in the same change, or run `aws apigateway create-deployment` after it.',
    detail:
      'A deployment of a REST API is a copy of its methods at that time. CloudFormation makes it once; methods that change later reach no stage until there is another deployment. SAM and the Serverless Framework see to it themselves.',
  },
  CHINA_FRONT: {
    severity: 'info',
    message: 'The load balancer is internal: in China what answers on the Internet needs an ICP licence or recordal of its domain first.',
    advice: 'With the record, make it internet-facing, and set the port that it listens on where 80 and 443 are not open to the account.',
    detail:
      'In the regions of China the ports 80 and 443 of public addresses are closed to accounts without an ICP record, for load balancers as for APIs without authorisation. What is generated there therefore listens inside the VPC alone, takes its base image from the registry of the account, has a build argument for a mirror of npm, and uses no function URL, no ECR Public and no X-Ray.',
  },
  RUNNER_WEB_ONLY: {
    severity: 'error',
    message: 'Nothing was made for the service {service}: App Runner runs web services only, and this is a {kind}.',
    advice: 'Migrate its functions with --target ecs-fargate (or ecs-ec2, eks, ec2-asg), or leave them on Lambda with --only.',
    detail:
      'App Runner gives an instance processor time only while it answers a request, so that nothing polls a queue there, and it has no schedules. ECS Express Mode is what AWS recommends in its place; there, workers and scheduled functions are tasks on Fargate.',
  },
  RUNNER_LIMIT: {
    severity: 'warning',
    message: 'App Runner does not give the service {service} what it had: {reason}.',
    advice: 'Change what asks for it, or choose another target: --target ecs-fargate has no such limit.',
    detail:
      'App Runner ends a request after 120 seconds, has 3 GB of disk and at most 4 vCPU and 12 GB, runs images for x86_64, and takes the command as one text. The service is made with the nearest that there is; an image for it is built with `docker build --platform linux/amd64`.',
  },
  RUNNER_ADDRESSES: {
    severity: 'warning',
    message: 'Each of the web services {services} has an address of its own, where one API had all their routes.',
    advice: 'Call each at its address, put a CDN or an API in front that knows the routes, or choose another target.',
    detail:
      'App Runner gives each service a host name of its own. Targets on ECS put services of one API behind one load balancer, with a rule for each route.',
  },
  EXPRESS_ADDRESSES: {
    severity: 'warning',
    message: 'Each of the web services {services} has an address of its own, where one API had all their routes.',
    advice: 'Call each at its address, put a CDN or an API in front that knows the routes, or choose another target.',
    detail:
      'ECS Express Mode gives each service a host name of its own on a load balancer that ECS owns. Other targets on ECS put services of one API behind one load balancer, with a rule for each route.',
  },
  FRONT_ROUTE_STAYS: {
    severity: 'warning',
    message: 'The API goes on calling the function {function} for {route}: {reason}.',
    advice: 'Change its integration by hand as the others in `resources.extensions` show, or let the route stay on Lambda.',
    detail:
      'With --front api-gateway an integration is replaced where all that Serverless generates for it is known from the definition: the method, its path and its parameters. What is a variable, stands in another file, is called by an alias, or has an integration of its own is left.',
  },
  CUTOVER_REFUSED: {
    severity: 'warning',
    message: 'No function went from {file}: {reason}.',
    advice: 'Change what needs the function, or take both out by hand; the services are there beside the functions.',
    detail:
      'With --cutover all functions that moved go from the definition, with what starts them: events, permissions, event source mappings, rules, schedules, function URLs, versions and aliases, and APIs of SAM that have no other route. Everything else stays as it is. When something else needs one of them (a state machine, an environment variable, an exported output, an API whose own domain clients know), none goes.',
  },
  CUTOVER_OUTPUTS: {
    severity: 'info',
    message: 'These outputs went from {file}, because they told of what is no longer there: {outputs}.',
    advice: 'Nothing to do, unless a script reads them.',
    detail: 'Outputs that are exported can be imported by other stacks and are never taken out; then nothing is cut over.',
  },
  CUTOVER_ADDRESS: {
    severity: 'warning',
    message:
      'Clients that call {functions} get no answer any more from the address that they know; the output of the stack that ends in Url is the new one.',
    advice: 'Point the DNS name that clients use to the load balancer before you deploy this.',
    detail:
      'The API or function URL in front of a function is a resource of its own, with a host name of its own. It goes when no function is behind it. Only a DNS name of your own can lead clients from one to the other; while both are deployed, weighted records move them a few at a time.',
  },
  SCHEDULE_TO_GIVE: {
    severity: 'warning',
    message: 'The stack has no schedule for {function}: its expression is only known at deployment.',
    advice: 'Add an AWS::Scheduler::Schedule with the expression; the others show how.',
    detail: 'The expression is a reference that cannot be written into the new resources as it stands.',
  },
  SCHEDULE_NOT_CRON: {
    severity: 'warning',
    message: 'A CronJob of Kubernetes cannot say the schedule {expression} of {function}: {reason}.',
    advice:
      'Give the CronJob {cronjob} one or more schedules that come near it, or start its jobs from outside; until then it never starts by itself.',
    detail:
      'Schedules of EventBridge have a field for years, last and nearest days (L, W), weekdays of a month (#), rates that divide nothing, and single moments (at); a CronJob has five fields of numbers. Where those cannot say the same, the CronJob gets a date that never comes, so that nothing runs at a wrong time, and `kubectl create job --from=cronjob/NAME` runs it by hand.',
  },
  SCHEDULE_MOVED: {
    severity: 'info',
    message: '{function} runs as often as {expression} says, at the fixed times of {schedule} ({zone}).',
    advice: 'Change the schedule of the CronJob {cronjob} if the moment matters.',
    detail:
      'A rate of EventBridge counts from the moment when its rule was made, which the definition does not tell. A CronJob starts at fixed times of the clock.',
  },
};

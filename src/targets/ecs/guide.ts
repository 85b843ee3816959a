import { Code, markdownCode } from '../../render.js';
import type { GuideInput, TargetGuide } from '../target.js';
import { pathOf } from './paths.js';
import type { Capacity } from './stack/capacity.js';

/** How the services come to run on ECS: by hand, or what there is to know of the stack that was deployed. */
export function ecsGuide(input: GuideInput, { compatibility, web }: Capacity): TargetGuide {
  const { services, deployed, placed } = input;
  const kinds = new Set(services.map(({ service }) => service.kind));
  const jobs = jobRows(input);
  const [first, ...others] = services.map(({ service }) => placed(pathOf(service.name)));
  const values = {
    hasWeb: kinds.has('web'),
    hasUrl: kinds.has('web') && input.plan.frontDoor?.door !== 'api-gateway',
    hasWorker: kinds.has('worker'),
    hasServers: kinds.has('web') || kinds.has('worker'),
    hasJobs: jobs.length > 0,
    ownHosts: compatibility === 'EC2',
    onSpot: input.plan.spot === true,
    published: web !== undefined,
    register: `aws ecs register-task-definition --cli-input-json file://${first}`,
    others: others.length > 0,
    otherDefinitions: new Code(others.map(markdownCode).join(', ')),
  };
  return {
    steps: { template: deployed ? 'ecs/deployed.hbs' : 'ecs/by-hand.hbs', values },
    schedules: deployed
      ? 'switch off those of the functions and deploy with the parameter for schedules `ENABLED`, in the same change.'
      : 'give the ECS task below as target to the rule or schedule, and remove the function from its targets in the same change.',
    stop: 'Then stop the ECS services.',
    stopSetting: 'stopTimeout',
    appendix: jobs.length > 0 ? { template: 'ecs/jobs.hbs', values: { jobs } } : null,
  };
}

/** What EventBridge Scheduler, or a rule, hands to the task for each scheduled function. */
function jobRows({ services }: GuideInput) {
  return services.flatMap(({ service, command }) =>
    service.jobs.map(({ name, trigger }) => ({
      name,
      schedule: trigger.timezone === undefined ? trigger.expression : `${trigger.expression} ${trigger.timezone}`,
      override: JSON.stringify({ containerOverrides: [{ name: service.name, command: [...command, name] }] }),
    })),
  );
}

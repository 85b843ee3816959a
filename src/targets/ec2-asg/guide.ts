import { Code, markdownCode } from '../../render.js';
import type { GuideInput, TargetGuide } from '../target.js';
import { permissionsNeeded } from '../values/environment.js';
import { logGroupOf, scripts } from './artefacts.js';

/** How the services come to run on instances: by hand, or what there is to know of the stack that was deployed. */
export function ec2Guide(input: GuideInput): TargetGuide {
  const { project, services, deployed, placed } = input;
  const kinds = new Set(services.map(({ service }) => service.kind));
  const listed = (texts: readonly string[]) => new Code(texts.map(markdownCode).join(', '));
  const values = {
    hasWeb: kinds.has('web'),
    hasWorker: kinds.has('worker'),
    hasJobs: kinds.has('job'),
    scripts: listed(scripts(input).map(({ path }) => placed(path))),
    logGroups: listed(services.map(({ service }) => logGroupOf(project, service.name))),
    permissions: services.map(({ service }) => `${service.name}: ${permissionsNeeded(service)}`).join('; '),
  };
  return {
    steps: { template: deployed ? 'ec2/deployed.hbs' : 'ec2/by-hand.hbs', values },
    schedules: deployed
      ? 'switch off those of the functions and deploy with the parameter for schedules `ENABLED`, in the same change.'
      : 'make a schedule of EventBridge Scheduler that starts an instance of the launch template, and remove the one of the function in the same change.',
    stop: 'Then set the sizes of the Auto Scaling groups to 0.',
    stopSetting: '--stop-timeout',
    appendix: null,
  };
}

import { Code, markdownCode } from '../../render.js';
import type { GuideInput, TargetGuide } from '../target.js';
import { pathOf } from './artefacts.js';
import { webOf } from './limits.js';

/** How the web services come to run on App Runner: by hand, or what there is to know of the stack that was deployed. */
export function appRunnerGuide({ services, deployed, placed }: GuideInput): TargetGuide {
  const files = webOf(services).map(({ service }) => placed(pathOf(service.name)));
  const values = {
    hasWeb: files.length > 0,
    hasOthers: services.length > files.length,
    files: new Code(files.map(markdownCode).join(', ')),
  };
  return {
    steps: { template: deployed ? 'app-runner/deployed.hbs' : 'app-runner/by-hand.hbs', values },
    schedules: 'App Runner starts none: migrate the scheduled functions with another target, or leave them on Lambda.',
    stop: 'Then pause the services of App Runner.',
    stopSetting: 'STOP_TIMEOUT',
    appendix: null,
  };
}

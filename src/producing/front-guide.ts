/** What is in front of the web services, why, and how requests are moved and moved back. */
import type { FrontDoor, Plan } from '../planning/plan.js';
import { Code, markdownCode } from '../render.js';
import type { StagedStack } from './stage-infrastructure.js';

export interface FrontGuide {
  /** Empty where there is nothing to say: no stack, no web service, or the functions are gone. */
  door: string;
  because: string;
  /** The API of the functions stays. */
  keeps: boolean;
  /** Steps in words. */
  moves: Code;
  back: Code;
}

const doors: Readonly<Record<FrontDoor, string>> = { alb: 'a load balancer of their own', 'api-gateway': 'the API of the functions' };

export function frontGuide({ frontDoor }: Plan, stack: StagedStack | undefined): FrontGuide {
  const isTold = frontDoor !== undefined && stack !== undefined && !stack.cutOver;
  const [traffic, ...own] = (stack?.parameters ?? []).filter(({ name }) => /^container\d*_?traffic/i.test(name)).map(({ name }) => name);
  const keeps = isTold && frontDoor.door === 'api-gateway' && traffic !== undefined;
  const isApart = frontDoor?.door === 'api-gateway' && !keeps;
  const all = markdownCode(traffic ?? '');
  const one = markdownCode(own[0] ?? '');
  return {
    door: isTold ? doors[keeps ? 'api-gateway' : 'alb'] : '',
    because: isApart ? 'the resources of the services are a stack of their own' : (frontDoor?.because ?? ''),
    keeps,
    moves: new Code(
      `deploy with ${all} as \`chosen\` and the parameter of one function, such as ${one}, as \`containers\`; one function after the other, then ${all} as \`containers\`.`,
    ),
    back: new Code(`deploy with ${all} as \`functions\`, and the API calls the functions again.`),
  };
}

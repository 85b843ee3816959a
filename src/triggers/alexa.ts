import { alexaTriggers, samSource } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const alexa: TriggerKind = {
  type: 'alexa',
  title: 'Alexa skill',
  workload: 'stays',
  reason: 'the Alexa service calls it',
  advice:
    'Keep the function on Lambda, or serve the skill over HTTPS with ask-sdk-express-adapter, which checks the signature and the time of each request.',
  serverless: { alexaSkill: listensTo('alexa', 'appId'), alexaSmartHome: listensTo('alexa', 'appId') },
  sam: { AlexaSkill: samSource('alexa', 'SkillId') },
  cloudformation: alexaTriggers,
  principals: ['alexa-appkit.amazon.com', 'alexa-connectedhome.amazon.com'],
};

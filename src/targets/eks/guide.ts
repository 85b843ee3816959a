import type { GuideInput, TargetGuide } from '../target.js';
import { permissionsNeeded, secretsOf } from '../values/environment.js';
import { plannedCrons } from './jobs.js';
import { eksFolder } from './manifests.js';
import { label, namespaceOf } from './names.js';
import { roleArn } from './roles.js';
import { secretsAccount } from './secrets.js';

export function eksGuide({ project, services, placed }: GuideInput): TargetGuide {
  const kinds = new Set(services.map(({ service }) => service.kind));
  const hasSecrets = services.some(({ service }) => secretsOf(project, service).length > 0);
  const namespace = namespaceOf(project);
  const folder = placed(`${eksFolder}/kustomization.yaml`).replace(/\/kustomization\.yaml$/, '');
  const crons = services.flatMap(({ service }) => plannedCrons(project, service));
  const roles = services.map(({ service }) => ({
    role: roleArn(project, service.name).split('/').at(-1) as string,
    account: label(service.name),
    permissions: permissionsNeeded(service),
  }));
  const readsSecrets = {
    role: roleArn(project, secretsAccount).split('/').at(-1) as string,
    account: secretsAccount,
    permissions: 'ssm:GetParameter and secretsmanager:GetSecretValue on the secrets of secrets.yaml',
  };
  return {
    steps: {
      template: 'eks/steps.hbs',
      values: {
        hasWeb: kinds.has('web'),
        hasWorker: kinds.has('worker'),
        hasJobs: crons.length > 0,
        hasSecrets,
        needs: [
          ...(kinds.has('web') ? ['the AWS Load Balancer Controller', 'the metrics server'] : []),
          ...(kinds.has('worker') ? ['KEDA'] : []),
          ...(hasSecrets ? ['the External Secrets Operator'] : []),
        ].join(', '),
        namespace,
        apply: `kubectl apply -k ${folder}`,
        url: `kubectl -n ${namespace} get ingress`,
        roles: hasSecrets ? [...roles, readsSecrets] : roles,
      },
    },
    schedules:
      'switch off those of the functions and set `suspend: false` in the CronJobs, in the same change; `kubectl create job --from=cronjob/NAME` runs one at once.',
    stop: `Then \`kubectl -n ${namespace} delete deployments,scaledobjects,cronjobs --all\`.`,
    stopSetting: 'terminationGracePeriodSeconds',
    appendix:
      crons.length > 0
        ? {
            template: 'eks/jobs.hbs',
            values: {
              jobs: crons.map(({ name, job, trigger, schedule, reason }) => ({
                function: job.function,
                expression: trigger.timezone === undefined ? trigger.expression : `${trigger.expression} ${trigger.timezone}`,
                name,
                schedule: reason === undefined ? schedule : `none: ${reason}`,
              })),
            },
          }
        : null,
  };
}

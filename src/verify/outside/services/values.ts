import { type AwsService, idSequence, json, xml } from './service.js';

/** Parameters have their name as value. */
export function ssm(): AwsService {
  const parameter = (name: unknown) => ({ Name: name, Type: 'String', Value: `value of ${name}`, Version: 1 });
  return ({ operation, input }) => {
    switch (operation) {
      case 'GetParameter':
        return json({ Parameter: parameter(input['Name']) });
      case 'GetParameters':
        return json({ Parameters: ((input['Names'] ?? []) as unknown[]).map(parameter), InvalidParameters: [] });
      case 'GetParametersByPath':
        return json({ Parameters: [parameter(`${input['Path']}/one`)] });
      case 'PutParameter':
        return json({ Version: 1, Tier: 'Standard' });
      default:
        return undefined;
    }
  };
}

export function secretsManager(): AwsService {
  return ({ operation, input }) => {
    if (operation !== 'GetSecretValue') return undefined;
    const id = String(input['SecretId']);
    return json({ ARN: id, Name: id, VersionId: '1', SecretString: JSON.stringify({ username: 'user', password: `secret of ${id}` }) });
  };
}

export function lambda(): AwsService {
  return ({ operation, request }) => {
    if (operation !== 'Invoke') return undefined;
    const isEvent = request.headers['x-amz-invocation-type'] === 'Event';
    return {
      status: isEvent ? 202 : 200,
      headers: { 'content-type': 'application/json' },
      body: isEvent ? '' : '{"statusCode":200,"body":"{}"}',
    };
  };
}

export function stepFunctions(): AwsService {
  const nextId = idSequence();
  return ({ operation, input }) => {
    if (operation !== 'StartExecution') return undefined;
    return json({ executionArn: `${input['stateMachineArn']}:${nextId()}`, startDate: 1_767_225_600 });
  };
}

export function sts(): AwsService {
  return ({ operation }) =>
    operation === 'GetCallerIdentity'
      ? xml(
          operation,
          '<Arn>arn:aws:sts::123456789012:assumed-role/function/session</Arn><UserId>ID</UserId><Account>123456789012</Account>',
        )
      : undefined;
}

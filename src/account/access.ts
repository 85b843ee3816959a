/** Clients of the AWS APIs that an account is read with: each loaded when it is first asked for, none able to send more than a read. */
import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';

export interface Access {
  /** Undefined: what the environment and the profile say. */
  region?: string | undefined;
  profile?: string | undefined;
  /** Every API is asked there. */
  endpointUrl?: string | undefined;
}

/** Names of operations that change nothing; Lambda's `Invoke` and the like are not among them. */
const reads = /^(Get|List|Describe|Export)[A-Z]/;

/** As much of a client as the guard needs. */
interface Guarded {
  middlewareStack: {
    add(middleware: (next: never, context: { commandName?: string }) => never, options: { step: 'initialize'; name: string }): void;
  };
}

type Next = (input: unknown) => Promise<unknown>;

/** @throws Error from every call of the client that is no read, before anything is sent. */
export function readOnly<C>(client: C): C {
  const guard = (next: Next, { commandName = '' }: { commandName?: string }) => {
    const isRead = reads.test(commandName);
    return async (input: unknown) => {
      if (!isRead) throw new Error(`${commandName} is no read`);
      return next(input);
    };
  };
  (client as Guarded).middlewareStack.add(guard as never, { step: 'initialize', name: 'readOnly' });
  return client;
}

/** The clients for one account and region. */
export class AccountApis {
  private readonly made = new Map<string, Promise<unknown>>();

  constructor(
    private readonly access: Access,
    /** Of each call, the first included. */
    private readonly attempts = 7,
  ) {}

  lambda(): Promise<LambdaClient> {
    return this.once('lambda', async () => new (await import('@aws-sdk/client-lambda')).LambdaClient(this.settings()));
  }

  restApis(): Promise<APIGatewayClient> {
    return this.once('rest', async () => new (await import('@aws-sdk/client-api-gateway')).APIGatewayClient(this.settings()));
  }

  httpApis(): Promise<ApiGatewayV2Client> {
    return this.once('http', async () => new (await import('@aws-sdk/client-apigatewayv2')).ApiGatewayV2Client(this.settings()));
  }

  events(): Promise<EventBridgeClient> {
    return this.once('events', async () => new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient(this.settings()));
  }

  roles(): Promise<IAMClient> {
    return this.once('roles', async () => new (await import('@aws-sdk/client-iam')).IAMClient(this.settings()));
  }

  schedules(): Promise<SchedulerClient> {
    return this.once('schedules', async () => new (await import('@aws-sdk/client-scheduler')).SchedulerClient(this.settings()));
  }

  metrics(): Promise<CloudWatchClient> {
    return this.once('metrics', async () => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(this.settings()));
  }

  private once<C>(name: string, make: () => Promise<C>): Promise<C> {
    const known = this.made.get(name) as Promise<C> | undefined;
    const client = known ?? make().then(readOnly);
    if (!known) this.made.set(name, client);
    return client;
  }

  /** An API with thousands of functions throttles; the adaptive mode slows all calls of a client down together. */
  private settings() {
    const { region, profile, endpointUrl } = this.access;
    return {
      retryMode: 'adaptive',
      maxAttempts: this.attempts,
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    };
  }
}

/** How the Price List API is asked for each price: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html */

export interface PriceQuery {
  item: string;
  /** Service codes, asked in this order until one has the product. */
  services: string[];
  /** Attributes that must be equal. */
  filters: Record<string, string>;
  /** The usage type, which begins with a code of the region everywhere but in us-east-1. */
  usage?: RegExp;
  /** Units of the API that are understood. */
  unit: RegExp;
  /** Our units in one of the API's. */
  perApiUnit: number;
}

const hours = { unit: /^(hours?|hrs|vCPU-Hours?|GB-Hours?|LCU-Hours?|LCU-Hrs)$/i, perApiUnit: 1 };
const gigabytes = { unit: /^GB$/i, perApiUnit: 1 };
const gigabyteSeconds = { unit: /^(Lambda-)?GB-Seconds?$/i, perApiUnit: 1 };
const millions = { unit: /^Requests?$/i, perApiUnit: 1_000_000 };

/** `USE1-Fargate-GB-Hours`, `Fargate-GB-Hours`; never `USW2-TS-LoadBalancerUsage`, which is another product. */
const usage = (name: string) => new RegExp(`^(?!TS-|Outposts-)(?:[A-Z0-9]+-)?${name}$`);

const lambda = (item: string, group: string, unit: Pick<PriceQuery, 'unit' | 'perApiUnit'>): PriceQuery => ({
  item,
  services: ['AWSLambda'],
  filters: { group },
  ...unit,
});

const fargate = (item: string, name: string): PriceQuery => ({ item, services: ['AmazonECS'], filters: {}, usage: usage(name), ...hours });

/** What an hour of Linux on demand costs. */
const instance = (type: string): PriceQuery => ({
  item: `ec2-${type}`,
  services: ['AmazonEC2'],
  filters: { instanceType: type, operatingSystem: 'Linux', tenancy: 'Shared', preInstalledSw: 'NA', capacitystatus: 'Used' },
  usage: usage(`BoxUsage:${type.replace('.', '\\.')}`),
  ...hours,
});

const balancer = { services: ['AWSELB', 'AmazonEC2'], filters: { operation: 'LoadBalancing:Application' }, ...hours };
const nat = { services: ['AmazonEC2'], filters: { productFamily: 'NAT Gateway' } };

export const priceQueries: readonly PriceQuery[] = [
  lambda('lambda-request', 'AWS-Lambda-Requests', millions),
  lambda('lambda-duration-x86', 'AWS-Lambda-Duration', gigabyteSeconds),
  lambda('lambda-duration-arm', 'AWS-Lambda-Duration-ARM', gigabyteSeconds),
  lambda('lambda-disk', 'AWS-Lambda-Storage-Duration', gigabyteSeconds),
  lambda('lambda-provisioned-x86', 'AWS-Lambda-Provisioned-Concurrency', gigabyteSeconds),
  lambda('lambda-provisioned-arm', 'AWS-Lambda-Provisioned-Concurrency-ARM', gigabyteSeconds),
  lambda('lambda-provisioned-duration-x86', 'AWS-Lambda-Duration-Provisioned', gigabyteSeconds),
  lambda('lambda-provisioned-duration-arm', 'AWS-Lambda-Duration-Provisioned-ARM', gigabyteSeconds),
  fargate('fargate-vcpu-x86', 'Fargate-vCPU-Hours:perCPU'),
  fargate('fargate-memory-x86', 'Fargate-GB-Hours'),
  fargate('fargate-vcpu-arm', 'Fargate-ARM-vCPU-Hours:perCPU'),
  fargate('fargate-memory-arm', 'Fargate-ARM-GB-Hours'),
  fargate('fargate-disk', 'Fargate-EphemeralStorage-GB-Hours'),
  ...['m7g.large', 'c7g.large', 'm8g.large', 'c8g.large', 't3.medium', 'm5.large'].map(instance),
  { item: 'alb-hour', ...balancer, usage: usage('LoadBalancerUsage') },
  { item: 'alb-lcu', ...balancer, usage: usage('LCUUsage') },
  { item: 'nat-hour', ...nat, usage: usage('NatGateway-Hours'), ...hours },
  { item: 'nat-gb', ...nat, usage: usage('NatGateway-Bytes'), ...gigabytes },
  { item: 'public-ipv4', services: ['AmazonVPC'], filters: {}, usage: usage('PublicIPv4:InUseAddress'), ...hours },
  { item: 'eks-cluster', services: ['AmazonEKS'], filters: {}, usage: usage('AmazonEKS-Hours:perCluster'), ...hours },
  { item: 'http-api-request', services: ['AmazonApiGateway'], filters: {}, usage: usage('ApiGatewayHttpRequest'), ...millions },
  { item: 'rest-api-request', services: ['AmazonApiGateway'], filters: {}, usage: usage('ApiGatewayRequest'), ...millions },
  {
    item: 'logs-ingestion',
    services: ['AmazonCloudWatch'],
    filters: { operation: 'PutLogEvents' },
    usage: usage('DataProcessing-Bytes'),
    ...gigabytes,
  },
];

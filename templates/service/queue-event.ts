/** Messages of SQS as the records of a Lambda event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { partitionOf } from './partition.js';

export interface QueueSource {
  arn: string;
  region: string;
}

export interface QueueRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, RecordAttribute>;
  md5OfBody: string;
  md5OfMessageAttributes?: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
}

interface RecordAttribute {
  stringValue?: string;
  /** Base64. */
  binaryValue?: string;
  stringListValues: string[];
  binaryListValues: string[];
  dataType: string;
}

/** Lambda's names differ from those of the SDK, and its binary values are texts. */
export function toRecord(message: Message, source: QueueSource): QueueRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [name, toAttribute(attribute)]),
    ),
    ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: source.arn,
    awsRegion: source.region,
  };
}

function toAttribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue): RecordAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType ?? '',
  };
}

/** ARN and region of a queue: as given, else from its URL (`https://sqs.eu-west-1.amazonaws.com/123456789012/orders`). */
export function queueSource(queueUrl: string, queueArn: string | undefined): QueueSource {
  if (queueArn) return { arn: queueArn, region: queueArn.split(':')[3] ?? '' };
  const url = new URL(queueUrl);
  const [account = '', name = ''] = url.pathname.split('/').slice(-2);
  const region = regionOf(url.hostname);
  return { arn: `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`, region };
}

/** Hosts of other kinds (an emulator, a proxy) do not tell the region. */
function regionOf(host: string): string {
  const region = /(?:^|\.)sqs(?:-fips)?\.([a-z0-9-]+)\./.exec(host)?.[1] ?? /^([a-z]+(?:-[a-z]+)+-\d)\.queue\./.exec(host)?.[1];
  return region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
}

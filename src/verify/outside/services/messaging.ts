import { createHash } from 'node:crypto';
import { type AwsService, idSequence, json, xml } from './service.js';

/** Takes messages and gives ids; what is sent is in the record of calls. */
export function sqs(): AwsService {
  const nextId = idSequence();
  const sent = (entry: Record<string, unknown>) => ({ MessageId: nextId(), MD5OfMessageBody: md5(String(entry['MessageBody'])) });
  return ({ operation, input, request }) => {
    const asJson = request.headers['x-amz-target'] !== undefined;
    switch (operation) {
      case 'SendMessage': {
        const { MessageId, MD5OfMessageBody } = sent(input);
        if (asJson) return json({ MessageId, MD5OfMessageBody });
        return xml(operation, `<MessageId>${MessageId}</MessageId><MD5OfMessageBody>${MD5OfMessageBody}</MD5OfMessageBody>`);
      }
      case 'SendMessageBatch': {
        const entries = (input['Entries'] ?? []) as Record<string, unknown>[];
        return json({ Successful: entries.map((entry) => ({ Id: entry['Id'], ...sent(entry) })), Failed: [] });
      }
      case 'GetQueueUrl':
        return json({ QueueUrl: `http://127.0.0.1/123456789012/${input['QueueName']}` });
      case 'DeleteMessage':
        return asJson ? json({}) : xml(operation, '');
      default:
        return undefined;
    }
  };
}

export function sns(): AwsService {
  const nextId = idSequence();
  return ({ operation }) => (operation === 'Publish' ? xml(operation, `<MessageId>${nextId()}</MessageId>`) : undefined);
}

export function events(): AwsService {
  const nextId = idSequence();
  return ({ operation, input }) => {
    if (operation !== 'PutEvents') return undefined;
    const entries = (input['Entries'] ?? []) as unknown[];
    return json({ FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: nextId() })) });
  };
}

export function ses(): AwsService {
  const nextId = idSequence();
  return ({ operation, request }) => {
    if (!operation.startsWith('Send')) return undefined;
    const id = nextId();
    return request.path.length > 1 ? json({ MessageId: id }) : xml(operation, `<MessageId>${id}</MessageId>`);
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

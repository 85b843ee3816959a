import { type AwsService, json } from './service.js';

type Item = Record<string, unknown>;

/** Tables without schemas: an item is found by all attributes of the key that is asked for. Conditions and filters are not evaluated. */
export function dynamodb(): AwsService {
  const tables = new Map<string, Item[]>();
  const table = (name: unknown): Item[] => {
    const items = tables.get(String(name)) ?? [];
    tables.set(String(name), items);
    return items;
  };
  const find = (name: unknown, key: unknown) => table(name).find((item) => hasKey(item, key));
  const remove = (name: unknown, key: unknown) => {
    const items = table(name);
    const index = items.findIndex((item) => hasKey(item, key));
    return index < 0 ? undefined : items.splice(index, 1)[0];
  };
  const put = (name: unknown, item: Item) => {
    const items = table(name);
    const same = items.findIndex((each) => firstValue(each) === firstValue(item));
    if (same < 0) items.push(item);
    else items[same] = item;
  };
  return ({ operation, input }) => {
    const { TableName: name, Key: key } = input;
    switch (operation) {
      case 'GetItem': {
        const item = find(name, key);
        return json(item ? { Item: item } : {});
      }
      case 'PutItem':
        if (isTooLarge(input['Item'])) return tooLarge;
        put(name, input['Item'] as Item);
        return json({});
      case 'DeleteItem': {
        const removed = remove(name, key);
        return json(removed && input['ReturnValues'] === 'ALL_OLD' ? { Attributes: removed } : {});
      }
      case 'UpdateItem': {
        const item = { ...(find(name, key) ?? (key as Item)), ...assignments(input) };
        remove(name, key);
        table(name).push(item);
        return json(input['ReturnValues'] ? { Attributes: item } : {});
      }
      case 'Scan':
      case 'Query': {
        const items = table(name);
        return json({ Items: items, Count: items.length, ScannedCount: items.length });
      }
      case 'BatchWriteItem':
        for (const [each, requests] of Object.entries(
          input['RequestItems'] as Record<string, { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>,
        )) {
          for (const { PutRequest, DeleteRequest } of requests) {
            if (PutRequest) put(each, PutRequest.Item);
            if (DeleteRequest) remove(each, DeleteRequest.Key);
          }
        }
        return json({ UnprocessedItems: {} });
      case 'BatchGetItem': {
        const asked = Object.entries(input['RequestItems'] as Record<string, { Keys: Item[] }>);
        const found = asked.map(([each, { Keys }]) => [each, Keys.flatMap((one) => find(each, one) ?? [])]);
        return json({ Responses: Object.fromEntries(found), UnprocessedKeys: {} });
      }
      case 'TransactWriteItems':
        return json({});
      default:
        return undefined;
    }
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html: an item has 400 KB. */
function isTooLarge(item: unknown): boolean {
  return JSON.stringify(item).length > 400 * 1024;
}

const tooLarge = json(
  { __type: 'com.amazon.coral.validate#ValidationException', message: 'Item size has exceeded the maximum allowed size' },
  400,
);

function hasKey(item: Item, key: unknown): boolean {
  return Object.entries((key ?? {}) as Item).every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value));
}

/** Nothing tells which attribute is the key; the first is, in most code. */
function firstValue(item: Item): string {
  return JSON.stringify(Object.entries(item)[0]);
}

/** Plain `SET #a = :a, b = :b`. */
function assignments({ UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }: Record<string, unknown>): Item {
  const names = (ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (ExpressionAttributeValues ?? {}) as Item;
  const pairs = [...String(UpdateExpression ?? '').matchAll(/([#\w]+)\s*=\s*(:\w+)/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [names[name] ?? name, values[value]]));
}

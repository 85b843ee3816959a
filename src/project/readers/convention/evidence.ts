/** What tells a Lambda handler from an export of a web framework, a bot or a library that is called the same. */
import type { Node } from 'oxc-parser';

/** Packages that code for Lambda imports. */
const lambdaPackage =
  /['"](?:aws-lambda|lambda-api|serverless-http|aws-serverless-(?:express|koa|fastify)|aws-lambda-[\w-]+|middy|@middy\/[\w-]+|@(?:vendia|codegenie|h4ad)\/serverless-\w+|@fastify\/aws-lambda|@aws-lambda-powertools\/[\w-]+|@as-integrations\/aws-lambda|apollo-server-lambda|hono\/(?:aws-lambda|lambda-edge)|alexa-sdk|ask-sdk(?:-\w+)?|aws-sdk|@aws-sdk\/[\w-]+)['"]/;

/** Fields of the events and results of Lambda, and its environment. */
const lambdaWord =
  /\b(?:queryStringParameters|pathParameters|requestContext|isBase64Encoded|awsRequestId|callbackWaitsForEmptyEventLoop|getRemainingTimeInMillis|batchItemFailures|AWS_LAMBDA_FUNCTION_NAME|APIGatewayProxy\w*|SQSEvent|ScheduledEvent|event\.Records|awslambda|statusCode)\b/;

/** Names of a first parameter that belong to something else: Express, hapi, yargs, bots, Koa and Hono. */
const foreignParameter = /^_?(?:req|request|argv|args|interaction|client|ctx|c|message|msg|socket|job|bot|h|res)\b/;

const eventParameter = /^_*(?:event|evt|lambdaEvent|input|payload)\b/i;

/**
 * True when what a module exports as its handler is one for Lambda. `value` is undefined when it stands in another file;
 * `index.handler` is the name that AWS itself gives, so a function without parameters is enough there.
 */
export function isLambdaHandler(value: Node | undefined, text: string, isIndex: boolean): boolean {
  const hint = lambdaPackage.test(text) || lambdaWord.test(text);
  if (value === undefined) return hint || /\brequire\s*\(\s*['"]\.|\bfrom\s*['"]\./.test(text);
  if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression' && value.type !== 'FunctionDeclaration') {
    return isComputed(value) && hint;
  }
  const [first, second] = value.params.map((parameter) => text.slice(parameter.start, parameter.end));
  if (first === undefined) return hint || isIndex;
  if (foreignParameter.test(first)) return false;
  return hint || eventParameter.test(first) || /^_*context\b/.test(second ?? '');
}

/** Not a plain value: a call, an instance, a reference. */
function isComputed(value: Node): boolean {
  return (
    value.type !== 'Literal' && value.type !== 'ObjectExpression' && value.type !== 'ArrayExpression' && value.type !== 'TemplateLiteral'
  );
}

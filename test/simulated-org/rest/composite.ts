/** `POST /composite`: up to 25 calls in one, each answered with its own status. */
import type { OrgRequest, OrgResponse, Route } from '../contracts.ts';
import { ApiError } from '../contracts.ts';
import { errorResponse } from './errorBody.ts';
import type { JsonObject } from './json.ts';
import { isObject, readObject } from './json.ts';

const maximumParts = 25;

/** `answer` handles one part as if it had come by itself. */
export async function handleComposite(request: OrgRequest, answer: Route): Promise<OrgResponse | undefined> {
  if (request.path !== '/composite' || request.method !== 'POST') return undefined;
  const parts = readObject(request.body)['compositeRequest'];
  if (!Array.isArray(parts))
    throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'The compositeRequest list is required', ['compositeRequest']);
  if (parts.length > maximumParts) {
    throw new ApiError(
      400,
      'LIMIT_EXCEEDED',
      `The number of operations exceeds the limit. A composite request can have at most ${maximumParts} operations.`,
    );
  }
  const answers: JsonObject[] = [];
  for (const part of parts as unknown[]) answers.push(await answerPart(request, part, answer));
  return { status: 200, body: { compositeResponse: answers } };
}

async function answerPart(request: OrgRequest, part: unknown, answer: Route): Promise<JsonObject> {
  if (!isObject(part)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'Each part must be an object');
  const response = await respond(request, part, answer);
  return {
    body: response.body ?? null,
    httpHeaders: response.headers ?? {},
    httpStatusCode: response.status,
    referenceId: part['referenceId'],
  };
}

async function respond(request: OrgRequest, part: JsonObject, answer: Route): Promise<OrgResponse> {
  try {
    return (await answer(inner(request, part))) ?? notFound();
  } catch (error) {
    if (error instanceof ApiError) return errorResponse(error);
    throw error;
  }
}

function notFound(): OrgResponse {
  return errorResponse(new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist'));
}

function inner(request: OrgRequest, part: JsonObject): OrgRequest {
  const url = new URL(String(part['url']), 'http://org');
  const match = /^\/services\/data\/v(\d+\.0)(\/.*)$/.exec(url.pathname);
  return {
    ...request,
    method: String(part['method']).toUpperCase(),
    path: (match?.[2] ?? url.pathname).replace(/\/$/, ''),
    apiVersion: match?.[1] ?? request.apiVersion,
    query: url.searchParams,
    body: Buffer.from(JSON.stringify(part['body'] ?? null)),
  };
}

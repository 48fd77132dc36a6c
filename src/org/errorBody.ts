/** Reads Salesforce's code and message out of the body of a failed call, in any of the forms it is known to have. */

export type ErrorBody = { readonly code: string; readonly message: string };

/**
 * Code (upper case) and message of a failed call. Several errors are joined: the first one's code, all messages. A body
 * that is no JSON (an HTML page of an edge server, nothing at all) gives `HTTP_<status>`; its text is not passed on.
 * Source: REST API guide "Status Codes and Error Responses"; OAuth errors: RFC 6749 §5.2.
 */
export function readErrorBody(status: number, body: string): ErrorBody {
  const parsed = parse(body);
  const errors = (Array.isArray(parsed) ? parsed : [parsed]).map(readError).filter((error) => error !== undefined);
  const fallback = { code: `HTTP_${String(status)}`, message: `HTTP ${String(status)}` };
  const code = errors.find((error) => error.code !== '')?.code ?? fallback.code;
  const messages = [...new Set(errors.map((error) => error.message).filter((message) => message !== ''))];
  return { code, message: messages.length === 0 ? (errors[0]?.code ?? fallback.message) : messages.join('; ') };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readError(value: unknown): ErrorBody | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const code = text(value, ['errorCode', 'statusCode', 'exceptionCode', 'error']).toUpperCase();
  const message = text(value, ['message', 'exceptionMessage', 'error_description']);
  return code === '' && message === '' ? undefined : { code, message };
}

function text(value: object, keys: readonly string[]): string {
  for (const key of keys) {
    const found: unknown = Reflect.get(value, key);
    if (typeof found === 'string') return found;
  }
  return '';
}

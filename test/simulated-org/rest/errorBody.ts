/** The body of a failed call: an array of one error, as recorded. */
import type { ApiError, OrgResponse } from '../contracts.ts';

export function errorResponse(error: ApiError): OrgResponse {
  const fields = error.fields === undefined ? {} : { fields: error.fields };
  const headers = error.status === 401 ? { headers: { 'WWW-Authenticate': 'Token' } } : {};
  return {
    status: error.status,
    body: [{ message: error.message, errorCode: error.errorCode, ...fields }],
    ...headers,
  };
}

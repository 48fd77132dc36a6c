/**
 * `POST /jobs/ingest` with the data in the same request: parts `job` and `content`
 * (docs/salesforce-facts.md#bulk-ingest-jobs).
 */
import { ApiError } from '../contracts.ts';

export type JobParts = { readonly job: string; readonly content: Buffer };

const mostCharacters = 100_000;

export function readMultipart(contentType: string, body: Buffer): JobParts {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new ApiError(400, 'CLIENTINPUTERROR', 'Multipart request without a boundary');
  const parts = new Map(splitParts(body.toString('latin1'), boundary).map((part) => [part.name, part.content]));
  const job = parts.get('job');
  const content = parts.get('content');
  if (job === undefined || content === undefined)
    throw new ApiError(400, 'CLIENTINPUTERROR', 'Multipart request must have the parts job and content');
  const data = Buffer.from(content, 'latin1');
  if (data.toString('utf8').length > mostCharacters)
    throw new ApiError(400, 'CLIENTINPUTERROR', 'Multipart content must not exceed 100000 characters');
  return { job: Buffer.from(job, 'latin1').toString('utf8'), content: data };
}

/** Bytes are kept as Latin-1 characters while they are cut, so that UTF-8 comes through whole. */
function splitParts(text: string, boundary: string): Array<{ name: string; content: string }> {
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const headerEnd = /\r?\n\r?\n/.exec(part);
      const start = headerEnd === null ? 0 : headerEnd.index + headerEnd[0].length;
      const name = /name="?([^";\r\n]+)"?/i.exec(part.slice(0, start))?.[1] ?? '';
      return { name, content: part.slice(start).replace(/\r?\n$/, '') };
    });
}

/** A small client of the simulated org for its own tests. */
import type { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
};

export type CallOptions = {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly token?: string;
};

/** `path` below the instance URL; a body is sent as JSON unless it is text. */
export async function call(
  org: SimulatedOrg,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { body } = options;
  const response = await fetch(org.url + path, {
    method,
    headers: { authorization: `Bearer ${options.token ?? org.accessToken}`, ...options.headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

export type Row = Readonly<Record<string, unknown>>;
export type QueryAnswer = {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: Row[];
};

export async function ask(
  org: SimulatedOrg,
  soql: string,
  options: CallOptions & { readonly version?: string } = {},
): Promise<Answer> {
  return call(org, 'GET', `/services/data/v${options.version ?? '67.0'}/query?q=${encodeURIComponent(soql)}`, options);
}

export async function query(org: SimulatedOrg, soql: string, options: CallOptions = {}): Promise<QueryAnswer> {
  const answer = await ask(org, soql, options);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as QueryAnswer;
}

export type Refusal = { readonly message: string; readonly errorCode: string; readonly fields?: string[] };

/** The first error of a refused call. */
export function refusal(answer: Answer): Refusal {
  const [first] = answer.body as Refusal[];
  if (answer.status < 400 || !first) throw new Error(`not refused: ${answer.text}`);
  return first;
}

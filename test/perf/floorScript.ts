/**
 * The least that a plan must do: downloads the results of bulk queries, parses them and writes them out again. Knows
 * nothing of the plugin. `node floorScript.ts '{"url": …, "accessToken": …, "queries": […], "folder": …}'`
 */
import type { ReadableStream } from 'node:stream/web';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';

export type FloorTask = {
  readonly url: string;
  readonly accessToken: string;
  readonly queries: readonly string[];
  readonly folder: string;
};

const { url, accessToken, queries, folder } = JSON.parse(process.argv[2] ?? '') as FloorTask;

async function call(path: string, body?: object): Promise<Response> {
  const response = await fetch(`${url}/services/data/v67.0${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response;
}

async function finishedQuery(query: string): Promise<string> {
  const { id } = (await (await call('/jobs/query', { operation: 'query', query })).json()) as { id: string };
  for (;;) {
    const { state } = (await (await call(`/jobs/query/${id}`)).json()) as { state: string };
    if (state === 'JobComplete') return id;
    await setTimeout(100);
  }
}

for (const [number, query] of queries.entries()) {
  const id = await finishedQuery(query);
  let locator = '';
  for (let page = 0; locator !== 'null'; page++) {
    const rest = locator === '' ? '' : `&locator=${locator}`;
    const { headers, body } = await call(`/jobs/query/${id}/results?maxRecords=100000${rest}`);
    locator = headers.get('sforce-locator') ?? 'null';
    const file = join(folder, `query-${String(number)}-${String(page)}.csv`);
    await pipeline(Readable.fromWeb(body as ReadableStream), parse(), stringify(), createWriteStream(file));
  }
}

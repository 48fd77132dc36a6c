/**
 * An uploaded CSV: parsed by the declared delimiter and line end, refused as a whole where Salesforce does
 * (docs/salesforce-facts.md#bulk-csv).
 */
import { parse } from 'csv-parse/sync';
import type { ColumnDelimiter, LineEnding } from './ingestJob.ts';

/** A column name as sent: results repeat it quoted only if it was uploaded so. */
export type HeaderCell = { readonly name: string; readonly quoted: boolean };

export type ParsedCsv = { readonly header: readonly HeaderCell[]; readonly rows: ReadonlyArray<readonly string[]> };

/** The whole job fails; the message goes to `errorMessage`. */
export class JobFailure extends Error {}

export const delimiters: Readonly<Record<ColumnDelimiter, string>> = {
  COMMA: ',',
  BACKQUOTE: '`',
  CARET: '^',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
};

export const lineEnds: Readonly<Record<LineEnding, string>> = { LF: '\n', CRLF: '\r\n' };

export function parseUpload(content: Buffer, columnDelimiter: ColumnDelimiter, lineEnding: LineEnding): ParsedCsv {
  const text = content.toString('utf8');
  checkLineEnds(text, lineEnding);
  const form = {
    delimiter: delimiters[columnDelimiter],
    record_delimiter: lineEnds[lineEnding],
    bom: false,
    relax_column_count: false,
  } as const;
  const header = attempt(() => readHeader(text, form));
  const rows = attempt(() => parse(text, { ...form, from: 2, skip_empty_lines: true }));
  const wrong = rows.find((row) => row.length !== header.length);
  if (wrong !== undefined)
    throw new JobFailure(
      `InvalidBatch : Failed to parse CSV. Row has ${wrong.length} columns, header has ${header.length}`,
    );
  return { header, rows };
}

type Form = { readonly delimiter: string; readonly record_delimiter: string; readonly bom: boolean };

function readHeader(text: string, form: Form): HeaderCell[] {
  const lines = parse(text, {
    ...form,
    to: 1,
    cast: (name, context) => JSON.stringify({ name, quoted: context.quoting }),
  });
  return (lines[0] ?? []).map((cell) => JSON.parse(cell) as HeaderCell);
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JobFailure(`InvalidBatch : Failed to parse CSV. ${reason}`);
  }
}

/** A stray other line end fails the job even inside quotes: clients are to normalize their values. */
function checkLineEnds(text: string, lineEnding: LineEnding): void {
  const strange = lineEnding === 'LF' ? text.includes('\r\n') : /(?<!\r)\n/.test(text);
  if (strange)
    throw new JobFailure(
      `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${lineEnding}`,
    );
}

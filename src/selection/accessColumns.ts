/**
 * Columns of a file of users that say who has access. Salesforce's own recipe for taking access away from many (help article
 * 000386423) is an export in which some rows are marked: such a list must never cost the others their login.
 */
import { readBoolean } from '../model/booleanWords.js';
import type { UserValues } from '../model/reasons.js';
import type { InputRow } from './inputFile.js';

/** Names and labels, without blanks and in lower case; whether yes in the column means access. */
const grantsAccess: ReadonlyMap<string, boolean> = new Map([
  ['active', true],
  ['isactive', true],
  ['portalenabled', true],
  ['isportalenabled', true],
  ['frozen', false],
  ['isfrozen', false],
]);

type AccessColumn = {
  readonly index: number;
  readonly header: string;
  readonly grants: boolean;
  /** Each different thing that its cells say of the access, with the first cell that does. */
  readonly seen: Map<string, string>;
};

/** What such a column holds in all rows together. */
type AccessColumnUse = {
  readonly column: string;
  /** Whether yes in the column means access. */
  readonly grants: boolean;
  /** The one value of all rows, as it was given first; undefined for a column that tells rows apart. */
  readonly only: string | undefined;
};

export class AccessColumns {
  private readonly columns: readonly AccessColumn[];
  /** Whether the file is succeeded.csv of `create`. */
  private readonly isOfCreate: boolean;
  /** Whether it is one of any run: its one value is what was sent, and nobody has to be told. */
  private readonly isOurs: boolean;

  public constructor(header: readonly string[]) {
    this.isOfCreate = header[0] === 'UserId' && header[1] === 'Created';
    this.isOurs = this.isOfCreate || (header[0] === 'Id' && header[2] === 'UserId');
    this.columns = header.flatMap((name, index) => {
      const grants = grantsAccess.get(name.toLowerCase().replaceAll(/[\s_]/g, ''));
      return grants === undefined ? [] : [{ index, header: name, grants, seen: new Map<string, string>() }];
    });
  }

  /** Takes a row of the file in, whatever becomes of it. @returns its cells in these columns, by the name of the column */
  public see(row: InputRow): UserValues {
    return Object.fromEntries(
      this.columns.map((column) => {
        const cell = (row.cells[column.index] ?? '').trim();
        // It has the values of new users only.
        if (cell === '' && this.isOfCreate && row.cells[1] === '') return [column.header, cell];
        const meaning = accessIn(column, cell);
        if (!column.seen.has(meaning)) column.seen.set(meaning, cell);
        return [column.header, cell];
      }),
    );
  }

  /** The columns that say anything, once all rows were seen. */
  public uses(): AccessColumnUse[] {
    return this.columns
      .map(({ header: column, grants, seen }) => {
        const [first, ...others] = seen.values();
        return { column, grants, only: others.length > 0 ? undefined : first };
      })
      .filter(({ only }) => only === undefined || (only !== '' && !this.isOurs));
  }
}

/** `true` or `false`; anything else, and an empty cell, is no mark. */
function accessIn({ grants }: AccessColumn, cell: string): string {
  const value = readBoolean(cell);
  return value === undefined ? cell.toLowerCase() : String(value === grants);
}

/** How a rule says no to one row: thrown by the rules, turned into the row's result by executeDml. */
import type { RowError } from '../contracts.ts';

export class RowRefusal extends Error {
  readonly rowError: RowError;

  constructor(code: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.rowError = { code, message, fields };
  }
}

export function refuse(code: string, message: string, fields: readonly string[] = []): never {
  throw new RowRefusal(code, message, fields);
}

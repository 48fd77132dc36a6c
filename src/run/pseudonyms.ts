/** Stands in for what names a person, a company, or a record: the same for the same value, and no way back. */
import { createHmac } from 'node:crypto';
import { idKey, isSalesforceId } from '../model/ids.js';
import { addressLike, quotedText, recordIdLike } from '../model/privacy/maskedText.js';

/** Begins with a capital, or is of a script that has none. */
const nameLike = /(?<![~\p{L}\p{N}_])[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}_'’-]*/gu;

/** Words of Salesforce's texts that begin with a capital and name nobody; codes such as FIELD_REQUIRED are kept anyway. */
const salesforceWords = [
  ...[
    'A',
    'An',
    'Bad',
    'Can',
    'Cannot',
    'Cross',
    'Data',
    'Duplicate',
    'For',
    'If',
    'In',
    'Insufficient',
    'Invalid',
    'It',
  ],
  ...['No', 'Not', 'Please', 'Record', 'Required', 'The', 'There', 'This', 'Too', 'Unable', 'Value', 'You'],
  ...['Account', 'Alias', 'Contact', 'Email', 'Field', 'ID', 'Id', 'License', 'Nickname', 'Owner', 'Portal', 'Profile'],
  ...['API', 'Apex', 'Bulk', 'Community', 'Customer', 'Flow', 'HTTP', 'Partner', 'REST', 'Role', 'Salesforce', 'SOQL'],
  ...['Trigger', 'User', 'UserRole', 'Username'],
];

export class Pseudonyms {
  private readonly secret: Buffer;
  private readonly kept: ReadonlySet<string>;

  /**
   * @param secret known to nobody afterwards: addresses and Ids are few enough to be tried one by one
   * @param fields names of fields, which are kept in texts
   */
  public constructor(secret: Buffer, fields: Iterable<string>) {
    this.secret = secret;
    this.kept = new Set([...salesforceWords, ...fields]);
  }

  /** Of a whole value. An Id of 15 or 18 characters has one, with the prefix of its object; letter case is no difference elsewhere. */
  public of(value: string): string {
    if (isSalesforceId(value)) return `${value.slice(0, 3)}~${this.digest(idKey(value))}`;
    return value === '' ? '' : `~${this.digest(value.trim().toLowerCase())}`;
  }

  /**
   * Of a text by Salesforce: its words stay; addresses, Ids, quoted literals, long numbers and names do not.
   * @param known values of the row that the text is about
   */
  public inText(text: string, known: Iterable<string> = []): string {
    let masked = text;
    for (const value of known) {
      if (value.length > 2) masked = masked.replace(new RegExp(escaped(value), 'giu'), () => this.of(value));
    }
    return masked
      .replace(quotedText, (literal) => `'${this.of(literal.slice(1, -1))}'`)
      .replace(addressLike, (found) => this.of(found))
      .replace(recordIdLike, (found) => (/\d/.test(found) ? this.of(found) : found))
      .replace(/(?<![\w~])\d{4,}(?!\w)/g, '#')
      .replace(nameLike, (word) => (this.isKept(word) ? word : '…'));
  }

  private isKept(word: string): boolean {
    return this.kept.has(word) || /^[A-Z]+(?:_[A-Z]+)+$/.test(word);
  }

  private digest(value: string): string {
    return createHmac('sha256', this.secret).update(value).digest('hex').slice(0, 12);
  }
}

/** For a pattern; RegExp.escape comes with Node 24. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

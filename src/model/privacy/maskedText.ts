/** Takes what may name a person out of texts: pure rules, for the files that are made to be shown around. */

/** An e-mail address, or a username, which has the form of one. */
export const addressLike = /[^\s@<>()[\]"'`,;:=]+@[^\s@<>()[\]"'`,;:=]+/gu;
export const recordIdLike = /(?<![A-Za-z0-9])[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?(?![A-Za-z0-9])/g;
/** Not the apostrophe of a word. */
export const quotedText = /(?<!\p{L})'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[“‘«„][^”’»“]*[”’»“]/gu;

/** A date, a date and time, or a number so long that it may be that of a customer; not that of `LAST_N_DAYS:1000` or `LIMIT 5000`. */
const tellingNumber =
  /(?<![\w.:]|\b(?:LIMIT|OFFSET)\s+)[+-]?(?:\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?|\d{4,}(?:\.\d+)?)(?!\w)/gi;

/** A condition without its literals: fields and short numbers stay, the other values do not. */
export function maskLiterals(condition: string): string {
  return condition.replace(/'(?:\\.|[^'\\])*'?/g, "'…'").replace(tellingNumber, '…');
}

/** Replaces e-mail addresses and usernames in a text from outside, which may end in a log. */
export function maskAddresses(text: string): string {
  return text.replace(addressLike, '<address>');
}

/** A text of Salesforce without what it quotes, and without addresses, usernames and Ids. */
export function maskValues(text: string): string {
  return maskAddresses(text.replace(quotedText, "'…'")).replace(recordIdLike, (found) =>
    /\d/.test(found) ? '…' : found,
  );
}

/** What Salesforce's messages about a condition that it does not accept are about. */

/** A quotation mark that encloses no text in SOQL. */
export function isOfOtherQuote(message: string): boolean {
  return /(token|character):? '["“”„‘’`]'/u.test(message);
}

/** A text that never ends. */
export function isOfOpenQuote(message: string): boolean {
  return message.startsWith('mismatched character');
}

/** The end, where more is expected. */
export function isOfEnd(message: string): boolean {
  return message.includes("token: '<EOF>'");
}

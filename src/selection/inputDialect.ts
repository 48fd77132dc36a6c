/** Finds out from a CSV text's header line which delimiter and line ends it is written with. */

type CsvDialect = {
  readonly delimiter: string;
  readonly record_delimiter: string[];
  /** What stands before the header line and is none of it. */
  readonly preface: string;
};

/** Excel's own first line, which says how the cells are parted: `sep=;` (a CR at the end may be half of CRLF). */
const separatorLine = /^"?sep=([^\r\n])"?(?:\r\n|\n|\r(?=[^\n]))/i;

const delimiters = [',', ';', '\t'];
/** Characters that are searched for the end of the header line. */
const longestHeader = 1024 * 1024;

/**
 * Takes texts until they hold the whole header line (the first that is not blank), or all there is.
 *
 * @returns the texts taken, as one; the others are left in `texts`
 */
export async function readHead(texts: AsyncGenerator<string, void, undefined>): Promise<string> {
  let head = '';
  while (head.length < longestHeader && headerEnd(head) === undefined) {
    const next = await texts.next();
    if (next.done === true) break;
    head += next.value;
  }
  return head;
}

/**
 * Chooses the delimiter that Excel's first line names, or else the one that the header line has most often outside quotes
 * (none: comma; as often: the first of comma, semicolon, tab). Lines end in CR only if the header line does; LF and CRLF may be mixed.
 *
 * @param head a text as `readHead` gives it
 */
export function dialectOf(head: string): CsvDialect {
  const [preface = '', named] = separatorLine.exec(head) ?? [];
  const end = headerEnd(head) ?? head.length;
  const unquoted = head.slice(preface.length, end).replace(/"[^"]*"/g, '');
  const [most = ','] = delimiters.toSorted((a, b) => unquoted.split(b).length - unquoted.split(a).length);
  const isOldMac = head[end] === '\r' && head[end + 1] !== '\n';
  return { delimiter: named ?? most, record_delimiter: isOldMac ? ['\r'] : ['\r\n', '\n'], preface };
}

/** The index of the line break after the header line, once it is known to be a whole one (a CR may be half of CRLF). */
function headerEnd(head: string): number | undefined {
  const [preface = ''] = separatorLine.exec(head) ?? [];
  let isQuoted = false;
  let isBlank = true;
  for (let index = preface.length; index + 1 < head.length; index++) {
    const sign = head.charAt(index);
    if (sign === '"') isQuoted = !isQuoted;
    if (!isQuoted && !isBlank && (sign === '\n' || sign === '\r')) return index;
    if (sign.trim() !== '') isBlank = false;
  }
  return undefined;
}

/** HTML in which every text is data: what a template takes in is escaped, unless it is HTML itself. */

/** HTML that may stand in a page as it is. */
export class Html {
  public readonly text: string;

  public constructor(text: string) {
    this.text = text;
  }
}

type HtmlPart = string | number | undefined | Html | readonly Html[];

/** HTML of a template: `html\`<p>${name}</p>\``. What is undefined leaves nothing. */
export function markup(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(textOfPart)));
}

function textOfPart(part: HtmlPart): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'number') return part.toLocaleString('en-US');
  return typeof part === 'string' ? escapeHtml(part) : part.map(({ text }) => text).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? character);
}

/** A value as JSON that may stand in a script element: nothing in it ends the element (HTML standard, "Restrictions for contents of script elements"). */
export function jsonInHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
}

/** Reads CSV of any dialect piece by piece, by csv-parse. */
import { parse, type Info, type Options } from 'csv-parse';

/** Takes the next piece of a CSV text, or its end, and gives the records that end in it. @throws CsvError */
type CsvReader<Row> = (piece: string | undefined) => Promise<Row[]>;

/** Blank lines are ignored. @param take makes what is given of the cells of a record */
export function csvReader<Row>(options: Options, take: (cells: string[], info: Info) => Row): CsvReader<Row> {
  const parsed: Row[] = [];
  const parser = parse({
    ...options,
    skip_empty_lines: true,
    on_record: (cells: string[], info) => {
      parsed.push(take(cells, info));
      return null;
    },
  });
  // Faults come back from each piece; without a listener they would also end the process.
  parser.on('error', () => undefined);
  return (piece) =>
    new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => {
        if (error) reject(error);
        else resolve(parsed.splice(0));
      };
      if (piece === undefined) parser.once('error', done).once('finish', done).end();
      else parser.write(piece, done);
    });
}

// SQL through DuckDB: node duckdb.mjs PEERS SQL... runs the statements one after the other with
// two threads and prints the rows of those that have any, with tabs between cells and NULL as
// \N. The seconds that the last one took are the last line on standard error.
import { createRequire } from "node:module";

const [, , peers, ...statements] = process.argv;
const { DuckDBInstance } = createRequire(peers + "/")("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const escape = (cell) =>
  cell === null ? "\\N" : String(cell).replace(/[\t\n\\]/g, (byte) => "\\" + byte);
let seconds = 0;

for (const statement of statements) {
  const start = process.hrtime.bigint();
  const result = await connection.runAndReadAll(statement);
  seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (/^\s*(select|from)/i.test(statement))
    for (const row of result.getRows())
      process.stdout.write(row.map(escape).join("\t") + "\n");
}
process.stderr.write(seconds + "\n");

// Runs the statements of a JSON list on a DuckDB of its own, one after the other; a failing one
// ends it. `node duckdb.mjs MODULES STATEMENTS.json`, where MODULES is a node_modules folder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [modules, list] = process.argv.slice(2);
const require = createRequire(resolve(modules, "here.js"));
const { DuckDBInstance } = require("@duckdb/node-api");
const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
for (const statement of JSON.parse(readFileSync(list, "utf8"))) {
    await connection.run(statement);
}
connection.closeSync();

// SQL through ClickHouse in this process: node chdb.cjs PEERS SQL prints the rows, and the
// seconds that it took as the last line on standard error.
const { createRequire } = require("node:module");

const [, , peers, statement] = process.argv;
const { query } = createRequire(peers + "/")("chdb");
const start = process.hrtime.bigint();
const rows = query(statement, "TabSeparated");
process.stdout.write(rows);
process.stderr.write(Number(process.hrtime.bigint() - start) / 1e9 + "\n");

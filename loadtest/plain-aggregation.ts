/** DuckDB reading and aggregating the Parquet of a shop once: what builds and previews are held against. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const MILLION = 1_000_000;

/** Wall, and CPU of all threads: on a machine that others use too, only the second repeats. */
export interface Time {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Facts of each customer, lines of each product and identities of each person, from all of the files of a shop's data. */
export async function plainAggregation(folder: string): Promise<Time> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const from = (table: string) =>
    `read_parquet('${join(folder, table).replaceAll("'", "''")}.parquet')`;
  await connection.run(`CREATE TABLE facts AS
    SELECT person, count(*) AS orders, sum(revenue_micros) AS revenue, min(time_ms) AS first, max(time_ms) AS last,
      count(*) FILTER (status IN ('cancelled', 'returned')) AS refused, max(order_key) AS newest
    FROM ${from('orders')} GROUP BY person`);
  await connection.run(`CREATE TABLE sold AS
    SELECT product_no, count(*) AS lines, max(order_no) AS newest FROM ${from('order-lines')} GROUP BY product_no`);
  await connection.run(`CREATE TABLE people AS
    SELECT count(*) AS customers, max(identity) AS identity, max(email_identity) AS email FROM ${from('customers')}`);
  await connection.run(`CREATE TABLE known AS
    SELECT person, count(*) AS devices FROM ${from('devices')} GROUP BY person`);
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  connection.closeSync();
  instance.closeSync();
  return { seconds, cpuSeconds: (user + system) / MILLION };
}

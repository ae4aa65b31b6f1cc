// Generates proto/generated/records.{js,d.ts} from proto/*.proto with protobufjs' static target.
// The generator is CommonJS-minded; two lines are mended so that Node's ESM loader takes its output.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const target = 'proto/generated/records.js';
const types = 'proto/generated/records.d.ts';
const flags = ['--no-create', '--no-verify', '--no-delimited', '--no-service', '--no-beautify'];
const run = (command, args) =>
  execFileSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' });

run('pbjs', [
  '-t',
  'static-module',
  '-w',
  'es6',
  '--es6',
  '--keep-case=false',
  ...flags,
  '-o',
  target,
  'proto/profile.proto',
  'proto/event.proto',
]);
run('pbts', ['-o', types, target]);
const source = readFileSync(target, 'utf8').replace(
  /import (?:\* as )?\$protobuf from "protobufjs\/minimal(?:\.js)?";/,
  'import $protobuf from "protobufjs/minimal.js";',
);
writeFileSync(target, source);

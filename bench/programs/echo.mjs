#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A native host that sends each message back.
let pending = Buffer.alloc(0);

process.stdin.on('data', (bytes) => {
  pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE(0)) {
    const end = 4 + pending.readUInt32LE(0);
    process.stdout.write(pending.subarray(0, end));
    pending = pending.subarray(end);
  }
});

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A native host that sends each message back."""
import struct
import sys

while True:
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        break
    message = sys.stdin.buffer.read(struct.unpack("=I", header)[0])
    sys.stdout.buffer.write(header + message)
    sys.stdout.buffer.flush()

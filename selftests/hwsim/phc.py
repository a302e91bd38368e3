#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What only a program can do with a PHC in a test.

phc.py stamping DEVICE [TX_TYPE RX_FILTER]  print, or set, both by SIOC[GS]HWTSTAMP
phc.py error   reads what "kntsctl clock --json" prints; of each device that has a
               line: its name, by how many nanoseconds the line is off now, and
               their bound
"""

import ctypes
import fcntl
import json
import socket
import struct
import sys

SIOCSHWTSTAMP, SIOCGHWTSTAMP = 0x89b0, 0x89b1
PTP_SYS_OFFSET_PRECISE = 3 << 30 | 64 << 16 | ord('=') << 8 | 8


def stamping(device, *setting):
    config = (ctypes.c_int * 3)(0, *map(int, setting))
    request = struct.pack('16sQ16x', device.encode(), ctypes.addressof(config))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSHWTSTAMP if setting else SIOCGHWTSTAMP, request)
    print(config[1], config[2])


def cross(index):
    """The PHC and CLOCK_MONOTONIC_RAW at one moment."""
    with open(f'/dev/ptp{index}', 'rb') as phc:
        read = fcntl.ioctl(phc, PTP_SYS_OFFSET_PRECISE, bytes(64))
    seconds = struct.unpack('qI4xqI4xqI4x16x', read)
    return (seconds[0] * 10**9 + seconds[1], seconds[4] * 10**9 + seconds[5])


def error():
    for device in json.load(sys.stdin)['devices']:
        if 'line' not in device:
            continue
        line = device['line']
        phc_ns, raw_ns = cross(device['index'])
        span_ns = phc_ns - line['phc-ns']
        told_ns = line['raw-ns'] + span_ns + span_ns * line['rate-ppt'] // 10**12
        print(device['device'], told_ns - raw_ns, line['error-ns'])


if __name__ == '__main__':
    {'stamping': stamping, 'error': error}[sys.argv[1]](*sys.argv[2:])

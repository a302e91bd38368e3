#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What only a program can do with a PHC in a test.

phc.py stamping DEVICE [TX_TYPE RX_FILTER]  print, or set, both by SIOC[GS]HWTSTAMP
phc.py watch SECONDS MOST COMMAND...
    looks all the while at what COMMAND, kntsctl clock --json, says: each device's
    line is off by at most MOST nanoseconds when it is set, or was looked at soon
    enough to tell, and by no more than its bound later
"""

import ctypes
import fcntl
import json
import socket
import struct
import subprocess
import sys
import time

SIOCSHWTSTAMP, SIOCGHWTSTAMP = 0x89b0, 0x89b1
SOON_NS = 300000000
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


def off(line, moment):
    phc_ns, raw_ns = moment
    span_ns = phc_ns - line['phc-ns']
    return line['raw-ns'] + span_ns + span_ns * line['rate-ppt'] // 10**12 - raw_ns


def watch(seconds, most, *command):
    end = time.monotonic() + float(seconds)
    before, errors, bound = {}, [], None
    while time.monotonic() < end:
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        for device in json.loads(said)['devices']:
            if 'line' not in device:
                continue
            name, line, bound = device['device'], device['line'], device['line']['error-ns']
            now = cross(device['index'])
            nearest = min((before.get(name, now), now), key=lambda m: abs(m[1] - line['raw-ns']))
            before[name] = now
            first, later = abs(off(line, nearest)), abs(off(line, now))
            if abs(nearest[1] - line['raw-ns']) < SOON_NS:
                errors.append(first)
            if later > bound or errors and errors[-1] > int(most):
                sys.exit(f'{name}: off by {first} ns, then by {later} ns; bound {bound} ns')
    if not errors:
        sys.exit('there was no line')
    print(f'{len(errors)} looks: off by {sum(errors) / len(errors):.1f} ns on average, '
          f'{max(errors)} ns at most, last bound {bound} ns')


if __name__ == '__main__':
    {'stamping': stamping, 'watch': watch}[sys.argv[1]](*sys.argv[2:])

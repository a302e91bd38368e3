#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold the counters, the histogram of transmit errors and the trace of departures
against each other. Usage: departures.py STATS.json HISTOGRAMS.json TRACE"""

import collections
import json
import re
import sys

EVENT = re.compile(r'knts_departure: device=(\S+) kind=(\S+) delay_ns=(-?\d+)'
                   r' error_ns=(-?\d+)$')


def load(path):
    with open(path, encoding='ascii') as file:
        return json.load(file)


def main():
    stats, histograms, trace = sys.argv[1:]
    counters = load(stats)['counters']
    histogram = next(one for one in load(histograms) if one['name'] == 'transmit-error')
    with open(trace, encoding='ascii') as file:
        events = [EVENT.match(line.strip()) for line in file]
    if not all(events):
        sys.exit('an event is not of the form that knts(7) gives')
    errors_ns = [int(event[4]) for event in events]
    kinds = collections.Counter(event[2] for event in events)
    print(f'{len(events)} departures: {dict(kinds)}')
    if {event[1] for event in events} != {'hwsim0'}:
        sys.exit(f'devices: {({event[1] for event in events})}')
    if set(kinds) != {'plain4', 'nts6'}:
        sys.exit(f'kinds: {dict(kinds)}')
    if not len(events) == counters['transmit-used'] == histogram['count'] > 0:
        sys.exit(f"{len(events)} traced, {counters['transmit-used']} used,"
                 f" {histogram['count']} in the histogram")
    if sum(errors_ns) != histogram['sum-ns']:
        sys.exit(f"errors add up to {sum(errors_ns)} ns, to {histogram['sum-ns']} ns in the"
                 f' histogram')
    for bucket in histogram['buckets']:
        found = sum(bucket['from-ns'] <= error < bucket['below-ns'] for error in errors_ns)
        if found != bucket['count']:
            sys.exit(f'{found} errors, but {bucket}')


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""The tree's own rules, for scripts/lint: who may include whom, licences, lengths."""

import os
import re
import subprocess

FILE_MAX = 600
FUNCTION_MAX = 60
LINE_MAX = 100
TAB = 8
# What has lines as long as they are.
DATA = ('.md', '.json', '.prom')

# Of each part: the parts that its files may include, beside their own.
MAY_INCLUDE = {
    'uapi': (),
    'kmod/core': (),
    'kmod/compat': ('uapi',),
    'kmod': ('kmod/core', 'kmod/compat', 'kmod/aes', 'uapi'),
    'kmod/aes': ('kmod', 'kmod/core', 'kmod/compat', 'uapi'),
    'helper/libknts': ('kmod/core', 'uapi'),
    'helper/kntsd': ('helper/libknts', 'kmod/core', 'uapi'),
    'helper/kntsctl': ('helper/libknts', 'kmod/core', 'uapi'),
    'selftests': ('helper/libknts', 'helper/kntsd', 'helper/kntsctl', 'kmod', 'kmod/core',
                  'kmod/compat', 'kmod/aes', 'uapi'),
}
INCLUDE_PATHS = ('uapi', 'kmod', 'helper', '')

# The licences that a part's files may name; the first prefix that fits counts.
DUAL = 'GPL-2.0-only OR BSD-3-Clause'
LICENCES = (
    ('uapi/linux/', ('((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)',)),
    ('uapi/', ('((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)', DUAL)),
    ('kmod/core/', (DUAL,)),
    ('kmod/netlink_gen', ('((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)',)),
    ('kmod/', ('GPL-2.0-only',)),
    ('Kbuild', ('GPL-2.0-only',)),
    ('dkms/dkms.conf', ('GPL-2.0-only',)),
    ('selftests/', ('GPL-2.0-or-later', 'GPL-2.0-only', DUAL)),
    ('', ('GPL-2.0-or-later', 'GPL-2.0-only')),
)
# Files whose format has no place for a comment, or that are data.
WITHOUT_LICENCE = re.compile(r'(^LICENSES/|^README|\.md$|\.json$|\.pem$|^\.gitignore$'
                             r'|^dkms/debian/(?!rules$)(?!.*\.pre|.*\.post)'
                             r'|^selftests/(fuzz/corpus|vectors)/.*(?<!\.[ch])$)')

# Spelt so that this file does not find itself.
LEFT_OPEN = re.compile(r'\b(TO''DO|FIX''ME|XX''X)\b|not imple''mented', re.IGNORECASE)
# Whoever writes to a grep that has seen enough is killed: under pipefail, no match.
GREP_LEAVES_EARLY = re.compile(r'\|\s*grep (-\w+ )*(-\w*q|--quiet|-m ?1)')
ONE_MACHINE = re.compile(r'(?<![\w.$}/])/(work|farm|root|home)/')


def sources():
    """The files under version control, or about to be."""
    done = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'],
                          stdout=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return sorted(f for f in done.stdout.splitlines() if os.path.isfile(f))
    found = []
    for folder, folders, names in os.walk('.'):
        folders[:] = [name for name in folders if name not in ('.git', 'build')]
        found += [os.path.relpath(os.path.join(folder, name)) for name in names]
    return sorted(found)


def text_of(name):
    """A file's lines; none if it is not text."""
    with open(name, 'rb') as file:
        content = file.read()
    if b'\0' in content:
        return []
    return content.decode(errors='replace').split('\n')


def is_shell(name):
    first = text_of(name)[:1] or ['']
    return name.endswith('.sh') or bool(re.match(r'#!.*\b(ba|da)?sh\b', first[0]))


def part_of(name):
    """The longest part that the file lies in."""
    return max((part for part in MAY_INCLUDE if name.startswith(part + '/')),
               key=len, default=None)


def resolve(included, name, quoted):
    """The file in the tree that an #include means; None for the system's."""
    places = ([os.path.dirname(name)] if quoted else []) + list(INCLUDE_PATHS)
    for place in places:
        path = os.path.normpath(os.path.join(place, included))
        if os.path.isfile(path):
            return path
    return None


def includes(files):
    found = []
    for name in files:
        part = part_of(name)
        if not part or not name.endswith(('.c', '.h', '.S')):
            continue
        for number, line in enumerate(text_of(name), 1):
            match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
            if not match:
                continue
            path = resolve(match[2], name, match[1] == '"')
            where = f'{name}:{number}: '
            if not path:
                if match[1] == '"':
                    found.append(f'{where}{match[2]} is not in the tree')
                elif part == 'kmod/core' and not name.endswith('/port.h'):
                    found.append(f'{where}in core only port.h includes <{match[2]}>')
                continue
            other = part_of(path)
            if other != part and other not in MAY_INCLUDE[part]:
                found.append(f'{where}{part} may not include {path}')
    return found


def licences(files):
    found = []
    for name in files:
        if WITHOUT_LICENCE.search(name):
            continue
        match = None
        for line in text_of(name)[:2]:
            match = match or re.search(r'SPDX-License-Identifier: (.*?)(?: \*/)?$', line)
        allowed = next(names for prefix, names in LICENCES if name.startswith(prefix))
        if not match:
            found.append(f'{name}: no SPDX-License-Identifier in the first two lines')
        elif match[1] not in allowed:
            found.append(f'{name}: {match[1]}, but here it is {" or ".join(allowed)}')
    return found


def function_lengths(name, lines):
    """Functions whose body, from { to } in the first column, is too long."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == '{':
            start = number
        elif line == '}' and start:
            if number - start - 1 > FUNCTION_MAX:
                yield f'{name}:{start}: a function of {number - start - 1} lines'
            start = None


def has_sentence(line):
    """A sentence for people stays in one piece, so that it can be searched for."""
    return re.search(r'(["\']).{30,}', line)


def lengths(files):
    found = []
    for name in files:
        if name.startswith('LICENSES/') or 'netlink_gen' in name or name.endswith(DATA):
            continue
        lines = text_of(name)
        # A family's specification is one file, whatever the family has.
        if len(lines) - 1 > FILE_MAX and not name.startswith('uapi/specs/'):
            found.append(f'{name}: {len(lines) - 1} lines, {FILE_MAX} at most')
        found += function_lengths(name, lines)
        for number, line in enumerate(lines, 1):
            width = len(line.expandtabs(TAB))
            if width > LINE_MAX and not has_sentence(line):
                found.append(f'{name}:{number}: {width} columns, {LINE_MAX} at most')
    return found


def white_space(files):
    found = []
    for name in files:
        lines = text_of(name)
        if not lines or name.startswith('LICENSES/'):
            continue
        for number, line in enumerate(lines, 1):
            if line != line.rstrip():
                found.append(f'{name}:{number}: white space at the end')
            elif name.endswith(('.c', '.h')) and re.match(r'\t* {8}', line):
                found.append(f'{name}:{number}: eight spaces where a tab should be')
        if lines[-1] or lines[-2:-1] == ['']:
            found.append(f'{name}: should end with one newline')
        if lines[0].startswith('#!') and not os.access(name, os.X_OK):
            found.append(f'{name}: begins with #! but is not executable')
    return found


def anchors(name):
    """What a link may name in a Markdown file: its headings, as GitHub spells them."""
    headings = [re.match(r'#+ (.*)', line) for line in text_of(name)]
    return {re.sub(r'[^\w -]', '', match[1].lower()).replace(' ', '-')
            for match in headings if match}


def links(files):
    """Links and pictures of Markdown lead to files of the tree."""
    found = []
    for name in files:
        if not name.endswith('.md'):
            continue
        for number, line in enumerate(text_of(name), 1):
            for link in re.findall(r'\]\(([^)\s]+)\)', line):
                path, _, anchor = link.partition('#')
                target = os.path.normpath(os.path.join(os.path.dirname(name), path))
                target = target if path else name
                if re.match(r'\w+:', link):
                    continue
                if not os.path.exists(target):
                    found.append(f'{name}:{number}: {link} leads nowhere')
                elif anchor and anchor not in anchors(target):
                    found.append(f'{name}:{number}: {target} has no heading {anchor}')
    return found


def words(files):
    found = []
    for name in files:
        for number, line in enumerate(text_of(name), 1):
            if ONE_MACHINE.search(line):
                found.append(f'{name}:{number}: a path of one machine')
            if LEFT_OPEN.search(line) and not name.startswith('LICENSES/'):
                found.append(f'{name}:{number}: left open')
    return found


def pipes(files):
    return [f'{name}:{number}: say "| grep ... >/dev/null": -q may end the other early'
            for name in files if is_shell(name)
            for number, line in enumerate(text_of(name), 1)
            if GREP_LEAVES_EARLY.search(line)]

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages say what the programs, the parser of the configuration and
the module say of themselves: none of it is missing, and nothing is there that is
gone. Prints TAP."""

import os
import re
import subprocess
import sys
import tempfile

PAGES = 'helper/man'
SAMPLE = 'helper/kntsd/kntsd.conf.sample'
PARSER = 'helper/kntsd/config.c'
TRACEPOINTS = 'kmod/trace.h'


def text_of(path):
    with open(path) as file:
        return file.read()


def page(name):
    return text_of(os.path.join(PAGES, name))


def run(*command):
    """Return (exit code, what it printed)."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def plain(mdoc):
    """A page, or a part of one, as its reader has it, in one line."""
    done = subprocess.run(['mandoc', '-T', 'ascii'], input=mdoc, check=True,
                          stdout=subprocess.PIPE, text=True)
    text = re.sub('.\b', '', done.stdout)
    return ' '.join(text.split())


def differences(what, said, there):
    """Complaints where two sets of names differ."""
    return ([f'{what} {name}: the page lacks it' for name in sorted(there - said)] +
            [f'{what} {name}: only the page has it' for name in sorted(said - there)])


# --- kntsd.conf(5) -----------------------------------------------------------

def parser_settings():
    """{section: names}, as the parser's tables have them; '' is the top level."""
    source = text_of(PARSER)
    tables = {name: re.findall(r'CFG_\w+\("([a-z-]+)"', body) for name, body in
              re.findall(r'cfg_opt_t (\w*options)\[\] = \{(.*?)\n\};', source, re.DOTALL)}
    sections = dict(re.findall(r'CFG_SEC\("([a-z-]+)", (\w+)', source))
    found = {name: set(tables[table]) for name, table in sections.items()}
    found[''] = set(tables['options']) - set(sections)
    return found


def page_settings():
    """{section: {name: text of its item}} of the page."""
    body = page('kntsd.conf.5').split('.Sh SECTIONS AND SETTINGS\n')[1].split('\n.Sh ')[0]
    found = {}
    for part in body.split('.Ss ')[1:]:
        title = part.split('\n')[0]
        section = '' if 'top level' in title else title.split()[0]
        items = part.split('.It Ic ')[1:]
        found[section] = {item.split()[0]: item.split('\n.El')[0] for item in items}
    return found


def sample_defaults():
    """{(section, name): value} of the sample. A section that is commented out
    has its examples behind a second '#', the others behind the first."""
    found = {}
    section = ''
    for line in text_of(SAMPLE).splitlines():
        begin = re.match(r'(# )?([a-z-]+)( "\w+")? \{$', line)
        if begin:
            section, hidden = begin[2], bool(begin[1])
            continue
        if re.match(r'(# )?\}', line):
            section = ''
        line = re.sub('^#', '', line) if section and hidden else line
        setting = re.match(r'\s*([a-z-]+) = (.+)$', line)
        if setting and not line.lstrip().startswith('#'):
            found[section, setting[1]] = setting[2]
    return found


def default_of(item):
    match = re.search(r'^Default: (.*)$', item, re.MULTILINE)
    return match[1] if match else None


def settings():
    said, there = page_settings(), parser_settings()
    found = differences('section', set(said), set(there))
    for section in sorted(set(said) & set(there)):
        found += differences(section or 'top level', set(said[section]), there[section])
    return found


def defaults():
    found = []
    said = page_settings()
    for (section, name), value in sample_defaults().items():
        item = said.get(section, {}).get(name, '')
        if 'Must be given' in item:
            continue
        default = default_of(item) or ''
        if default.split(';')[0] != value:
            found.append(f'{section} {name}: the sample has {value}, the page {default!r}')
    for section, items in said.items():
        found += [f'{section} {name}: neither a default nor "Must be given"'
                  for name, item in items.items()
                  if not default_of(item) and 'Must be given' not in item]
    return found


def right_values(section, name, folder):
    """What the parser itself says that a setting may be."""
    path = os.path.join(folder, 'kntsd.conf')
    title = ' "eth0"' if section == 'hardware-timestamps' else ''
    setting = f'{name} = "+"\n'
    with open(path, 'w') as file:
        file.write(f'{section}{title} {{\n{setting}}}\n' if section else setting)
    return run('build/kntsd', '--check-config', path)[1]


def ranges():
    found, compared = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for section, items in page_settings().items():
            for name, item in items.items():
                sentence = right_values(section, name, folder)
                numbers = re.search(r'a number from (-?\d+ to -?\d+)', sentence)
                words = re.search(r'must be one of (.*)$', sentence)
                wanted = ([numbers[1]] if numbers else
                          words[1].split(', ') if words else [])
                compared += len(wanted)
                text = plain('.Dd January 1, 2026\n.Dt X 1\n.Os\n.Sh X\n.Bl -tag -width Ds\n'
                             f'.It Ic {item}\n.El\n') if wanted else ''
                found += [f'{section} {name}: the page lacks "{words}"'
                          for words in wanted if words not in text]
    return found or ([] if compared > 30 else ['the parser named too few ranges'])


# --- kntsctl(8) and kntsd(8) -------------------------------------------------

def help_of(*words):
    code, text = run('build/kntsctl', '--help', *words)
    if code:
        raise RuntimeError(f'kntsctl --help {" ".join(words)}: {text}')
    return text


def commands():
    return set(re.findall(r'^  ([a-z][a-z-]*)  ', help_of(), re.MULTILINE))


def page_commands():
    """{command: its part of kntsctl(8)}"""
    body = page('kntsctl.8').split('.Sh COMMANDS\n')[1].split('\n.Sh ')[0]
    return {part.split()[0]: part for part in body.split('.Ss ')[1:]}


def kntsctl_commands():
    return differences('command', set(page_commands()), commands())


def kntsctl_options():
    """Of each command its options and the words that it takes as operands."""
    everywhere = plain(page('kntsctl.8').split('.Sh COMMANDS\n')[0])
    found = []
    for name, part in page_commands().items():
        if name not in commands():
            continue
        text = help_of(name)
        usage = text.split('\n')[0].split(name, 1)[1]
        for verb in re.findall(rf'^  {name} ([a-z]+)', text, re.MULTILINE):
            text += help_of(name, verb)
            usage += ' ' + verb
        said = plain(page('kntsctl.8').split('.Sh ')[0] + '.Sh X\n.Ss ' + part)
        # What the command explains, and its operands that are no names of things.
        there = set(re.findall(r'^  (--[a-z0-9-]+)', text, re.MULTILINE))
        there |= set(re.findall(r'\b[a-z][a-z-]+\b', usage))
        found += [f'{name}: {word} is missing' for word in sorted(there)
                  if not re.search(rf'(?<![\w-]){word}(?![\w-])', said)]
        found += [f'{name}: {word} is only on the page'
                  for word in set(re.findall(r'(?<![\w-])--[a-z0-9-]+', said))
                  if word not in text and word not in everywhere]
    found += [f'{word} is missing' for word in re.findall(r'^  (--[a-z0-9-]+)', help_of(),
                                                          re.MULTILINE)
              if word not in everywhere]
    return found


def kntsd_options():
    text, said = run('build/kntsd', '--help')[1], plain(page('kntsd.8'))
    there = set(re.findall(r'--[a-z-]+', text))
    signals = set(re.findall(r'\b[A-Z]+[0-9]?\b', re.search(r'^Signals: (.*)', text,
                                                            re.MULTILINE)[1]))
    part = page('kntsd.8').split('.Sh SIGNALS\n')[1].split('.Sh ')[0]
    listed = set(re.findall(r'[A-Z0-9]{3,}', ' '.join(re.findall(r'^\.It Dv (.*)$', part,
                                                                 re.MULTILINE))))
    return ([f'{option} is missing' for option in sorted(there) if option not in said] +
            differences('signal', listed, signals))


def knts_ca_options():
    """And its verbs and kinds of keys."""
    text, said = run('scripts/knts-ca', '--help')[1], plain(page('knts-ca.8'))
    there = set(re.findall(r'--[a-z-]+|\$KNTS_\w+', text))
    there |= set(re.findall(r'^(?:Usage:|      ) knts-ca (\w+)', text, re.MULTILINE))
    there |= set(re.findall(r'\w+', re.search(r'--key KIND +(.*) \(', text)[1])) - {'or'}
    return [f'{word} is missing' for word in sorted(there) if word.strip('$') not in said]


# --- knts(7) -----------------------------------------------------------------

def tables():
    code, text = run('scripts/man-tables', '--check')
    return [text.strip()] if code else []


def tracepoints():
    """Each tracepoint has an item, which names each of its fields."""
    part = page('knts.7').split('.Sh TRACEPOINTS\n')[1].split('\n.Sh ')[0]
    items = {item.split()[0]: item for item in part.split('.It Cm ')[1:]}
    events = dict(re.findall(r'^TRACE_EVENT\((\w+),(.*?)^\);', text_of(TRACEPOINTS),
                             re.MULTILINE | re.DOTALL))
    found = differences('tracepoint', set(items), set(events))
    for name in sorted(set(items) & set(events)):
        fields = set(re.findall(r'__(?:field|array)\(\w+, (\w+)', events[name]))
        said = set(re.findall(r'\w+', ' '.join(re.findall(r'^\.Va (.*)$', items[name],
                                                         re.MULTILINE))))
        found += differences(f'{name}: field', said, fields)
    return found


def mandoc_lint():
    pages = [os.path.join(PAGES, name) for name in sorted(os.listdir(PAGES))]
    code, text = run('mandoc', '-T', 'lint', '-W', 'warning', *pages)
    return text.splitlines() if code else [] if len(pages) == 5 else ['not five pages']


def installed():
    """make install takes each page along."""
    with tempfile.TemporaryDirectory() as folder:
        code, text = run('scripts/install', folder, '/usr', '0', 'build/kntsd', 'build/kntsctl')
        return ([text] if code else
                [f'{name} is not installed' for name in os.listdir(PAGES)
                 if not os.path.exists(f'{folder}/usr/share/man/man{name[-1]}/{name}')])


CHECKS = (
    ('mandoc finds nothing in the pages', mandoc_lint),
    ('kntsd.conf(5) has the settings of the parser', settings),
    ("kntsd.conf(5) has the sample's defaults", defaults),
    ('kntsd.conf(5) has the values that the parser takes', ranges),
    ('kntsctl(8) has the commands of kntsctl --help', kntsctl_commands),
    ("kntsctl(8) has each command's options and operands", kntsctl_options),
    ('kntsd(8) has the options and signals of kntsd --help', kntsd_options),
    ('knts-ca(8) has what knts-ca --help has', knts_ca_options),
    ("knts(7) has the family's and the verdicts' tables", tables),
    ("knts(7) has the module's tracepoints", tracepoints),
    ('the pages are installed', installed),
)


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.realpath(__file__)), '../..'))
    failed = False
    print(f'1..{len(CHECKS)}')
    for number, (name, check) in enumerate(CHECKS, 1):
        complaints = check()
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for line in complaints:
            print('#', line)
        failed = failed or bool(complaints)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Type command lines of kntsctl into a bash that has its completion, and see what
the Tab key makes of them. Prints TAP."""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.realpath(__file__)), '../..')
PATIENCE_S = 30
# Control-T inserts all candidates, Control-X tells the line and empties it.
SETUP = r'''
PS1=
bind 'set enable-bracketed-paste off'
bind '"\C-t": insert-completions'
bind -x '"\C-x": printf "<%s>\n" "$READLINE_LINE"; READLINE_LINE='
PATH=$PWD/build:$PATH
. helper/completion/kntsctl
echo re''ady
'''


class Shell:
    """An interactive bash on a terminal of its own."""

    def __init__(self):
        master, slave = pty.openpty()
        environment = dict(os.environ, TERM='dumb', INPUTRC='/dev/null', HISTFILE='')
        self.process = subprocess.Popen(['bash', '--norc', '--noprofile', '-i'], cwd=TOP,
                                        stdin=slave, stdout=slave, stderr=slave,
                                        env=environment, start_new_session=True)
        os.close(slave)
        self.terminal = master
        os.write(master, SETUP.encode())
        self.read_until(r'\nready')

    def read_until(self, pattern):
        text = ''
        while True:
            if not select.select([self.terminal], [], [], PATIENCE_S)[0]:
                raise TimeoutError(f'bash does not answer; it said {text!r}')
            text += os.read(self.terminal, 4096).decode(errors='replace')
            match = re.search(pattern, text)
            if match:
                return match

    def press(self, keys):
        """The line that the keys leave."""
        os.write(self.terminal, keys.encode() + b'\x18')
        return self.read_until(r'<([^<>]*)>\r?\n')[1]

    def tab(self, line):
        return self.press(line + '\t')

    def candidates(self, line):
        """All words that may stand in place of the line's last one."""
        return set(self.press(line + '\x14').split()) - set(line.split()[:-1])

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


def help_of(*words):
    return subprocess.run(['build/kntsctl', '--help', *words], cwd=TOP, check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def commands():
    return re.findall(r'^  ([a-z][a-z-]*)  ', help_of(), re.MULTILINE)


def difference(there, wanted):
    return ([f'{word} is missing' for word in sorted(wanted - there)] +
            [f'{word} is one too many' for word in sorted(there - wanted)])


def equal(there, wanted):
    return [] if there == wanted else [f'{there!r} instead of {wanted!r}']


def commands_are_offered(shell):
    found = set()
    for first in 'abcdefghijklmnopqrstuvwxyz':
        found |= {word for word in shell.candidates(f'kntsctl {first}')
                  if word not in ('kntsctl', first)}
    return difference(found, set(commands()))


def options_are_offered(shell):
    """Of every command and verb, those that its help tells."""
    found = []
    for command in commands():
        names = [command] + re.findall(rf'^  ({command} [a-z]+)', help_of(command),
                                       re.MULTILINE)
        for name in names:
            told = set(re.findall(r'^  (--[a-z0-9-]+)', help_of(*name.split()), re.MULTILINE))
            there = shell.candidates(f'kntsctl {name} --') - {'--', 'kntsctl', *name.split()}
            found += [f'{name}: {text}' for text in difference(there, told | {'--help'})]
    return found


def verbs_are_completed(shell):
    return (equal(shell.tab('kntsctl keys ro'), 'kntsctl keys rotate ') +
            equal(shell.tab('kntsctl clients s'), 'kntsctl clients set ') +
            equal(shell.tab('kntsctl --help key'), 'kntsctl --help keys '))


def values_are_completed(shell):
    return (equal(shell.tab('kntsctl clients --sort na'), 'kntsctl clients --sort naks ') +
            equal(shell.tab('kntsctl server start :: --require-nts de'),
                  'kntsctl server start :: --require-nts deny '))


def devices_are_completed(shell):
    return equal(shell.tab('kntsctl server start :: --device lo'),
                 'kntsctl server start :: --device lo ')


def files_are_completed(shell):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'a.conf')
        with open(path, 'w', encoding='ascii'):
            pass
        return (equal(shell.tab(f'kntsctl check-config {folder}/a.c'),
                      f'kntsctl check-config {path} ') +
                equal(shell.tab(f'kntsctl reload --control {folder}/a.c'),
                      f'kntsctl reload --control {path} '))


def nonsense_is_left_alone(shell):
    return (equal(shell.tab('kntsctl frob'), 'kntsctl frob') +
            equal(shell.tab('kntsctl frob nic'), 'kntsctl frob nic') +
            equal(shell.tab('kntsctl stats --interval 1'), 'kntsctl stats --interval 1'))


CHECKS = (
    ('all commands are offered, and nothing else', commands_are_offered),
    ('the options that the help tells are offered', options_are_offered),
    ('verbs are completed', verbs_are_completed),
    ('values of options are completed', values_are_completed),
    ('devices are completed', devices_are_completed),
    ('files are completed', files_are_completed),
    ('nonsense is left alone', nonsense_is_left_alone),
)


def main():
    os.chdir(TOP)
    failed = False
    print(f'1..{len(CHECKS)}')
    shell = Shell()
    for number, (name, check) in enumerate(CHECKS, 1):
        complaints = check(shell)
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for line in complaints:
            print('#', line)
        failed = failed or bool(complaints)
    shell.close()
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: fpu.py: keep this CPU's vector registers busy in the kernel.

Has the kernel encrypt by AES-XTS, which it does by AES-NI, until it is killed.
"""
import socket

OCTETS = 65536


def main():
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as alg:
        alg.bind(("skcipher", "xts(aes)"))
        alg.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, bytes(range(64)))
        print("busy", flush=True)
        while True:
            operation, _ = alg.accept()
            with operation:
                operation.sendmsg_afalg([bytes(OCTETS)], op=socket.ALG_OP_ENCRYPT, iv=bytes(16))
                operation.recv(OCTETS)


main()

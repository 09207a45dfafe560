"""Refuse every connection and look-up beyond this machine, in this process and all that it starts,
and note it in `OFFLINE_LOG`.

Python imports this file by itself where its folder stands on PYTHONPATH.
"""

import ipaddress
import os
import socket
import sys

SENDS = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKS_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def here(host):
    """Say whether a host is this machine: no name, its own, or a loopback address."""
    if not host or host in ("localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse(event, arguments):
    if event in SENDS:
        address = arguments[1]
        host = (
            address[0] if isinstance(address, tuple) else None
        )  # other families name a file, or a kernel's own
    elif event in LOOKS_UP:
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if not here(host):
        with open(os.environ["OFFLINE_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{event} {host}\n")
        raise ConnectionRefusedError(f"{event} to {host}: nothing here may leave this machine")


sys.addaudithook(refuse)

"""A name server that cannot be trusted: names.py PUBLIC SILENT answers on 127.0.0.1:53 until it is killed.
On 127.0.0.3:53 it is that of a closed network, which refuses all but the addresses of .test, as docker's does in an internal network.

origin.test and its like, bücher.test among them, are PUBLIC; rebind.test is PUBLIC once, then 127.0.0.1; both.test is 127.0.0.1 and PUBLIC; private.test is 10.0.0.1;
halved.test is SILENT and PUBLIC; loop.test is 127.0.0.1; six.test is ::1; mapped.test is ::ffff:127.0.0.1; mute.test gets no answer; other names do not exist.
"""

import select
import socket
import struct
import sys

public, silent = sys.argv[1:3]
seen = {}


def addresses(name, kind):
    if kind == 28:
        return {"six.test": ["::1"], "mapped.test": ["::ffff:127.0.0.1"]}.get(name, [])
    if name == "rebind.test":
        seen[name] = seen.get(name, 0) + 1
        return [public] if seen[name] == 1 else ["127.0.0.1"]
    return {"origin.test": [public], "elsewhere.test": [public], "xn--bcher-kva.test": [public], "both.test": ["127.0.0.1", public], "halved.test": [silent, public],
            "private.test": ["10.0.0.1"],
            "loop.test": ["127.0.0.1"]}.get(name, [])


servers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
servers[0].bind(("127.0.0.1", 53))
servers[1].bind(("127.0.0.3", 53))
print("ready", flush=True)
while True:
    server = select.select(servers, [], [])[0][0]
    query, peer = server.recvfrom(512)
    labels, offset = [], 12
    while query[offset]:
        labels.append(query[offset + 1:offset + 1 + query[offset]].decode().lower())
        offset += 1 + query[offset]
    name = ".".join(labels)
    kind = struct.unpack(">H", query[offset + 1:offset + 3])[0]
    if name == "mute.test":
        continue
    found = addresses(name, kind) if kind in (1, 28) else []
    known = name.endswith(".test") and (server is servers[0] or kind in (1, 28))
    answer = query[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183 if server is servers[0] else 0x8185, 1, len(found), 0, 0) + query[12:offset + 5]
    for address in found:
        data = socket.inet_pton(socket.AF_INET6 if kind == 28 else socket.AF_INET, address)
        answer += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data
    server.sendto(answer, peer)

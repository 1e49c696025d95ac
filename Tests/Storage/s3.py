"""A signed request to the store: s3.py METHOD PORT TARGET [OUTPUT]. KEY_ID, SECRET and REGION come from the environment.

Prints the status and the answer's header fields; the body goes to OUTPUT.
"""

import http.client
import os
import sys

import sigv4

method, port, target = sys.argv[1:4]
host = f"127.0.0.1:{port}"
fields = sigv4.sign(method, target, host, b"", os.environ["KEY_ID"], os.environ["SECRET"], os.environ["REGION"])
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
for field in [*fields, ("Content-Length", "0")]:
    connection.putheader(*field)
connection.endheaders()
answer = connection.getresponse()
body = answer.read()
print(answer.status)
for name, value in answer.getheaders():
    print(f"{name.lower()}: {value}")
if len(sys.argv) > 4:
    with open(sys.argv[4], "wb") as file:
        file.write(body)

"""OpenStack Swift on a host of its own, in front of it a proxy that plays faults on request."""

import http.client
import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree

from machine import eventually

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Storage"))
import sigv4  # noqa: E402 (found by the line above)


class Store:
    def __init__(self, machine, host):
        self.machine, self.address = machine, machine.network.address[host]
        self.fault_file = machine.path("control", "store-fault")
        with open(self.fault_file, "w") as file:
            file.write("none always\n")
        os.chmod(self.fault_file, 0o666)
        ready = machine.path("store-ready")
        machine.start(host, "store", os.path.join(machine.root, "Tests/Storage/serve"), self.address, ready, self.fault_file, as_root=True)
        eventually("the object store answers", lambda: os.path.exists(ready), 90, 0.2)
        with open(ready) as file:
            self.said = json.load(file)

    def environment(self):
        """What a handler is told of it."""
        said = self.said
        return {"S3_ENDPOINT": f"http://{self.address}:{said['faults']}", "S3_REGION": said["region"],
                "R2_BUCKET_NAME": said["bucket"], "R2_PUBLIC_DOMAIN": said["public"],
                "R2_ACCESS_KEY_ID": said["key"], "R2_SECRET_ACCESS_KEY": said["secret"]}

    def play(self, fault):
        """From now on PUTs suffer this; `none` ends it."""
        with open(self.fault_file + ".new", "w") as file:
            file.write(f"{fault} always\n")
        os.chmod(self.fault_file + ".new", 0o666)
        os.rename(self.fault_file + ".new", self.fault_file)

    def request(self, method, path, body=b"", query=""):
        """A signed request past the proxy; status and body."""
        said = self.said
        target = f"/{said['bucket']}{path}" + (f"?{query}" if query else "")
        host = f"{self.address}:{said['proxy']}"
        connection = http.client.HTTPConnection(self.address, said["proxy"], timeout=30)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        signed = sigv4.sign(method, target, host, body, said["key"], said["secret"], said["region"])
        for field in [*signed, ("Content-Length", str(len(body)))]:
            connection.putheader(*field)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def keys(self):
        """All keys of the bucket."""
        found, marker = [], ""
        while True:
            status, text = self.request("GET", "", query="marker=" + urllib.parse.quote(marker, safe=""))
            if status != 200:
                raise RuntimeError(f"the store's listing: {status}")
            tree = xml.etree.ElementTree.fromstring(text)
            space = tree.tag[: tree.tag.index("}") + 1] if "}" in tree.tag else ""
            page = [element.text for element in tree.iter(space + "Key")]
            if not page:
                return found
            found += page
            marker = page[-1]

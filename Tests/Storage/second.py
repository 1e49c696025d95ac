"""moto, a second implementation of the S3 API, with what real stores do and it does not: second.py PORT_FILE LOG_FILE.

Bucket `kms`: objects are encrypted with a key, so that an ETag is no MD5. `elsewhere`: in another region (301), `moving`: just made there
(307). `plain`: what is AVIF has no type. `brief`: a lifecycle rule ends what is in it. `unlisted`: may not be listed; `endless`: a
listing of all of it takes a minute. `tardy`: takes a second to delete. `heedless`: lists from
the beginning, whatever is asked. `moved`: leads to `plain`; `signed`: to a signed URL of nothing; `closed`: to
one at which nobody listens. `guarded`: only for pages of its own host.
`optimised`: `plain` behind what serves only what it can read as a JPEG. A line a request goes to LOG_FILE.
"""

import hashlib
import os
import sys
import time
from wsgiref.headers import Headers

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

PORT_FILE, LOG_FILE = sys.argv[1:3]
store = DomainDispatcherApplication(create_backend_app)
REDIRECTS = {
    "elsewhere": ("301 Moved Permanently", "PermanentRedirect"),
    "moving": ("307 Temporary Redirect", "TemporaryRedirect"),
}
#: Where visitors are led, and with which query.
PLACES = {"moved": ("/plain/", ""), "signed": ("/nobody/", "?X-Amz-Signature=placeholder"), "closed": ("http://127.0.0.1:1/", "?X-Amz-Signature=placeholder")}


def application(environ, start_response):
    bucket = environ["PATH_INFO"].strip("/").split("/")[0]
    method = environ["REQUEST_METHOD"]
    with open(LOG_FILE, "a") as log:
        log.write(f"{method} {environ['PATH_INFO']} {environ.get('QUERY_STRING', '')}\n")
    # What boto3 makes the buckets with comes with its own user agent.
    is_ours = "Boto" not in environ.get("HTTP_USER_AGENT", "")
    if is_ours and bucket in REDIRECTS:
        status, code = REDIRECTS[bucket]
        body = f"<Error><Code>{code}</Code><Endpoint>s3.eu-west-1.example</Endpoint></Error>".encode()
        start_response(status, [("Content-Type", "application/xml"), ("x-amz-bucket-region", "eu-west-1"), ("Content-Length", str(len(body)))])
        return [body]
    if is_ours and bucket in PLACES:
        place, query = PLACES[bucket]
        start_response("302 Found", [("Location", environ["PATH_INFO"].replace(f"/{bucket}/", place, 1) + query), ("Content-Length", "0")])
        return []
    if is_ours and bucket == "optimised":
        said = []
        for name in "PATH_INFO", "RAW_URI":
            environ[name] = environ[name].replace("/optimised/", "/plain/", 1)
        body = b"".join(store(environ, lambda *head: said.append(head)))
        if not body.startswith(b"\xff\xd8\xff"):
            said, body = [("415 Unsupported Media Type", [("Content-Length", "0")])], b""
        start_response(*said[0])
        return [body]
    if is_ours and bucket == "unlisted" and "list-type=2" in environ.get("QUERY_STRING", ""):
        body = b"<Error><Code>AccessDenied</Code></Error>"
        start_response("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]
    if is_ours and bucket == "heedless":
        environ["QUERY_STRING"] = environ["QUERY_STRING"].partition("&start-after=")[0]
    if bucket == "tardy" and method == "DELETE":
        time.sleep(1)
    if is_ours and bucket == "endless" and environ.get("QUERY_STRING", "").endswith("&prefix=thumbnails%2F"):
        time.sleep(60)

    def answer(status, fields, error=None):
        fields = Headers(list(fields))
        if bucket == "kms" and fields.get("ETag"):
            fields["ETag"] = '"' + hashlib.md5(fields["ETag"].encode()).hexdigest() + '"'
            fields["x-amz-server-side-encryption"] = "aws:kms"
        if bucket == "plain" and method == "GET" and environ["PATH_INFO"].endswith(".avif"):
            fields["Content-Type"] = "application/octet-stream"
        if bucket == "guarded":
            fields["Cross-Origin-Resource-Policy"] = "same-origin"
        if bucket == "brief" and method == "HEAD":
            fields["x-amz-expiration"] = 'expiry-date="Fri, 21 Dec 2035 00:00:00 GMT", rule-id="brief"'
        return start_response(status, fields.items(), error)

    return store(environ, answer)


server = make_server("127.0.0.1", 0, application, threaded=True)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()

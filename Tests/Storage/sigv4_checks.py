"""Checks of the verifier itself, as TAP lines without numbers or plan."""

import sigv4

KEY, SECRET, HOST = "AKIAEXAMPLE", "example-secret", "127.0.0.1:1"


def check(name, is_good):
    print(("ok" if is_good else "not ok") + f" - verifier: {name}")


# AWS General Reference, "Deriving the signing key".
check("AWS's published signing key", sigv4.signing_key(
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam").hex()
    == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")

# Amazon S3 API Reference, "Examples: Signature Calculations", GET Object.
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
FIELDS = [("Host", "examplebucket.s3.amazonaws.com"), ("Range", "bytes=0-9"),
          ("x-amz-content-sha256", EMPTY), ("x-amz-date", "20130524T000000Z")]
CANONICAL = sigv4.canonical_request(
    "GET", "/test.txt", FIELDS, ["host", "range", "x-amz-content-sha256", "x-amz-date"], EMPTY)
check("AWS's published GET Object signature", sigv4.signature(
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524T000000Z", "us-east-1", "s3", CANONICAL)
    == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


def verdict(method="PUT", target="/bucket/key", body=b"body", change=None, keys=None, region="us-east-1", moment=None):
    fields = sigv4.sign("PUT", "/bucket/key", HOST, b"body", KEY, SECRET, "us-east-1",
                        [("Content-Type", "image/jpeg")], moment)
    if change:
        fields = [change.get(name, (name, value)) for name, value in fields]
    return sigv4.fault(method, target, fields, body, keys or {KEY: SECRET}, region)


check("a good request", verdict() is None)
check("another method", verdict(method="GET") == "wrong signature")
check("another path", verdict(target="/bucket/other") == "wrong signature")
check("another query", verdict(target="/bucket/key?acl=") == "wrong signature")
check("another body", verdict(body=b"bodY") == "the payload hash is not the body's")
check("another secret", verdict(keys={KEY: "other"}) == "wrong signature")
check("another key id", verdict(keys={"OTHER": SECRET}) == "unknown key id")
check("another region", verdict(region="auto") == "wrong scope")
check("an old date", verdict(moment="20130524T000000Z") == "the date is off")
check("a changed header", verdict(change={"Content-Type": ("Content-Type", "text/html")}) == "wrong signature")
check("an unsigned x-amz- header",
      verdict(change={"Content-Type": ("x-amz-acl", "public-read")}) == "x-amz-acl is not signed")

"""AWS Signature Version 4, written from AWS's description of it and independent of libcurl's."""

import datetime
import hashlib
import hmac
import re
import urllib.parse

AUTHORIZATION = re.compile(
    r"^AWS4-HMAC-SHA256 +Credential=(?P<key>.+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, *"
    r"SignedHeaders=(?P<signed>[^,]+), *Signature=(?P<signature>[0-9a-f]{64})$")


def signing_key(secret, day, region, service):
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def canonical_request(method, target, fields, signed, payload_hash):
    """`fields`: list of (name, value) as they were on the wire; `signed`: lowercase names in order."""
    path, _, query = target.partition("?")
    pairs = []
    for item in query.split("&") if query else []:
        name, _, value = item.partition("=")
        pairs.append(tuple(urllib.parse.quote(urllib.parse.unquote(part), safe="-_.~") for part in (name, value)))
    lines = []
    for name in signed:
        values = [" ".join(value.split()) for field, value in fields if field.lower() == name]
        lines.append(f"{name}:{','.join(values)}\n")
    # S3, unlike other services, encodes the path once.
    path = urllib.parse.quote(urllib.parse.unquote(path), safe="/-_.~")
    query = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    return "\n".join((method, path, query, "".join(lines), ";".join(signed), payload_hash))


def signature(secret, moment, region, service, canonical):
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    return hmac.new(signing_key(secret, moment[:8], region, service), text.encode(), hashlib.sha256).hexdigest()


def sign(method, target, host, body, key, secret, region, extra=(), moment=None):
    """The header fields of a signed request, `extra` among them."""
    moment = moment or datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    payload = hashlib.sha256(body).hexdigest()
    fields = [("Host", host), ("x-amz-date", moment), ("x-amz-content-sha256", payload), *extra]
    signed = sorted(name.lower() for name, _ in fields)
    canonical = canonical_request(method, target, fields, signed, payload)
    value = (
        f"AWS4-HMAC-SHA256 Credential={key}/{moment[:8]}/{region}/s3/aws4_request, "
        f"SignedHeaders={';'.join(signed)}, Signature={signature(secret, moment, region, 's3', canonical)}")
    return [*fields, ("Authorization", value)]


def fault(method, target, fields, body, keys, region):
    """What is wrong with a request's signature; None when nothing is. `keys`: secret by key id."""

    def values(name):
        return [value for field, value in fields if field.lower() == name]

    for name in ("authorization", "x-amz-date", "x-amz-content-sha256", "host"):
        if len(values(name)) != 1:
            return f"{len(values(name))} {name} headers"
    match = AUTHORIZATION.match(values("authorization")[0])
    if not match:
        return "malformed Authorization"
    moment = values("x-amz-date")[0]
    if not re.fullmatch(r"\d{8}T\d{6}Z", moment) or moment[:8] != match["day"]:
        return "the scope's day is not the request's"
    age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%SZ%z")
    if abs(age.total_seconds()) > 900:
        return "the date is off"
    if (match["region"], match["service"]) != (region, "s3"):
        return "wrong scope"
    if match["key"] not in keys:
        return "unknown key id"
    signed = match["signed"].split(";")
    if signed != sorted(set(signed)):
        return "the signed headers are not sorted"
    # AWS: host and every x-amz- header have to be signed; Content-Type where there is one.
    for name in {field.lower() for field, _ in fields}:
        if (name in ("host", "content-type") or name.startswith("x-amz-")) and name not in signed:
            return f"{name} is not signed"
    for name in signed:
        if not values(name):
            return f"{name} is signed and not there"
    payload = values("x-amz-content-sha256")[0]
    if payload != hashlib.sha256(body).hexdigest():
        return "the payload hash is not the body's"
    canonical = canonical_request(method, target, fields, signed, payload)
    wanted = signature(keys[match["key"]], moment, region, "s3", canonical)
    return None if hmac.compare_digest(wanted, match["signature"]) else "wrong signature"

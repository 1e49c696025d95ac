"""What boto3, Amazon's own client, sees of the second store: second_bucket.py make|publish|lock|keys|show PORT BUCKET [KEY].

`make` makes the bucket, `publish` lets everybody read it; `lock` keeps versions of all, and each for a day; `keys` prints its keys; `show`
prints an object's type, cache header, length and SHA-256.
"""

import hashlib
import json
import sys

import boto3
from botocore.config import Config

verb, port, bucket = sys.argv[1:4]
client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="placeholder", aws_secret_access_key="placeholder",
                      region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
if verb == "make":
    client.create_bucket(Bucket=bucket)
elif verb == "lock":
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    client.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}})
elif verb == "publish":
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
elif verb == "keys":
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            print(item["Key"])
else:
    found = client.get_object(Bucket=bucket, Key=sys.argv[4])
    body = found["Body"].read()
    print(found["ContentType"], "|", found["CacheControl"], "|", len(body), "|", hashlib.sha256(body).hexdigest())

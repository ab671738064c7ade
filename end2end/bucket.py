"""A bucket in moto's S3 server, with somebody who may write to it and nothing else.

bucket.py URL make                    makes both, prints the keys
bucket.py URL read ACCESS SECRET      prints what is in it
"""
import json
import sys

import boto3

url, act, *keys = sys.argv[1:]
access, secret = keys or ("nobody", "nothing")


def client(service):
    return boto3.client(
        service, endpoint_url=url, region_name="eu-north-1",
        aws_access_key_id=access, aws_secret_access_key=secret,
    )


if act == "make":
    place = {"LocationConstraint": "eu-north-1"}
    client("s3").create_bucket(Bucket="logs", CreateBucketConfiguration=place)
    iam = client("iam")
    iam.create_user(UserName="probity")
    may = [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]
    document = json.dumps({"Version": "2012-10-17", "Statement": may})
    iam.put_user_policy(UserName="probity", PolicyName="writes", PolicyDocument=document)
    key = iam.create_access_key(UserName="probity")["AccessKey"]
    print(json.dumps({"access": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))
else:
    s3 = client("s3")
    found = s3.list_objects_v2(Bucket="logs").get("Contents", [])
    read = {it["Key"]: s3.get_object(Bucket="logs", Key=it["Key"])["Body"].read().decode() for it in found}
    print(json.dumps(read))

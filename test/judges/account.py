"""A Lambda API with 1,000 functions on loopback: prints its port, and ends with its standard input."""

import io
import json
import logging
import sys
import zipfile

import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
settings = {
    "region_name": "eu-west-1",
    "endpoint_url": f"http://127.0.0.1:{port}",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}
iam = boto3.client("iam", **settings)
role = iam.create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
iam.put_role_policy(RoleName="role", PolicyName="own", PolicyDocument=document)
attached = iam.create_policy(PolicyName="attached", PolicyDocument=document)["Policy"]["Arn"]
iam.attach_role_policy(RoleName="role", PolicyArn=attached)
scheduler = boto3.client("scheduler", **settings)
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("index.mjs", "export const handler = async (event) => ({ statusCode: 200 });\n")
queue = boto3.client("sqs", **settings)
address = queue.create_queue(QueueName="orders")["QueueUrl"]
source = queue.get_queue_attributes(QueueUrl=address, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
functions = boto3.client("lambda", **settings)
for number in range(int(sys.argv[1])):
    name = f"{'shop' if number % 2 else 'bank'}-{number:04}"
    functions.create_function(
        FunctionName=name,
        Runtime="nodejs22.x",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Tags={"team": "a" if number % 4 else "b"},
        Environment={"Variables": {"TABLE": "orders", "DB_PASSWORD": "hunter2"}},
    )
    if number % 10 == 0:
        functions.create_event_source_mapping(FunctionName=name, EventSourceArn=source, BatchSize=5)
    if number % 10 == 1:
        functions.create_function_url_config(FunctionName=name, AuthType="NONE")
    if number % 10 == 2:
        functions.add_permission(
            FunctionName=name,
            StatementId="photos",
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
            SourceArn="arn:aws:s3:::photos",
        )
    if number % 10 == 3:
        scheduler.create_schedule(
            Name=f"schedule-{name}",
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": f"arn:aws:lambda:eu-west-1:123456789012:function:{name}", "RoleArn": role},
        )
print(port, flush=True)
sys.stdin.read()
server.stop()

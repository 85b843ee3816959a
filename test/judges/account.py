"""A Lambda API with 1,000 functions on loopback: prints its port, and ends with its standard input."""

import io
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
role = boto3.client("iam", **settings).create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
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
print(port, flush=True)
sys.stdin.read()
server.stop()

"""Judges stacks with programs that others wrote: cfn-lint, AWS's own SAM translator, and moto as CloudFormation.

Reads one JSON list of cases from standard input: {name, dialect, joined, before, after, region},
templates as JSON; writes one list of results.
"""
import base64
import json
import os
import re
import subprocess
import sys

os.environ.update(AWS_DEFAULT_REGION="us-east-1", AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")

import boto3
from cfnlint.api import ManualArgs, lint
from moto import mock_aws
from moto.cloudformation.parsing import resource_class_from_type
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform


def findings(template, region="us-east-1"):
    if not template:
        return set()
    found = lint(json.dumps(template), config=ManualArgs(regions=[region]))
    return {(each.rule.id, each.message) for each in found if each.rule.id[0] in "EW"}


def is_new(finding, before):
    """A name that is not there is told with all that are, which are more now."""
    code, message = finding
    known = {(old, told.split(" is not one of ")[0]) for old, told in before}
    return (code, message.split(" is not one of ")[0]) not in known and (code[0] == "E" or "Container" in message)


class NoPolicies:
    """Names of managed policies are not looked up: what is generated names ARNs."""

    def load(self):
        return {}


def translated(template):
    values = {name: entry.get("Default", "x") for name, entry in template.get("Parameters", {}).items()}
    local = json.loads(json.dumps(template))
    for resource in local["Resources"].values():
        # `sam deploy` uploads local code first.
        if resource["Type"] == "AWS::Serverless::Function" and "InlineCode" not in resource.get("Properties", {}):
            resource.setdefault("Properties", {})["CodeUri"] = "s3://bucket/key"
    return transform(local, values, NoPolicies())


def refusal(template):
    try:
        translated(template)
    except InvalidDocumentException as error:
        return str(error)
    return None


def sam_resources(template):
    """What SAM gives; for a template that it refuses, as the original, what it was given."""
    return sorted((template if refusal(template) else translated(template))["Resources"])


def names_in(value):
    if isinstance(value, dict):
        if list(value) == ["Ref"]:
            return {value["Ref"]}
        if list(value) == ["Fn::GetAtt"]:
            argument = value["Fn::GetAtt"]
            return {argument[0] if isinstance(argument, list) else argument.split(".")[0]}
        if list(value) == ["Fn::Sub"] and isinstance(value["Fn::Sub"], str):
            return set(re.findall(r"\$\{([A-Za-z0-9]+)", value["Fn::Sub"]))
        return set().union(*[names_in(each) for each in value.values()], set())
    if isinstance(value, list):
        return set().union(*[names_in(each) for each in value], set())
    return set()


def reached(template):
    """Our resources and what they refer to: code that is not uploaded cannot be deployed."""
    resources = template["Resources"]
    kept, open_ = set(), {name for name in resources if name.startswith("Container")}
    while open_:
        name = open_.pop()
        kept.add(name)
        open_ |= {each for each in names_in(resources[name]) if each in resources} - kept
    strange = {name for name in kept if resource_class_from_type(resources[name]["Type"]) is None}
    return without(strange, {**template, "Resources": {name: entry for name, entry in resources.items() if name in kept - strange}})


def without(names, value):
    """Texts in place of references to resources that moto does not know."""
    if isinstance(value, list):
        return [without(names, each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and names_in(value) & names:
        [(function, argument)] = value.items()
        if function in ("Ref", "Fn::GetAtt"):
            return ".".join(argument) if isinstance(argument, list) else argument
        if function == "Fn::Sub" and isinstance(argument, str):
            return {function: re.sub(r"\$\{(" + "|".join(names) + r")\b[^}]*\}", r"\1", argument)}
    return {key: without(names, each) for key, each in value.items()}


@mock_aws
def untouched(template):
    """Creates the stack as it is deployed before anybody gives an image, and gives what of ours is then in it."""
    client = boto3.client("cloudformation")
    client.create_stack(StackName="judged", TemplateBody=json.dumps(deployable(template)), Capabilities=["CAPABILITY_IAM"])
    stack = client.describe_stacks(StackName="judged")["Stacks"][0]
    resources = client.list_stack_resources(StackName="judged")["StackResourceSummaries"]
    added = [each["LogicalResourceId"] for each in resources if each["LogicalResourceId"].startswith("Container")]
    return {"status": stack["StackStatus"], "added": added}


ASSOCIATIONS = "AWS::ECS::ClusterCapacityProviderAssociations"


# As bench/infrastructure/template-of.ts has it.
EXTENDED_API = "d4e5f6"


def simplified(template):
    """Without what moto does not know of ours; the name of an association is that of its cluster."""
    resources = template["Resources"]
    clusters = {name: entry["Properties"]["Cluster"] for name, entry in resources.items() if entry["Type"] == ASSOCIATIONS}

    def replaced(value):
        if isinstance(value, list):
            return [replaced(each) for each in value]
        if not isinstance(value, dict):
            return value
        if list(value) == ["Ref"] and value["Ref"] in clusters:
            return clusters[value["Ref"]]
        return {key: replaced(each) for key, each in value.items()}

    def known(entry):
        """Every load balancer of a stack is one of HTTP to moto. What Serverless is told to extend belongs to an API that is not there."""
        properties = entry.get("Properties", {})
        if EXTENDED_API in json.dumps([properties.get(name) for name in ("RestApiId", "ApiId", "Role")]):
            return None
        if entry["Type"].startswith("AWS::ElasticLoadBalancingV2::") and properties.get("Protocol") == "TCP":
            return {**entry, "Properties": {**properties, "Protocol": "HTTP"}}
        return entry

    kept = {name: known(entry) for name, entry in resources.items() if name not in clusters and known(entry)}
    return replaced({**template, "Resources": kept})


def as_task(name, entry):
    """moto does not know App Runner: what a service gives its container, as a task gives it."""
    if entry["Type"] != "AWS::AppRunner::Service":
        return entry
    image = entry["Properties"]["SourceConfiguration"]["ImageRepository"]
    given = image["ImageConfiguration"]
    container = {
        "Name": name,
        "Image": image["ImageIdentifier"],
        "Memory": 512,
        "Environment": given["RuntimeEnvironmentVariables"],
        "Secrets": [{"Name": each["Name"], "ValueFrom": each["Value"]} for each in given.get("RuntimeEnvironmentSecrets", [])],
    }
    properties = {"Family": name, "ContainerDefinitions": [container]}
    return {**{key: entry[key] for key in ("Condition",) if key in entry}, "Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def deployable(template):
    known = {**template, "Resources": {name: as_task(name, entry) for name, entry in template["Resources"].items()}}
    small = {key: entry for key, entry in reached(simplified(known)).items() if key not in ("Transform", "Globals", "Outputs", "Rules")}
    # What the definition itself asks for is not the matter here.
    for name, entry in small.get("Parameters", {}).items():
        if not re.match("container", name, re.I):
            entry.setdefault("Default", "x")
    return small


@mock_aws
def created(template):
    """Creates the stack and gives the environment that each container then has."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]
    small = deployable(template)
    parameters = []
    for name, entry in small.get("Parameters", {}).items():
        if entry.get("Default", "") != "" or re.search("(cluster|certificate|policies)$", name, re.I):
            continue
        value = "registry/image:1"
        if re.search("vpc$", name, re.I):
            value = vpc
        if re.search("subnets$", name, re.I):
            value = ",".join(subnets)
        if re.match("containerarn", name, re.I):
            value = "arn:aws:sqs:us-east-1:123456789012:queue"
        parameters.append({"ParameterKey": name, "ParameterValue": value})
    client = boto3.client("cloudformation")
    client.create_stack(StackName="judged", TemplateBody=json.dumps(small), Parameters=parameters, Capabilities=["CAPABILITY_IAM"])
    stack = client.describe_stacks(StackName="judged")["Stacks"][0]
    ecs = boto3.client("ecs")
    containers = [
        container
        for arn in ecs.list_task_definitions()["taskDefinitionArns"]
        for container in ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]["containerDefinitions"]
    ]
    environment = {
        container["name"]: {each["name"]: each["value"] for each in container["environment"]} for container in containers
    }
    environment.update(instance_environment(ec2))
    return {"status": stack["StackStatus"], "environment": environment}


def instance_environment(ec2):
    """What the user data of each launch template gives its container; the script is run with programs that only tell."""
    found = {}
    for template in ec2.describe_launch_templates()["LaunchTemplates"]:
        version = ec2.describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"])["LaunchTemplateVersions"][0]
        script = base64.b64decode(version["LaunchTemplateData"]["UserData"]).decode()
        if "docker run" in script:
            found[template["LaunchTemplateName"]] = told_by(script)
    return found


TELLING = """
shopt -s expand_aliases
dnf() { :; }; mkdir() { :; }; systemctl() { :; }; shutdown() { :; }; sleep() { :; }; curl() { :; }; aws() { echo told; }; jq() { echo told; }
docker() { if [ "$1" = run ]; then printf '%s\\0' "$@" >&3; fi; }
"""


def told_by(script):
    body = TELLING + re.sub(r" > /etc/docker/daemon.json|/opt/aws/bin/cfn-signal", lambda found: "" if ">" in found[0] else ":", script)
    read, write = os.pipe()
    with os.fdopen(read) as answer:
        ran = subprocess.run(["bash", "-c", f"exec 3>&{write};\n{body}"], pass_fds=[write], capture_output=True, timeout=60)
        os.close(write)
        words = answer.read().split("\0")
    if ran.returncode != 0:
        return {"error": ran.stderr.decode()}
    return dict(words[at + 1].split("=", 1) for at, word in enumerate(words) if word == "--env")


def judged(case):
    before, after = case["before"], case["after"]
    known = findings(before)
    result = {"name": case["name"], "new": sorted(each for each in findings(after) if is_new(each, known))}
    if case["dialect"] == "sam":
        result["translated"] = [name for name in sam_resources(after) if name.startswith("Container")]
        result["refused"] = refusal(after) if refusal(after) != refusal(before) else None
    result["stack"] = created(after)
    result["untouched"] = untouched(after) if case["joined"] else None
    return result


def linted(case):
    region = case.get("region", "us-east-1")
    known = findings(case["before"], region)
    return {"name": case["name"], "new": sorted(each for each in findings(case["after"], region) if is_new(each, known))}


def translatable(case):
    """What cfn-lint says, and whether SAM takes what it took before."""
    before, after = case["before"], case["after"]
    refused = refusal(after) if case["dialect"] == "sam" else None
    return {**linted(case), "refused": refused if refused and refused != refusal(before) else None}


RUNNING = ("AWS::Lambda::Function", "AWS::Lambda::Version")


def functions_only(template):
    """Functions and their versions, with texts in place of everything else that they refer to; outputs tell what aliases and scaling name."""
    resources = template["Resources"]
    kept = {name: dict(entry) for name, entry in resources.items() if entry["Type"] in RUNNING}
    for entry in kept.values():
        entry.pop("DependsOn", None)
        if entry["Type"] == "AWS::Lambda::Function":
            role = "arn:aws:iam::123456789012:role/judged"
            dropped = ("VpcConfig", "Layers", "FileSystemConfigs", "DeadLetterConfig")
            settings = {key: value for key, value in entry["Properties"].items() if key not in dropped}
            entry["Properties"] = {**settings, "Code": {"ZipFile": "exports.handler = 1"}, "Role": role}
    outputs = {}
    for name, entry in resources.items():
        properties = entry.get("Properties", {})
        if entry["Type"] == "AWS::Lambda::Alias":
            outputs[name] = {"Value": {"Fn::Join": [":", ["alias", properties["FunctionName"], properties["Name"]]]}}
        if entry["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget":
            outputs[name] = {"Value": properties["ResourceId"]}
    small = {key: value for key, value in template.items() if key not in ("Transform", "Globals", "Rules")}
    small = without(set(resources) - set(kept), {**small, "Resources": kept, "Outputs": outputs})
    for entry in small.get("Parameters", {}).values():
        entry.setdefault("Default", "1" if entry.get("Type") == "Number" else "x")
    return small


@mock_aws
def aliases(template):
    """Creates the functions with their versions; gives the functions that have one, and what aliases and scaling name."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    boto3.client("iam").create_role(RoleName="judged", AssumeRolePolicyDocument=trust)
    client = boto3.client("cloudformation")
    client.create_stack(StackName="judged", TemplateBody=json.dumps(functions_only(template)), Capabilities=["CAPABILITY_IAM"])
    [stack] = client.describe_stacks(StackName="judged")["Stacks"]
    lambdas = boto3.client("lambda")
    names = [each["FunctionName"] for each in lambdas.list_functions()["Functions"]]
    functions = [name for name in names if len(lambdas.list_versions_by_function(FunctionName=name)["Versions"]) > 1]
    return {"status": stack["StackStatus"], "functions": functions, "told": sorted(each["OutputValue"] for each in stack.get("Outputs", []))}


def published(case):
    template = case["after"]
    if case["dialect"] == "sam":
        # What SAM refuses cannot be deployed, as it could not before.
        if refusal(template):
            return {**translatable(case), "aliases": None}
        template = translated(template)
    return {**translatable(case), "aliases": aliases(template)}


# With `--publish`, what --translate says, and what moto makes of functions and aliases; with `--lint`, only what cfn-lint says: for many templates; with `--translate`, and SAM.
judge = published if "--publish" in sys.argv else linted if "--lint" in sys.argv else translatable if "--translate" in sys.argv else judged
print(json.dumps([judge(case) for case in json.load(sys.stdin)]))

#!/usr/bin/env python3
"""Plays on a deployment what only an AWS account can settle, and prints a record of it, one line of JSON each.

  STREAMER_TOKEN=... terraform/examples/proof/proof.py [--terraform DIR | --direct URL --api URL] [--only N,N]
                                                       [--disturb] [--long]

Python 3.9 and nothing besides; where a question needs the account it asks AWS's CLI, in the region of the
environment. What was not asked says why: {"question": ..., "skipped": ...}.
"""

import argparse
import base64
import collections
import json
import os
import secrets
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.parse

PATIENCE = 35  # seconds: API Gateway gives an integration 29
IDLE = 11 * 60
OLD = 2 * 60 * 60 + 5 * 60
SOCKETS = 100
EVENTS = 200


class Closed(Exception):
    """The other side has ended the connection; .code is 1006 without a close frame."""

    def __init__(self, code, reason=""):
        super().__init__("closed with %d %s" % (code, reason))
        self.code = code
        self.reason = reason


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status, headers, body):
        super().__init__("refused with %d" % status)
        self.status, self.headers, self.body = status, headers, body


class Socket:
    """A WebSocket client that answers pings and hides nothing."""

    def __init__(self, url, headers):
        parts = urllib.parse.urlsplit(url)
        tls = parts.scheme == "wss"
        raw = socket.create_connection((parts.hostname, parts.port or (443 if tls else 80)), PATIENCE)
        self.raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname) if tls else raw
        self.buffer = b""
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        lines = ["GET %s HTTP/1.1" % target, "Host: " + parts.netloc, "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + base64.b64encode(secrets.token_bytes(16)).decode()]
        lines += ["%s: %s" % pair for pair in headers.items()]
        self.raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status, self.headers = self._head()
        if status != 101:
            body = self._bytes(min(int(self.headers.get("content-length", "0")), 4096))
            self.raw.close()
            raise Refused(status, self.headers, body.decode("utf-8", "replace"))

    def _head(self):
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = head.decode("latin-1").split("\r\n")
        return int(first.split(" ")[1]), {k.strip().lower(): v.strip() for k, v in (x.split(":", 1) for x in rest)}

    def _more(self):
        try:
            part = self.raw.recv(65536)
        except (ConnectionError, ssl.SSLError) as broken:
            raise Closed(1006, type(broken).__name__) from broken
        if not part:
            raise Closed(1006)
        self.buffer += part

    def _bytes(self, count):
        while len(self.buffer) < count:
            self._more()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _write(self, opcode, payload):
        mask = secrets.token_bytes(4)
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
        self.raw.sendall(bytes([0x80 | opcode]) + length + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(payload)))

    def send(self, frame):
        self._write(1, json.dumps(frame).encode())

    def text(self, seconds=PATIENCE):
        """The next text as it came, be it empty; None if none comes in time."""
        until = time.monotonic() + seconds
        while True:
            self.raw.settimeout(max(0.01, until - time.monotonic()))
            try:
                first, second = self._bytes(2)
                size = second & 0x7F
                if size >= 126:
                    size = int.from_bytes(self._bytes(2 if size == 126 else 8), "big")
                payload = self._bytes(size)
            except (socket.timeout, TimeoutError):
                return None
            opcode = first & 0xF
            if opcode == 9:
                self._write(10, payload)
            elif opcode == 8:
                code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
                raise Closed(code, payload[2:].decode("utf-8", "replace"))
            elif opcode in (0, 1):
                return payload.decode("utf-8", "replace")

    def until(self, type_, seconds=PATIENCE):
        """The next frame of a type."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.text(end - time.monotonic())
            if text and json.loads(text).get("type") == type_:
                return json.loads(text)
        raise TimeoutError("no %s within %d s" % (type_, seconds))

    def code(self, seconds):
        """How it ends; None if it does not in time."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.text(end - time.monotonic())
        except Closed as closed:
            return closed.code
        return None


class Place:
    """The deployment: its URLs, and the names of its parts where they are known."""

    def __init__(self, options):
        self.options = options
        self.names = {}
        self.direct, self.api = options.direct, options.api
        if options.terraform:
            told = json.loads(run(["terraform", "-chdir=" + options.terraform, "output", "-json"]))
            self.direct = self.direct or told["direct_url"]["value"]
            self.api = self.api or told["api_url"]["value"]
            self.names = told["names"]["value"]
        self.token = os.environ.get("STREAMER_TOKEN") or sys.exit("proof: STREAMER_TOKEN has no token")

    def bearer(self, token=None):
        return {"Authorization": "Bearer " + (token or self.token)}

    def name(self, key):
        if key not in self.names:
            raise Skip("it needs --terraform: the names of the deployment's parts")
        return self.names[key]


class Skip(Exception):
    """The question was not asked."""


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise Skip("there is no %s on the PATH" % command[0]) from missing
    if done.returncode != 0:
        raise Skip("%s said: %s" % (" ".join(command[:3]), done.stderr.strip()[-300:]))
    return done.stdout


def aws(*arguments):
    out = run(["aws", *arguments, "--output", "json"])
    return json.loads(out) if out.strip() else {}


def seen(headers):
    return {name: value for name, value in headers.items() if name != "date"}


def q1_subprotocol(place):
    """Is the subprotocol that a client offers selected by the handshake's answer through API Gateway?"""
    token = base64.urlsafe_b64encode(place.token.encode()).decode().rstrip("=")
    answers = {}
    for door, url in (("direct", place.direct), ("api", place.api)):
        try:
            opened = Socket(url, {"Sec-WebSocket-Protocol": "streamer.v1, bearer." + token})
            answers[door] = opened.headers.get("sec-websocket-protocol")
        except Refused as refused:
            answers[door] = {"status": refused.status, "headers": seen(refused.headers)}
    return {"selected": answers, "browsers_can_connect": answers["api"] == "streamer.v1"}


def q2_refusal(place):
    """What of a refusal reaches the client: status, headers, body?"""
    answers = {}
    for door, url in (("direct", place.direct), ("api", place.api)):
        try:
            Socket(url, place.bearer("no.such.token"))
            answers[door] = "it was let in"
        except Refused as refused:
            answers[door] = {"status": refused.status, "headers": seen(refused.headers), "body": refused.body}
    return {"refused": answers}


def q3_empty_answer(place):
    """Does the client get empty messages, as of an integration that answers with nothing?"""
    peer = Socket(place.api, place.bearer())
    peer.send({"id": "proof-" + secrets.token_hex(4), "action": "delay", "payload": {"seconds": 3}})
    texts = []
    end = time.monotonic() + 15
    while time.monotonic() < end:
        text = peer.text(end - time.monotonic())
        if text is None:
            break
        texts.append(text)
        if '"complete"' in text:
            end = min(end, time.monotonic() + 3)
    return {"messages": len(texts), "empty": sum(not text for text in texts),
            "types": collections.Counter(json.loads(text).get("type", "none") for text in texts if text)}


def q4_mapping(place):
    """What is sent on to the task on each route, as it is deployed?"""
    api = place.name("api_id")
    routes = aws("apigatewayv2", "get-routes", "--api-id", api)["Items"]
    integrations = {x["IntegrationId"]: x for x in aws("apigatewayv2", "get-integrations", "--api-id", api)["Items"]}
    found = {}
    for route in routes:
        one = integrations.get(route.get("Target", "").rsplit("/", 1)[-1], {})
        found[route["RouteKey"]] = {key: one.get(key) for key in (
            "IntegrationType", "IntegrationMethod", "ConnectionType", "RequestParameters", "TemplateSelectionExpression",
            "PassthroughBehavior", "TimeoutInMillis")}
    for one in found.values():
        # the secret is one of them
        one["RequestParameters"] = sorted((one["RequestParameters"] or {}).keys())
    return {"routes": found, "probe_reaches_it": answered(place.api, place)}


def answered(url, place):
    peer = Socket(url, place.bearer())
    peer.send({"type": "ping"})
    return peer.until("pong")["type"] == "pong"


def q5_rolling(place):
    """What do 100 direct sockets see of a deployment, and when does ECS say what of the old tasks?"""
    if not place.options.disturb:
        raise Skip("it replaces the tasks: give --disturb")
    cluster, service = place.name("cluster"), place.name("service")
    begun = time.monotonic()
    ends, lock = [], threading.Lock()

    def watch(peer):
        told = None
        try:
            while True:
                text = peer.text(900)
                if text is None:
                    return
                if '"goaway"' in text:
                    told = round(time.monotonic() - begun, 1)
        except Closed as closed:
            with lock:
                ends.append({"goaway_at": told, "ended_at": round(time.monotonic() - begun, 1), "code": closed.code})

    watchers = [threading.Thread(target=watch, args=(Socket(place.direct, place.bearer()),), daemon=True)
                for _ in range(SOCKETS)]
    for watcher in watchers:
        watcher.start()
    aws("ecs", "update-service", "--cluster", cluster, "--service", service, "--force-new-deployment")
    tasks = []
    while time.monotonic() - begun < 900 and len(ends) < SOCKETS:
        arns = [arn for status in ("RUNNING", "STOPPED") for arn in aws(
            "ecs", "list-tasks", "--cluster", cluster, "--service-name", service, "--desired-status", status)["taskArns"]]
        described = aws("ecs", "describe-tasks", "--cluster", cluster, "--tasks", *arns[:100])["tasks"] if arns else []
        state = sorted((t["taskArn"][-6:], t["desiredStatus"], t["lastStatus"], t.get("stoppingAt")) for t in described)
        if not tasks or tasks[-1]["tasks"] != state:
            tasks.append({"at": round(time.monotonic() - begun, 1), "tasks": state})
        time.sleep(2)
    return {"codes": collections.Counter(str(end["code"]) for end in ends), "without_goaway": sum(
        end["goaway_at"] is None for end in ends), "first_end": min((end["ended_at"] for end in ends), default=None),
        "last_end": max((end["ended_at"] for end in ends), default=None), "still_open": SOCKETS - len(ends), "ecs": tasks}


def q6_addresses(place):
    """Do the tasks announce an address at which workers reach them?"""
    arns = aws("ecs", "list-tasks", "--cluster", place.name("cluster"))["taskArns"]
    described = aws("ecs", "describe-tasks", "--cluster", place.name("cluster"), "--tasks", *arns)["tasks"] if arns else []
    own = sorted(detail["value"] for task in described for attachment in task.get("attachments", [])
                 for detail in attachment.get("details", []) if detail["name"] == "privateIPv4Address")
    rows = aws("dynamodb", "scan", "--table-name", place.name("nodes_table"))["Items"]
    announced = sorted(value["S"] for row in rows for value in row.values() if str(value.get("S", "")).startswith("http"))
    return {"tasks": own, "announced": announced, "all_known": all(any(ip in url for url in announced) for ip in own)}


def q7_codes(place):
    """Which close code follows DELETE, and (with --long) ten minutes of silence and two hours?"""
    peer = Socket(place.api, place.bearer())
    peer.send({"type": "hello", "id": "proof"})
    connection = peer.until("welcome")["session"]
    endpoint = place.api.replace("wss://", "https://").replace("ws://", "http://")
    aws("apigatewaymanagementapi", "delete-connection", "--connection-id", connection, "--endpoint-url", endpoint)
    codes = {"delete": peer.code(PATIENCE)}
    if place.options.long:
        silent, busy = Socket(place.api, place.bearer()), Socket(place.api, place.bearer())
        idle, begun = {}, time.monotonic()
        waiting = threading.Thread(target=lambda: idle.update(code=silent.code(IDLE), after=time.monotonic() - begun))
        waiting.start()
        while time.monotonic() - begun < OLD:
            busy.send({"type": "ping"})
            code = busy.code(60)
            if code is not None:
                codes["old"] = {"code": code, "after": round(time.monotonic() - begun)}
                break
        waiting.join()
        codes["idle"] = idle
    return codes


def q8_balancer(place):
    """Are the integration balancer's security groups kept out of the way of the VPC link?"""
    found = [one for one in aws("elbv2", "describe-load-balancers")["LoadBalancers"] if one["Type"] == "network"]
    return {one["LoadBalancerName"]: {"groups": len(one.get("SecurityGroups", [])), "enforced_for_private_link":
            one.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")} for one in found}


def q9_no_task(place):
    """What does a client of API Gateway get while no task answers?"""
    if not place.options.disturb:
        raise Skip("it takes the service to no task for some minutes: give --disturb")
    cluster, service = place.name("cluster"), place.name("service")
    count = aws("ecs", "describe-services", "--cluster", cluster, "--services", service)["services"][0]["desiredCount"]
    peer = Socket(place.api, place.bearer())
    try:
        aws("ecs", "update-service", "--cluster", cluster, "--service", service, "--desired-count", "0")
        texts, until = [], time.monotonic() + 300
        while time.monotonic() < until and not any('"pong"' not in text for text in texts if text):
            peer.send({"type": "ping"})
            text = peer.text(10)
            if text is not None:
                texts.append(text)
            time.sleep(5)
        return {"pongs_before": sum('"pong"' in text for text in texts), "then": texts[-1] if texts else None}
    except Closed as closed:
        return {"closed": closed.code}
    finally:
        aws("ecs", "update-service", "--cluster", cluster, "--service", service, "--desired-count", str(count))


def q10_cold(place):
    """How long do cold starts of the job function take, with what is deployed?"""
    lines = aws("logs", "filter-log-events", "--log-group-name", place.name("job_log_group"), "--filter-pattern",
                '"REPORT RequestId"', "--max-items", str(EVENTS)).get("events", [])
    figures = collections.defaultdict(list)
    for line in lines:
        for part in line["message"].split("\t"):
            for name in ("Init Duration: ", "Restore Duration: "):
                if part.startswith(name):
                    figures[name[:-2]].append(float(part[len(name):].split(" ")[0]))
    return {"reports": len(lines), "ms": {name: {"count": len(all_), "median": statistics.median(all_), "most": max(all_)}
                                          for name, all_ in figures.items()}}


QUESTIONS = [q1_subprotocol, q2_refusal, q3_empty_answer, q4_mapping, q5_rolling, q6_addresses, q7_codes, q8_balancer,
             q9_no_task, q10_cold]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--terraform", metavar="DIR", help="a root with the outputs of examples/complete")
    parser.add_argument("--direct", metavar="URL", help="where direct clients connect")
    parser.add_argument("--api", metavar="URL", help="where clients connect through API Gateway")
    parser.add_argument("--only", metavar="N,N", help="the questions to ask, 1 to 10")
    parser.add_argument("--disturb", action="store_true", help="replace the tasks (5) and have none for a while (9)")
    parser.add_argument("--long", action="store_true", help="wait ten minutes and two hours (7)")
    options = parser.parse_args()
    if not options.terraform and not (options.direct and options.api):
        parser.error("--terraform DIR, or --direct and --api")
    chosen = range(1, 11)
    if options.only:
        if not all(part.isdigit() and 1 <= int(part) <= 10 for part in options.only.split(",")):
            parser.error("--only takes numbers from 1 to 10")
        chosen = [int(part) for part in options.only.split(",")]
    place = Place(options)
    failed = False
    for number in chosen:
        question = QUESTIONS[number - 1]
        line = {"number": number, "question": question.__doc__, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        try:
            line["seen"] = question(place)
        except Skip as skipped:
            line["skipped"] = str(skipped)
        except (OSError, Refused, Closed, KeyError, ValueError) as broken:
            failed = True
            line["failed"] = "%s: %s" % (type(broken).__name__, broken)
        print(json.dumps(line), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Skip as told:
        sys.exit("proof: " + str(told))

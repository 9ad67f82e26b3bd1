"""`xcscribe`: the command line. Results are JSON on standard output, progress goes to standard error.

Exit codes: 0 done · 1 the job or a part of it failed · 2 wrong use, or another address is the right one · 3 not signed in,
or the key lacks a scope · 4 refused input · 5 conflict · 6 not enough XCT · 7 the service does not answer.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xcscribe.client import Client
from xcscribe.errors import ApiError, JobFailed, Unreachable
from xcscribe.forwarding import forward

FAILED, USAGE, DENIED, REFUSED, CONFLICT, UNPAID, AWAY = 1, 2, 3, 4, 5, 6, 7
BY_STATUS = {401: DENIED, 403: DENIED, 402: UNPAID, 409: CONFLICT, 412: CONFLICT}
LISTEN_SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ApiError as error:
        say(f"{error.detail} ({error.code}; request {error.request_id})")
        for fault in error.errors:
            say(f"  {fault.get('pointer')}: {fault.get('detail')}")
        away = error.status >= 500 or error.status == 429
        return BY_STATUS.get(error.status, AWAY if away else USAGE if error.status < 400 else REFUSED)
    except JobFailed as error:
        say(str(error))
        return FAILED
    except Unreachable as error:
        say(f"The service does not answer: {error}")
        return AWAY
    except (OSError, ValueError) as error:
        say(str(error))
        return USAGE


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="xcscribe", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)

    def verb(name: str, run: Callable[[Any], int], about: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    added = verb("login", login, "Keep an address and an API key. The key is asked for, or read from standard input.")
    added.add_argument("--url", required=True, help="such as https://api.example.com")
    added = verb("import", import_file, "Make a project of a product file.")
    added.add_argument("file", type=Path)
    added.add_argument("--name", help="of the project; else the file's")
    added.add_argument("--platform", default="woocommerce")
    added = verb("write", write, "Have a project's pending items written, within a price.")
    added.add_argument("project")
    added.add_argument("--language")
    added.add_argument("--most", type=float, metavar="XCT", help="do nothing if it could cost more")
    added.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting of the request")
    added = verb("review", review, "Count what awaits review, and say what is wrong with it.")
    added.add_argument("project")
    added.add_argument("--approve-clean", action="store_true", help="approve what no check flags (needs items:approve)")
    added = verb("export", export, "Get the project's file back, with the approved texts in it.")
    added.add_argument("project")
    added.add_argument("--output", "-o", type=Path, required=True)
    added = verb("listen", listen, "Print the events of the organization as they come.")
    added.add_argument("--forward-to", metavar="URL", help="POST each event there as a webhook, without a signature")
    added.add_argument("--after", default="", help="the event to begin after; else only new ones")
    added.add_argument("--all", action="store_true", help="also the events that are kept")
    added.add_argument("--once", action="store_true", help="end when there is no more")
    return top


# --- verbs


def login(options: Any) -> int:
    key = os.environ.get("XCSCRIBE_KEY") or (
        getpass.getpass("API key: ") if sys.stdin.isatty() else sys.stdin.readline()
    )
    client = Client(options.url, key=key.strip())
    try:
        name = client.get("organization").get("name")
    except ApiError as error:
        if error.code != "missing_scope":
            raise
        name = None  # the key is known, and may do other things
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), 0o600)  # of a file that was there, before the key is in it
        file.truncate()
        json.dump({"url": options.url, "key": key.strip()}, file)
    return show({"organization": name, "kept_in": str(path)})


def import_file(options: Any) -> int:
    client = signed_in()
    name = options.name or options.file.stem
    project = client.call("POST", "projects", fields={"name": name, "platform": options.platform})
    source = client.upload(f"projects/{project['id']}/sources/file", options.file)
    return show(
        {
            "project": project["id"],
            "source": source["id"],
            "items": source.get("item_count"),
            "refused": source.get("errors", []),
        }
    )


def write(options: Any) -> int:
    client = signed_in()
    wishes: dict[str, Any] = dict(map(setting, options.set))
    if options.language:
        wishes["language"] = options.language
    path = f"projects/{options.project}/generate"
    quote = client.estimate(path, wishes)
    say(f"{quote['items']} items, {quote['xct_expected']} XCT expected, {quote['xct_max']} at most")
    if options.most is not None and float(quote["xct_max"]) > options.most:
        say(f"That could cost more than {options.most} XCT: nothing was begun.")
        return UNPAID
    try:  # a price that rises meanwhile is not paid
        begun = client.post(
            path, {**wishes, "max_xct": str(quote["xct_max"] if options.most is None else options.most)}
        )
    except ApiError as error:
        if error.code != "max_xct_exceeded":
            raise
        say(error.detail)
        return UNPAID
    last: dict[str, Any] = {}
    for event in client.events(str(begun["job_id"])):
        last = {"job": begun["job_id"], "ended": event.name, **event.data}
        if event.name == "progress":
            say(f"{event.data.get('current', event.data.get('progress', ''))} of {event.data.get('total', '')}")
    show(last)
    return 0 if last.get("ended") == "complete" and not last.get("failed") else FAILED


def review(options: Any) -> int:
    client = signed_in()
    path = f"projects/{options.project}/items"
    clean = [item["id"] for item in client.pages(path, status="generated")]
    flagged = []
    for item in client.pages(path, status="flagged"):
        reasons = item.get("generation_metadata", {}).get("reasons", [])
        flagged.append({"item": item["id"], "name": item["source_data"].get("name"), "reasons": reasons})
    approved = 0
    if options.approve_clean:
        for item_id in clean:
            client.patch(f"{path}/{item_id}", {"status": "approved"})
            approved += 1
    return show({"clean": len(clean), "approved": approved, "flagged": flagged})


def export(options: Any) -> int:
    client = signed_in()
    sources = client.get(f"projects/{options.project}/sources")["sources"]
    files = [source for source in sources if source["type"] == "file"]
    if not files:
        say("The project has no file that could be given back.")
        return REFUSED
    source = files[0]["id"]
    size = client.download(f"projects/{options.project}/sources/{source}/export", options.output)
    return show({"file": str(options.output), "bytes": size})


def listen(options: Any) -> int:
    client = signed_in()
    after = options.after
    shown = bool(after or options.all)
    lost = 0
    while True:
        found = client.get("events", after=after or None, limit=100)
        for event in found["events"]:
            after = event["id"]
            if shown:
                show(event)
                if options.forward_to and not forward(event, options.forward_to, say=say):
                    lost += 1
        if found["has_more"]:
            continue
        if options.once:
            return FAILED if lost else 0
        shown = True  # what was there before is behind us
        time.sleep(LISTEN_SECONDS)


# --- what they share


def signed_in() -> Client:
    """The client of XCSCRIBE_URL and XCSCRIBE_KEY, or of the kept sign-in. A key goes to no other address than its own."""
    url, key = os.environ.get("XCSCRIBE_URL", ""), os.environ.get("XCSCRIBE_KEY", "")
    if bool(url) != bool(key):
        raise ValueError("XCSCRIBE_URL and XCSCRIBE_KEY belong together: set both, or neither.")
    if not url and config_path().exists():
        kept = json.loads(config_path().read_text())
        url, key = kept.get("url", ""), kept.get("key", "")
    if not url or not key:
        raise ValueError("Sign in first: xcscribe login --url https://…")
    return Client(url, key=key)


def config_path() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "xcscribe" / "login.json"


def setting(text: str) -> tuple[str, Any]:
    name, there, value = text.partition("=")
    if not there:
        raise ValueError(f"Write --set NAME=VALUE, not {text}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def show(result: Any) -> int:
    """Print `result` as JSON. Characters that steer a terminal are written as JSON's escapes: a shop's texts may hold any."""
    text = json.dumps(result, ensure_ascii=False)
    sys.stdout.write("".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text) + "\n")
    sys.stdout.flush()
    return 0


def say(text: str) -> None:
    """Print a sentence, without the characters that steer a terminal: the server's words may be anybody's."""
    sys.stderr.write("".join(one if one.isprintable() else " " for one in text) + "\n")


if __name__ == "__main__":
    sys.exit(main())

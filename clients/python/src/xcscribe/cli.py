"""Import products, have texts written, review and export them.

Results are tables on a terminal, and JSON in a pipe or a file. Progress goes to standard error.
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

from xcscribe import __version__, completion
from xcscribe.client import Client
from xcscribe.errors import ApiError, JobFailed, SignatureError, Unreachable
from xcscribe.forwarding import example, forward
from xcscribe.terminal import say, show
from xcscribe.webhooks import check_secret, new_secret

FAILED, USAGE, DENIED, REFUSED, CONFLICT, UNPAID, AWAY = 1, 2, 3, 4, 5, 6, 7
STOPPED = 130  # as a shell tells of a program that Ctrl-C ended
BY_STATUS = {401: DENIED, 403: DENIED, 402: UNPAID, 409: CONFLICT, 412: CONFLICT}
LISTEN_SECONDS = 2.0
MORE = """
a first run:
  xcscribe login --url https://api.example.com
  xcscribe import products.csv
  xcscribe write PROJECT --language de --most 50
  xcscribe review PROJECT --approve-clean
  xcscribe export PROJECT --output products-with-texts.csv

completion in bash (zsh and fish alike):
  eval "$(xcscribe completion bash)"

exit codes:
  0    done
  1    the job failed, or a part of it
  2    wrong use, or another address is the right one
  3    not signed in, or the key lacks a scope
  4    the input was refused
  5    conflict: it has changed, or its state does not allow it
  6    not enough XCT, or more than --most
  7    the service does not answer
  130  stopped by Ctrl-C
"""


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
    except (OSError, SignatureError, ValueError) as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        say("Stopped. What the service has begun goes on there.")
        return STOPPED


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="xcscribe", description=__doc__, epilog=MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND", title="commands")

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
    added = verb("follow", follow, "Show a job's progress until it ends.")
    added.add_argument("job")
    added = verb("cancel", cancel, "Cancel a job. What it has written stays.")
    added.add_argument("job")
    added = verb("review", review, "Count what awaits review, and say what is wrong with it.")
    added.add_argument("project")
    added.add_argument("--approve-clean", action="store_true", help="approve what no check flags (needs items:approve)")
    added = verb(
        "export", export, "Get the approved texts: in the project's own file, or of several sources in one CSV."
    )
    added.add_argument("project")
    added.add_argument("--source", default="", metavar="ID", help="this file of several, with the texts of its rows")
    added.add_argument("--output", "-o", type=Path, required=True, help="a path, or - for standard output")
    added = verb("verify", verify, "Hold a published page against the record of its texts.")
    added.add_argument("url", help="the address that visitors see")
    added = verb("listen", listen, "Print the events of the organization as they come.")
    added.add_argument(
        "--forward-to", metavar="URL", help="POST each event there as a signed webhook; localhost will do"
    )
    added.add_argument(
        "--secret", default="", metavar="whsec_…", help="to sign with; else one of this session, which is told"
    )
    added.add_argument("--after", default="", metavar="EVENT", help="the event to begin after; else only new ones")
    added.add_argument("--all", action="store_true", help="also the events that are kept")
    added.add_argument("--once", action="store_true", help="end when there is no more")
    added = verb(
        "trigger", trigger, "Forward an example of an event, signed as listen does. Nothing happens in the service."
    )
    added.add_argument("type", help="such as item.approved")
    added.add_argument("--forward-to", metavar="URL", required=True)
    added.add_argument(
        "--secret", default="", metavar="whsec_…", help="to sign with; else one of this session, which is told"
    )
    added = verb("completion", complete, "Print the script that completes commands and options in a shell.")
    added.add_argument("shell", choices=completion.SHELLS)
    added.set_defaults(commands=verbs.choices)
    return top


# --- verbs


def complete(options: Any) -> int:
    sys.stdout.write(completion.script(options.shell, options.commands) + "\n")
    return 0


def login(options: Any) -> int:
    key = (getpass.getpass("API key: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not key:
        raise ValueError("No key was given.")
    client = Client(options.url, key=key)
    try:
        name = client.get("organization").get("name")
    except ApiError as error:
        if error.code not in ("missing_scope", "test_key_refused"):
            raise
        name = None  # the key is known, and may do other things
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), 0o600)  # of a file that was there, before the key is in it
        file.truncate()
        json.dump({"url": options.url, "key": key}, file)
    if os.environ.get("XCSCRIBE_KEY"):
        say("The other commands use XCSCRIBE_URL and XCSCRIBE_KEY as long as these are set.")
    return show({"organization": name, "kept_in": str(path)})


def import_file(options: Any) -> int:
    client = signed_in()
    name = options.name or options.file.stem
    with options.file.open("rb"):
        pass  # no project is made for a file that can't be read
    project = client.call("POST", "projects", fields={"name": name, "platform": options.platform})
    try:
        source = client.upload(f"projects/{project['id']}/sources/file", options.file)
    except ApiError:
        client.delete(f"projects/{project['id']}")  # it would stay empty
        raise
    refused = source.get("errors", [])
    if refused:
        first = refused[0]
        say(f"{len(refused)} lines were not imported, the first is line {first['line']}: {first['reason']}")
    return show(
        {"project": project["id"], "source": source["id"], "items": source.get("item_count"), "refused": refused}
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
        job_id = client.begin(path, wishes, max_xct=quote["xct_max"] if options.most is None else options.most)
    except ApiError as error:
        if error.code != "max_xct_exceeded":
            raise
        say(error.detail)
        return UNPAID
    return follow_job(client, job_id)


def follow(options: Any) -> int:
    return follow_job(signed_in(), options.job)


def cancel(options: Any) -> int:
    return show(signed_in().post(f"jobs/{options.job}/cancel"))


def follow_job(client: Client, job_id: str) -> int:
    last: dict[str, Any] = {}
    try:
        for event in client.events(job_id):
            last = {"job": job_id, "ended": event.name, **event.data}
            if event.name in ("start", "progress"):
                say(f"{event.data.get('current', 0)} of {event.data['total']}")
            elif event.name == "waiting":
                say(str(event.data.get("reason", "")))
    except KeyboardInterrupt:
        say(f"The job goes on there. See its end with: xcscribe follow {job_id}")
        say(f"Or stop it with: xcscribe cancel {job_id}")
        return STOPPED
    show(last)
    return 0 if last.get("ended") == "complete" and not last.get("failed") else FAILED


def review(options: Any) -> int:
    client = signed_in()
    path = f"projects/{options.project}/items"
    clean = [(item["id"], item["version"]) for item in client.pages(path, status="generated")]
    flagged = []
    for item in client.pages(path, status="flagged"):
        reasons = item.get("generation_metadata", {}).get("reasons", [])
        flagged.append({"item": item["id"], "name": item["source_data"].get("name"), "reasons": reasons})
    changed = []
    for item_id, version in clean if options.approve_clean else []:
        try:
            client.patch(f"{path}/{item_id}", {"status": "approved"}, version=version)
        except ApiError as error:  # somebody has edited, decided or deleted it since: it is not what was judged clean
            if error.status not in (404, 409, 412):
                raise
            changed.append(item_id)
    approved = len(clean) - len(changed) if options.approve_clean else 0
    return show({"clean": len(clean), "approved": approved, "changed": changed, "flagged": flagged})


def export(options: Any) -> int:
    client = signed_in()
    path = f"projects/{options.project}"
    sources = client.get(f"{path}/sources")["sources"]
    files = {source["id"]: source["name"] for source in sources if source["type"] == "file"}
    to_stdout = str(options.output) == "-"
    wanted = "" if to_stdout else ending(options.output.name)
    chosen = options.source
    if not chosen and len(files) == len(sources) == 1 and wanted in ("", *map(ending, files.values())):
        (chosen,) = files
    if chosen and chosen not in files:
        say(f"The project has no file {chosen}.")
        return REFUSED
    given = ending(files[chosen]) if chosen else ".csv"
    if wanted not in ("", given):
        say(f"That would be a {given} file, which can't be named {options.output.name}.")
        return USAGE
    if not chosen:
        say("This is one CSV with the approved texts of all sources. Texts that are in the shop already are left out.")
        for source_id, name in files.items():
            say(f"For {name} with its texts, add: --source {source_id}")
    path += f"/sources/{chosen}/export" if chosen else "/export"
    written = client.download(path, sys.stdout.buffer if to_stdout else options.output)
    if written.warnings:
        say(written.warnings)
    if to_stdout:
        sys.stdout.buffer.flush()
        return 0
    return show({"file": str(options.output), "bytes": written, "warnings": written.warnings})


def verify(options: Any) -> int:
    found = signed_in().post("provenance/verify", {"url": options.url})
    for text in found["page"]:
        for change in text["changes"]:
            say(f"{text['field']}: we wrote “{change['ours']}”, the page says “{change['page']}”")
        if text["state"] == "missing":
            say(f"{text['field']}: the page does not show it")
    for text in found["shop"]:
        if text["state"] != "same":
            say(f"{text['field']}: the shop keeps another text than we left there")
    show(found)
    return 0 if found["matches"] else FAILED


def listen(options: Any) -> int:
    client = signed_in()
    secret = secret_of(options) if options.forward_to or options.secret else ""
    after = options.after
    shown = bool(after or options.all)
    lost = 0
    while True:
        found = client.get("events", after=after or None, limit=100)
        for event in found["events"]:
            after = event["id"]
            if shown:
                show(event)
                if options.forward_to and not forward(event, options.forward_to, secret=secret, say=say):
                    lost += 1
        if found["has_more"]:
            continue
        if options.once:
            return FAILED if lost else 0
        shown = True  # what was there before is behind us
        time.sleep(LISTEN_SECONDS)


def trigger(options: Any) -> int:
    document = signed_in().get("schema-3.1", format="json")
    event = example(document, options.type)
    taken = forward(event, options.forward_to, secret=secret_of(options), say=say, waits=())
    show(event)
    return 0 if taken else FAILED


# --- what they share


def secret_of(options: Any) -> str:
    """What webhooks are signed with: the given secret, else a new one, which is told. Raises SignatureError for what is
    no secret."""
    if options.secret:
        check_secret(options.secret)
        return str(options.secret)
    secret = new_secret()
    say(f"Webhooks of this session are signed with {secret}")
    return secret


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


def ending(name: str) -> str:
    """The ending of a file's name, `.csv` for all that is text with separators, or ""."""
    found = Path(name).suffix.lower()
    return ".csv" if found in (".txt", ".tsv", ".tab") else found


def setting(text: str) -> tuple[str, Any]:
    name, there, value = text.partition("=")
    if not there:
        raise ValueError(f"Write --set NAME=VALUE, not {text}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    sys.exit(main())

"""The plugin that docs/guides/plugin.md prints, run as it stands there in a real WordPress, against the running stack."""

from __future__ import annotations

import re
import subprocess
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts import api_keys
from billing import corrections
from billing.models import Wallet
from projects.models import ContentItem, PluginGeneration
from scribe.models import Job
from tests import factories
from tests.fakes.openai import OpenAI
from tests.live import Live, wait
from tests.real_wordpress.site import RealWordPress, missing

LACKING = missing()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(LACKING), reason=f"no real WordPress here: {LACKING}"),
]
TEXT = (settings.BASE_DIR / "docs/guides/plugin.md").read_text()
PLUGIN, WOOCOMMERCE = re.findall(r"```php\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def openai() -> Any:
    with OpenAI() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(openai: Any, django_db_setup: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        live = Live(OPENAI_BASE_URL=openai.url + "/v1", OPENAI_API_KEY="sk-test", DEFAULT_AI_PROVIDER="openai")
        live.start()
        connection.close()
    yield live
    live.stop()


@pytest.fixture(scope="module")
def wordpress() -> Any:
    with RealWordPress() as site:
        yield site


class Shop:
    """A WordPress with the printed plugin and a key of an organization."""

    def __init__(self, wordpress: RealWordPress, live: Live) -> None:
        self.wordpress = wordpress
        self.owner = factories.make_user()
        _, raw = api_keys.create(organization=self.owner.organization, by=self.owner, name="Blog")
        wordpress.add_plugin(
            "0-settings.php", f"<?php define('XC_SCRIBE_URL', '{live.url}'); define('XC_SCRIBE_KEY', '{raw}');"
        )
        wordpress.add_plugin("xc-scribe.php", PLUGIN)

    def post(self, title: str, content: str = "A sock.") -> int:
        code = f"echo wp_insert_post(wp_slash(['post_title' => '{title}', 'post_content' => '{content}', 'post_status' => 'publish']));"
        return int(self.wordpress.run_php(code))

    def write(self, post: int, attributes: str = "['Material' => 'wool', 'Color' => 'grey']", again: int = 0) -> str:
        return self.wordpress.run_php(f"echo xc_scribe_write({post}, {attributes}, {again});")

    def field(self, post: int, name: str) -> str:
        return self.wordpress.run_php(f"echo get_post({post})->{name};")


@pytest.fixture
def shop(live: Live, openai: Any, wordpress: RealWordPress) -> Any:
    openai.default = "ok"
    openai.seen.clear()
    yield Shop(wordpress, live)
    wait(lambda: not Job.objects.filter(settled_at=None).exists(), seconds=90)


def test_a_post_is_written_and_stays_published(shop: Shop) -> None:
    post = shop.post("Wool Socks")
    assert shop.write(post) == "Written."
    text = shop.field(post, "post_content")
    assert "wool" in text.lower()
    assert text == ContentItem.objects.get().generated_content["description"]
    assert shop.field(post, "post_status") == "publish"


def test_a_text_that_says_too_much_waits_while_visitors_go_on_to_see_the_old_one(shop: Shop, openai: Any) -> None:
    openai.default = "lying"
    post = shop.post("Grey Socks", r"<p>C:\\temp, 5 < 6</p>")
    before = shop.field(post, "post_content")
    told = shop.write(post)
    assert told.startswith("Please check before publishing: ")
    assert "25" in told
    assert shop.field(post, "post_status") == "publish"
    assert shop.field(post, "post_content") == before
    assert shop.wordpress.run_php(f"echo xc_scribe_approve({post});") == "Written."
    assert "25" in shop.field(post, "post_content")
    assert shop.field(post, "post_status") == "publish"
    assert shop.wordpress.run_php(f"echo xc_scribe_approve({post});") == "No text waits for a review."


def test_the_key_changes_with_what_is_sent_and_an_empty_balance_is_not_kept(shop: Shop) -> None:
    organization, staff = shop.owner.organization, factories.make_user(is_super_admin=True)
    all_of_it = Wallet.objects.get(organization=organization).subscription_balance
    corrections.adjust(organization=organization, amount=-all_of_it, balance_type="subscription", by=staff)
    call = "$s = new XcScribe(XC_SCRIBE_URL, XC_SCRIBE_KEY, 'wordpress'); "
    ask = "try { echo $s->describe(%s)['generation_id']; } catch (XcScribeError $e) { echo xc_scribe_explain($e); }"
    plain = "['product_title' => 'Čarape < 3', 'product_attributes' => []]"
    assert shop.wordpress.run_php(call + ask % plain).startswith("Please top up: ")
    corrections.topup(organization=organization, amount=Decimal(50), by=staff)
    first = shop.wordpress.run_php(call + ask % plain)
    assert shop.wordpress.run_php(call + ask % plain) == first
    german = "['product_title' => 'Čarape < 3', 'product_attributes' => [], 'language' => 'de']"
    others = {shop.wordpress.run_php(call + ask % german), shop.wordpress.run_php(call + ask % (plain + ", 1"))}
    assert len(others | {first}) == 3
    assert PluginGeneration.objects.filter(organization=organization).count() == 3
    assert ContentItem.objects.order_by("id").first().source_data["name"].startswith("Čarape")  # type: ignore[union-attr]


def test_plain_text_is_escaped_and_html_is_kept(shop: Shop) -> None:
    code = "echo XcScribe::html(['content' => %s, 'content_format' => '%s'], 'content');"
    plain = shop.wordpress.run_php(code % ("'Für Kinder < 3 Jahre & mehr'", "text"))
    assert plain == "Für Kinder &lt; 3 Jahre &amp; mehr"
    kept = shop.wordpress.run_php(code % ("'<p>5 &lt; 6</p><script>1</script>'", "html"))
    assert kept.startswith("<p>5 &lt; 6</p>")
    assert "<script" not in kept


def test_a_wrong_key_and_a_dead_server_are_told_in_words(shop: Shop) -> None:
    ask = "try { (new XcScribe(%s, 'xcs_wrong', 'wordpress'))->status(); } catch (XcScribeError $e) { echo xc_scribe_explain($e); }"
    assert shop.wordpress.run_php(ask % "XC_SCRIBE_URL") == "Please enter a new API key."
    assert "connect" in shop.wordpress.run_php(ask % "'http://127.0.0.1:9'").lower()


def test_the_woocommerce_lines_are_php() -> None:
    done = subprocess.run(["php", "-l"], input=f"<?php\n{WOOCOMMERCE}", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
